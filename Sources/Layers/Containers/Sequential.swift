import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A chain of layers, from a list made at run time or from a result builder.
///
/// ```swift
/// let network = Sequential {
///   Conv2D(4, window: 5, padding: .same, activation: Relu())
///   MaxPool2D(2)
///   Flatten()
///   Dense(5)
/// }
/// ```
///
/// A layer's parameters are named by position and label: `"0.conv2d.weight"`. An activation after a layer that can
/// compute it in its own pass is fused with that layer; names stay the same.
public struct Sequential: Layer, Registrable {
  public static let name = "sequential"
  public static let card = Card("A chain of layers.", formula: "y = fₙ(… f₂(f₁(x)))")

  /// The layers in order, before fusion.
  @Field(.layer, "Layers in order: names, or objects with a name", .nonEmpty, example: [Flatten()])
  public private(set) var layers: [any Layer]
  /// The fused layers to run, with their positions; positions of fused activations are left out. nil in a value that
  /// was just decoded, from which ``product()`` makes a runnable one.
  private var plan: [(place: Int, layer: any Layer)]?

  public init() {}

  public init(_ layers: [any Layer]) {
    self.layers = layers
    plan = Self.plan(layers)
  }

  public func product() -> any Layer { Sequential(layers) }

  private static func plan(_ layers: [any Layer]) -> [(place: Int, layer: any Layer)] {
    var plan: [(place: Int, layer: any Layer)] = []
    for (place, layer) in layers.enumerated() {
      if let activation = layer.fusedActivation, let last = plan.last, last.place == place - 1,
        let fused = last.layer.fused(with: activation)
      {
        plan[plan.count - 1].layer = fused
      } else {
        plan.append((place, layer))
      }
    }
    return plan
  }

  /// Layers from a result builder, with `if` and `for`.
  public init(@LayerBuilder _ layers: () -> [any Layer]) { self.init(layers()) }

  /// The name of the layer at a position: `"2.dense"`. Traps if there is none.
  public func name(of place: Int, file: StaticString = #fileID, line: UInt = #line) -> String {
    require(layers.indices.contains(place), "there is no layer \(place); the chain has \(layers.count)", file, line)
    return Sequential.name(of: layers[place].label, at: place)
  }

  /// The name of a layer with the given label and position: `"2.dense"`.
  public static func name(of label: String, at place: Int) -> String { "\(place).\(label)" }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    var shape = input
    for (place, layer) in layers.enumerated() { shape = try builder.declare(layer, as: name(of: place), input: shape) }
    return shape
  }

  /// Building the model checks the layers inside.
  public var allowsPadding: Bool { true }

  /// True if all layers inside are causal.
  public var isCausal: Bool { layers.allSatisfy(\.isCausal) }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    var value = input
    for (place, layer) in plan ?? Self.plan(layers) { value = layer(value, parameters[child: place], &context) }
    return value
  }

  /// The layers at some positions. Traps if there are no such positions.
  public subscript(places: Range<Int>, file file: StaticString = #fileID, line line: UInt = #line) -> Sequential {
    require(
      places.lowerBound >= 0 && places.upperBound <= layers.count,
      "there are no layers \(places); the chain has \(layers.count)", file, line
    )
    return Sequential(Array(layers[places]))
  }
}
