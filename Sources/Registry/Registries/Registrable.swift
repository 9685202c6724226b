/// Something that is found by name: an optimizer, a layer, a data set, a model.
///
/// It is its own configuration (see ``Configurable``): a conformer gives its name, its card and its fields. Its kind and
/// product come from the protocol of its module:
///
/// ```swift
/// public struct Momentum: Optimizer, Registrable {
///   public static let name = "momentum"
///   public static let card = Card(
///     "Gradient descent along a running mean of the gradient.", formula: "m ← β·m + g;  θ ← θ − η·m",
///     references: ["Polyak: Some methods of speeding up the convergence of iteration methods (1964)"])
///
///   @Field(.schedule, "Step size η", .positive) var learningRate: any Schedule = 0.01
///   @Field("Share β of the old mean that is kept", .in(0..<1)) var beta = 0.9
///
///   public init() {}
///   …
/// }
/// ```
///
/// and is registered by `try registries.register(Momentum.self)`, from whatever package.
///
/// A module that declares a kind writes this beside its protocol:
///
/// ```swift
/// extension Kind where Product == any Optimizer {
///   public static var optimizer: Self { Kind("optimizer") }
/// }
/// extension Registrable where Self: Optimizer {
///   public static var kind: Kind<any Optimizer> { .optimizer }
///   public func product() -> any Optimizer { self }
/// }
/// ```
///
/// Creating one must be cheap and without effect on the outside: the command line creates things only to see whether it
/// could. Costly work (reading files, allocating weights) comes later.
public protocol Registrable: Configurable {
  /// What the registries hand out: `any Optimizer`, say. Follows from `kind`.
  associatedtype Product

  /// The kind, provided by the module that declares it.
  static var kind: Kind<Product> { get }
  /// The name: lower-case letters and digits in groups joined by hyphens, `logistic-regression`. Never changes, since
  /// files hold it.
  static var name: String { get }
  /// Other names that mean the same; none by default.
  static var aliases: [String] { get }
  /// What it is, for people.
  static var card: Card { get }

  /// What the registries hand out, provided by the module that declares the kind.
  func product() throws -> Product
}

extension Registrable {
  /// No other names.
  public static var aliases: [String] { [] }
}

extension Registrable where Product == Self {
  /// The thing itself.
  public func product() -> Self { self }
}
