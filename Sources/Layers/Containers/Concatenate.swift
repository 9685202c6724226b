import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Parallel chains of layers on the same input, with outputs concatenated along the last axis, the channels. In a
/// ``Graph``, concatenates the outputs of several nodes.
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
public struct Concatenate: CombiningLayer, Registrable {
  public static let name = "concatenate"
  public static let card = Card(
    "Parallel chains of layers, with outputs concatenated along the channels.", formula: "y = [f₁(x), …, fₙ(x)]",
    references: [
      "Szegedy et al.: Going deeper with convolutions (2015), arXiv:1409.4842",
      "Huang, Liu, van der Maaten, Weinberger: Densely connected convolutional networks (2017), arXiv:1608.06993",
    ])

  /// The chains; an empty one passes the input through.
  @Field(
    .layer,
    "Chains of layers; an empty chain passes the input through; none to concatenate nodes of a graph")
  public private(set) var branches: [[any Layer]] = []
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

  public var combines: ClosedRange<Int> { branches.isEmpty ? 2...64 : 1...1 }

  /// Declares the branches. Their outputs, or the inputs, must agree in all axes but the last.
  public func declare(in builder: inout ParameterBuilder, inputs: [Shape]) throws -> Shape {
    let input = inputs[0]
    let outputs =
      branches.isEmpty
      ? inputs
      : try builder.declareBranches(branches.enumerated().map { ("\($0)", Sequential($1)) }, input: input)
    var result = outputs[0]
    guard result.rank > 0, outputs.allSatisfy({ $0.dropLast().elementsEqual(result.dropLast()) }) else {
      let shapes = outputs.map { "\($0)" }.listed(atMost: 10)
      throw LayerError(
        path: builder.path,
        "\(branches.isEmpty ? "its inputs are" : "its branches give") \(shapes); they must agree in all axes except the last, the channels"
      )
    }
    result[-1] = outputs.reduce(0) { $0 + $1[-1] }
    return result
  }

  /// Building the model checks the layers inside.
  public var allowsPadding: Bool { true }

  /// True if all layers inside are causal.
  public var isCausal: Bool { branches.joined().allSatisfy(\.isCausal) }

  public func callAsFunction(_ inputs: [LayerInput], _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard !branches.isEmpty else { return Variable.concatenate(inputs.map(\.values), axis: -1) }
    let input = inputs[0].values
    var outputs: [Variable] = []
    let lengths = context.lengths
    for (place, branch) in (chains ?? branches.map(Sequential.init)).enumerated() {
      context.lengths = lengths
      outputs.append(branch(input, parameters[child: place], &context))
    }
    return outputs.count == 1 ? outputs[0] : Variable.concatenate(outputs, axis: -1)
  }
}
