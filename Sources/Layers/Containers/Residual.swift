import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Layers that learn what to add to their input: y = f(x) + s(x), f the layers one after another, s the input itself or
/// the layers of a shortcut.
///
/// ```swift
/// Residual {
///   Conv2D(16, window: 3, padding: .same)
///   BatchNorm()
///   Relu()
///   Conv2D(16, window: 3, padding: .same)
///   BatchNorm()
/// } shortcut: {
///   Conv2D(16, window: 1)                       // where the number of channels changes
/// }
/// Relu()
/// ```
///
/// Parameters are named `"layers.0.conv2d.weight"` and `"shortcut.0.conv2d.weight"`. (He, Zhang, Ren and Sun: Deep
/// residual learning for image recognition, 2015.)
public struct Residual: Layer, Registrable {
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// f: the layers in order.
    public var layers: [Specification] = ["tanh"]
    /// s: the layers in order; none for the input itself.
    public var shortcut: [Specification] = []

    /// One layer, as an example, and the input itself.
    public init() {}
  }

  /// `"residual"`.
  public static let name = "residual"
  /// The layers have no default.
  public static let required: Set<String> = ["layers"]
  /// What is worth knowing.
  public static let card = Card(
    "Layers that learn what to add to their input.", formula: "y = f(x) + s(x)",
    fields: [
      "layers": "The layers of f in order: names, or objects with a name; at least one.",
      "shortcut": "The layers of s in order; none for the input itself, which f(x) then has the shape of.",
    ],
    references: ["He, Zhang, Ren, Sun: Deep residual learning for image recognition (2015), arXiv:1512.03385"])

  /// f.
  public let layers: Sequential
  /// s; without layers the input itself.
  public let shortcut: Sequential

  /// Makes the layers.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    layers = try Sequential(from: Check.nonEmpty(configuration.layers, "layers"), in: registries, at: "layers")
    shortcut = try Sequential(from: configuration.shortcut, in: registries, at: "shortcut")
  }

  /// Layers, and those of the shortcut, written down; the input itself unless given.
  public init(@LayerBuilder _ layers: () -> [any Layer], @LayerBuilder shortcut: () -> [any Layer] = { [] }) {
    self.layers = Sequential(layers())
    self.shortcut = Sequential(shortcut())
  }

  /// Declares both; they have to give the same shape.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let output = try builder.declare(layers, as: "layers", input: input)
    let other = shortcut.layers.isEmpty ? input : try builder.declare(shortcut, as: "shortcut", input: input)
    guard output == other else {
      throw LayerError(
        path: builder.path,
        "its layers give \(output), and its shortcut \(other), which cannot be added; "
          + "put a layer into 'shortcut' that gives \(output)")
    }
    return output
  }

  /// The sum.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let output = layers(input, parameters[child: 0], &context)
    return output + (shortcut.layers.isEmpty ? input : shortcut(input, parameters[child: 1], &context))
  }
}
