import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Layers one after another: from a list made at run time, or written down.
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
/// A layer's parameters are named by its place and label: `"0.conv2d.weight"`. An activation that follows a layer which
/// can compute it in its own pass is fused with it; names do not change by that.
public struct Sequential: Layer, Registrable {
  public static let name = "sequential"
  public static let card = Card("Layers one after another.", formula: "y = fₙ(… f₂(f₁(x)))")

  /// The layers in order, as given.
  @Field(.layer, "Layers in order: names, or objects with a name", .nonEmpty, example: [Flatten()])
  public private(set) var layers: [any Layer]
  /// What runs: the fused layers with their places; a place of an activation that was fused is left out. nil in a value
  /// that was just read, of which ``product()`` makes one that runs.
  private var plan: [(place: Int, layer: any Layer)]?

  public init() {}

  /// Layers from a list.
  public init(_ layers: [any Layer]) {
    self.layers = layers
    plan = Self.plan(layers)
  }

  /// The chain, ready to run.
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

  /// Layers written down, with `if` and `for` where wanted.
  public init(@LayerBuilder _ layers: () -> [any Layer]) { self.init(layers()) }

  /// The name of the layer at a place: `"2.dense"`. Traps where there is none.
  public func name(of place: Int, file: StaticString = #fileID, line: UInt = #line) -> String {
    require(layers.indices.contains(place), "the layer \(place) of \(layers.count)", file, line)
    return Sequential.name(of: layers[place].label, at: place)
  }

  /// The name of a layer of some label at a place: `"2.dense"`.
  public static func name(of label: String, at place: Int) -> String { "\(place).\(label)" }

  /// Declares each layer for the output of the one before it.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    var shape = input
    for (place, layer) in layers.enumerated() { shape = try builder.declare(layer, as: name(of: place), input: shape) }
    return shape
  }

  /// The layers in order.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    var value = input
    for (place, layer) in plan ?? Self.plan(layers) { value = layer(value, parameters[child: place], &context) }
    return value
  }

  /// The layers of some places only. Traps where there are no such places.
  public subscript(places: Range<Int>, file file: StaticString = #fileID, line line: UInt = #line) -> Sequential {
    require(
      places.lowerBound >= 0 && places.upperBound <= layers.count, "the layers \(places) of \(layers.count)", file, line
    )
    return Sequential(Array(layers[places]))
  }
}
