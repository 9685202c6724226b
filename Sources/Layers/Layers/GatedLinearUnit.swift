import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Gates one half of the channels with the other: y = a · f(b), where a is the first half of the last axis and b the
/// second.
///
/// With the sigmoid (the default) it is GLU, with `gelu` GEGLU, with `silu` SwiGLU, with `relu` ReGLU, and with
/// `identity` the bilinear unit. A preceding dense layer or convolution of twice the width computes a and b: x·W + b
/// and x·V + c.
///
/// Shapes: input [..., 2·channels], output [..., channels]. (Dauphin, Fan, Auli and Grangier: Language modeling with
/// gated convolutional networks, 2017; Shazeer: GLU variants improve transformer, 2020.)
public struct GatedLinearUnit: Layer, Registrable {
  public static let name = "glu"
  public static let aliases = ["gated-linear-unit"]
  public static let card = Card(
    "Gates one half of the channels with the other: GLU, GEGLU, SwiGLU, ReGLU.",
    formula: "y = a · f(b),  a and b the two halves of x",
    references: [
      "Dauphin, Fan, Auli, Grangier: Language modeling with gated convolutional networks (2017), arXiv:1612.08083",
      "Shazeer: GLU variants improve transformer (2020), arXiv:2002.05202",
    ])

  @Field(.activation, "Activation f of the gate: gelu for GEGLU, silu for SwiGLU, relu for ReGLU")
  var gate: any Activation = Sigmoid()

  public init() {}

  public init(gate: any Activation = Sigmoid()) { self.gate = gate }

  /// Halves the channels. Throws ``LayerError`` if their number is odd.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank > 0, input[-1].isMultiple(of: 2) else {
      throw LayerError(
        path: builder.path,
        "it needs an even number of channels, half of them gates, but its input is \(input); give the preceding layer "
          + "twice as many units")
    }
    var output = input
    output[-1] /= 2
    return output
  }

  /// Steps are independent.
  public var allowsPadding: Bool { true }

  /// Steps are independent.
  public var isCausal: Bool { true }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let half = input.shape[-1] / 2
    return input.slice(axis: -1, 0..<half) * gate(input.slice(axis: -1, half..<2 * half))
  }
}
