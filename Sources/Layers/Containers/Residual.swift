import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Layers whose output is added to their input: y = f(x) + s(x), where f is the chain of layers and s the identity or
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
///   Conv2D(16, window: 1)                       // if the number of channels changes
/// }
/// Relu()
/// ```
///
/// Parameters are named `"layers.0.conv2d.weight"` and `"shortcut.0.conv2d.weight"`. (He, Zhang, Ren and Sun: Deep
/// residual learning for image recognition, 2015.)
public struct Residual: Layer, Registrable {
  public static let name = "residual"
  public static let card = Card(
    "Layers whose output is added to their input.", formula: "y = f(x) + s(x)",
    references: ["He, Zhang, Ren, Sun: Deep residual learning for image recognition (2015), arXiv:1512.03385"])

  @Field(.layer, "Layers of f in order: names, or objects with a name", .nonEmpty, example: [ActivationLayer(Tanh())])
  public private(set) var layers: [any Layer]
  @Field(.layer, "Layers of the shortcut s in order; none for the identity, for which f must preserve the shape")
  public private(set) var shortcut: [any Layer] = []
  /// The runnable chains.
  private var chains: (layers: Sequential, shortcut: Sequential)?

  public init() {}

  /// Layers and shortcut; the default shortcut is the identity.
  public init(@LayerBuilder _ layers: () -> [any Layer], @LayerBuilder shortcut: () -> [any Layer] = { [] }) {
    self.init(layers(), shortcut: shortcut())
  }

  init(_ layers: [any Layer], shortcut: [any Layer]) {
    self.layers = layers
    self.shortcut = shortcut
    chains = (Sequential(layers), Sequential(shortcut))
  }

  public func product() -> any Layer { Residual(layers, shortcut: shortcut) }

  /// Declares both; they must give the same shape.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    var branches = [("layers", Sequential(layers))]
    if !shortcut.isEmpty { branches.append(("shortcut", Sequential(shortcut))) }
    let outputs = try builder.declareBranches(branches, input: input)
    let (output, other) = (outputs[0], shortcut.isEmpty ? input : outputs[1])
    guard output == other else {
      throw LayerError(
        path: builder.path,
        "its layers give \(output), but its shortcut \(other), which cannot be added; "
          + "add a layer to 'shortcut' that gives \(output)")
    }
    return output
  }

  /// Building the model checks the layers inside.
  public var allowsPadding: Bool { true }

  /// True if all layers inside are causal.
  public var isCausal: Bool { (layers + shortcut).allSatisfy(\.isCausal) }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let (layers, shortcut) = chains ?? (Sequential(layers), Sequential(shortcut))
    let lengths = context.lengths
    let output = layers(input, parameters[child: 0], &context)
    context.lengths = lengths
    return output + (shortcut.layers.isEmpty ? input : shortcut(input, parameters[child: 1], &context))
  }
}
