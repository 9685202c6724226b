import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Parallel chains of layers on the same input, with outputs concatenated along the last axis, the channels.
///
/// ```swift
/// Concatenate([
///   [],                                                                   // the input itself
///   [Conv2D(8, window: 1)],
///   [Conv2D(4, window: 1), Relu(), Conv2D(8, window: 3, padding: .same)],
/// ])
/// ```
///
/// Shapes: outputs […, channelsᵢ] that agree in all axes but the last; result […, Σ channelsᵢ]. Parameters are named by
/// branch, position and label: `"2.0.conv2d.weight"`. (Szegedy and others: Going deeper with convolutions, 2015; Huang,
/// Liu, van der Maaten and Weinberger: Densely connected convolutional networks, 2017.)
public struct Concatenate: Layer, Registrable {
  public static let name = "concatenate"
  public static let card = Card(
    "Parallel chains of layers, with outputs concatenated along the channels.", formula: "y = [f₁(x), …, fₙ(x)]",
    references: [
      "Szegedy et al.: Going deeper with convolutions (2015), arXiv:1409.4842",
      "Huang, Liu, van der Maaten, Weinberger: Densely connected convolutional networks (2017), arXiv:1608.06993",
    ])

  /// The chains; an empty one passes the input through.
  @Field(
    .layer, "Chains of layers; an empty chain passes the input through", .nonEmpty,
    example: [[], [ActivationLayer(Tanh())]])
  public private(set) var branches: [[any Layer]]
  /// The runnable chains.
  private var chains: [Sequential]?

  public init() {}

  /// Traps if there is no chain.
  public init(_ branches: [[any Layer]], file: StaticString = #fileID, line: UInt = #line) {
    self.branches = branches
    chains = branches.map(Sequential.init)
    self = required(file: file, line: line)
  }

  public func product() -> any Layer { Concatenate(branches) }

  /// Declares the branches, whose outputs must agree in all axes but the last.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let outputs = try branches.enumerated().map { place, branch in
      try builder.declare(Sequential(branch), as: "\(place)", input: input)
    }
    var result = outputs[0]
    guard result.rank > 0, outputs.allSatisfy({ $0.dropLast().elementsEqual(result.dropLast()) }) else {
      let shapes = outputs.map { "\($0)" }.listed(atMost: 10)
      throw LayerError(
        path: builder.path,
        "its branches give \(shapes), but must agree in all axes except the last, the channels")
    }
    result[-1] = outputs.reduce(0) { $0 + $1[-1] }
    return result
  }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    var outputs: [Variable] = []
    for (place, branch) in (chains ?? branches.map(Sequential.init)).enumerated() {
      outputs.append(branch(input, parameters[child: place], &context))
    }
    return outputs.count == 1 ? outputs[0] : Variable.concatenate(outputs, axis: -1)
  }
}
