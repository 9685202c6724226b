/// Something that is found by name: an optimizer, a layer, a data set, a model.
///
/// A conformer gives its name, its configuration, its card and an initializer. Its kind and product come from the
/// protocol of its module:
///
///     public struct Adam: Optimizer, Registrable {
///       public struct Configuration: ConfigurationFields {
///         public var beta1 = 0.9
///         public var preconditioner: Specification = "diagonal"
///         public init() {}
///       }
///
///       public static let name = "adam"
///       public static let card = Card(
///         "Gradient descent with step sizes from running means of gradient and squared gradient.",
///         formula: "θ ← θ − η·m̂ / (√v̂ + ε)",
///         fields: ["beta1": "Decay of the first moment, in [0, 1).", "preconditioner": "What scales the step."],
///         references: ["Kingma, Ba: Adam (2015), arXiv:1412.6980"])
///
///       public init(_ configuration: Configuration, in registries: Registries) throws {
///         beta1 = try Check.value(configuration.beta1, in: 0..<1, "beta1")
///         preconditioner = try registries.make(.preconditioner, configuration.preconditioner)
///       }
///     }
///
/// and is registered by `try registries.register(Adam.self)`, from whatever package.
///
/// A module that declares a kind writes this beside its protocol:
///
///     public protocol Optimizer: Sendable { … }
///
///     extension Kind where Product == any Optimizer {
///       public static var optimizer: Self { Kind("optimizer") }
///     }
///     extension Registrable where Self: Optimizer {
///       public static var kind: Kind<any Optimizer> { .optimizer }
///       public func product() -> any Optimizer { self }
///     }
///
/// Where the registered type is not itself what the registries hand out, `kind` names the other type and `product()`
/// makes it.
///
/// Creating one from its configuration must be cheap and without effect on the outside: `check` and the command line
/// create things only to see whether they could. Costly work (reading files, allocating weights) comes later.
public protocol Registrable: Sendable {
  /// What the registries hand out: `any Optimizer`, say. Follows from `kind`.
  associatedtype Product
  /// The configuration: plain data. Conform it to `ConfigurationFields` for defaults without further ado.
  associatedtype Configuration: Codable & Equatable & Sendable = EmptyConfiguration

  /// The kind, provided by the module that declares it.
  static var kind: Kind<Product> { get }
  /// The name: lower-case letters and digits in groups joined by hyphens, `logistic-regression`. Never changes, since
  /// files hold it.
  static var name: String { get }
  /// Other names that mean the same; none by default.
  static var aliases: [String] { get }
  /// The configuration that holds where a document is silent.
  static var defaults: Configuration { get }
  /// Fields that a document has to give although `defaults` holds a value, which then serves as example: the units of
  /// a dense layer. None by default.
  static var required: Set<String> { get }
  /// What is worth knowing about it.
  static var card: Card { get }

  /// Creates it, after checking the configuration's values (see `Check`) and making nested specifications.
  init(_ configuration: Configuration, in registries: Registries) throws

  /// What the registries hand out, provided by the module that declares the kind.
  func product() throws -> Product
}

extension Registrable {
  /// No other names.
  public static var aliases: [String] { [] }
  /// Nothing has to be given.
  public static var required: Set<String> { [] }
}

extension Registrable where Configuration: ConfigurationFields {
  /// The configuration that nothing was said about.
  public static var defaults: Configuration { Configuration() }
}

extension Registrable where Product == Self {
  /// The thing itself.
  public func product() -> Self { self }
}
