/// Something found by name: an optimizer, a layer, a data set, a model.
///
/// It is its own configuration (see ``Configurable``): a conforming type declares its name, its card and its fields.
/// Its kind and product come from its protocol's module:
///
/// ```swift
/// public struct Momentum: Optimizer, Registrable {
///   public static let name = "momentum"
///   public static let card = Card(
///     "Gradient descent along a running mean of the gradient.", formula: "m ← β·m + g;  θ ← θ − η·m",
///     references: ["Polyak: Some methods of speeding up the convergence of iteration methods (1964)"])
///
///   @Field(.schedule, "Step size η", .positive) var learningRate: any Schedule = 0.01
///   @Field("Decay β of the mean", .in(0..<1)) var beta = 0.9
///
///   public init() {}
///   …
/// }
/// ```
///
/// Register it from any package with `try registries.register(Momentum.self)`.
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
/// Creating a value must be cheap and free of side effects: the command line creates values only to validate them.
/// Costly work (reading files, allocating weights) comes later.
public protocol Registrable: Configurable {
  /// The type of the product, such as `any Optimizer`. Follows from `kind`.
  associatedtype Product

  /// The kind, provided by the module that declares it.
  static var kind: Kind<Product> { get }
  /// The name: groups of lowercase letters and digits joined by hyphens, such as `logistic-regression`. Never changes,
  /// since files contain it.
  static var name: String { get }
  /// Alternative names; none by default.
  static var aliases: [String] { get }
  /// The documentation.
  static var card: Card { get }

  /// The product of the registries, provided by the module that declares the kind.
  func product() throws -> Product
}

extension Registrable {
  public static var aliases: [String] { [] }
}

extension Registrable where Product == Self {
  public func product() -> Self { self }
}
