import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// An activation as a layer of its own: `{"name": "activation", "function": "relu"}`, or just `"relu"`.
///
/// Right after a layer that can compute it in its own pass, ``Sequential`` fuses both.
public struct ActivationLayer: Layer, Registrable {
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// The function.
    public var function: Specification = "relu"

    /// A rectifier.
    public init() {}
  }

  /// `"activation"`.
  public static let name = "activation"
  /// The function has no default.
  public static let required: Set<String> = ["function"]
  /// What is worth knowing.
  public static let card = Card(
    "An activation as a layer of its own.", formula: "y = f(x)", fields: ["function": "The activation f."])

  let function: any Activation
  /// The function's registered name where it has one.
  public let label: String

  /// Makes the function.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    self.init(try registries.make(.activation, configuration.function))
  }

  /// A function.
  public init(_ function: any Activation) {
    self.function = function
    label = (type(of: function) as? any Registrable.Type)?.name ?? Self.name
  }

  /// The input's shape.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank > 0 else { throw LayerError(path: builder.path, "it takes inputs of at least one axis") }
    return input
  }

  /// The function.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    function(input)
  }

  /// The function, where others can fuse it.
  public var fusedActivation: FusedActivation? { function.fused }
}

/// A registered activation under its own name among the layers.
struct NamedActivationLayer<Function: Activation & Registrable>: Registrable {
  static var kind: Kind<any Layer> { .layer }
  static var name: String { Function.name }
  static var aliases: [String] { Function.aliases }
  static var defaults: Function.Configuration { Function.defaults }
  static var required: Set<String> { Function.required }
  static var card: Card { Function.card }

  let layer: ActivationLayer

  init(_ configuration: Function.Configuration, in registries: Registries) throws {
    layer = ActivationLayer(try Function(configuration, in: registries))
  }

  func product() -> any Layer { layer }
}
