import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// One autoencoder of a stack: as a layer it encodes, h = f(x·W + c); on its way back it decodes, z = g(h·Wᵀ + b).
///
/// Shapes: input [in] (or anything, flattened), `weight` [in, units], `hidden-bias` c [units], `visible-bias` b [in];
/// without tied weights `decoder-weight` [units, in] in place of Wᵀ; output [units].
/// (Vincent, Larochelle, Lajoie, Bengio and Manzagol: Stacked denoising autoencoders, 2010.)
public struct AutoencoderLayer: ReconstructingLayer, Registrable {
  public static let name = "autoencoder"
  public static let card = Card(
    "One autoencoder of a stack: a dense layer that can also go back to its inputs.",
    formula: "h = f(x·W + c);  back: z = g(h·Wᵀ + b)",
    references: [
      "Vincent, Larochelle, Lajoie, Bengio, Manzagol: Stacked denoising autoencoders (2010), JMLR 11:3371-3408"
    ])

  @Field("Number of hidden units", .positive, example: 8) var units: Int
  @Field(.activation, "Function f of the hidden units") var activation: any Activation = Sigmoid()
  @Field(.activation, "Function g of the way back; the identity for losses that take logits")
  var outputActivation: any Activation = Identity()
  @Field("Goes back by the transposed weight; otherwise by a weight of its own") var tied = true
  @Field(.initializer, "Draws the initial weights W [in, units], and the decoder's own [units, in]")
  var weightInitializer: any Initializer = GlorotUniform()

  public init() {}

  /// A layer of `units` sigmoid units with tied weights unless given.
  public init(
    _ units: Int, activation: any Activation = Sigmoid(), outputActivation: any Activation = Identity(),
    tied: Bool = true, weightInitializer: any Initializer = GlorotUniform(), file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.units = units
    self.activation = activation
    self.outputActivation = outputActivation
    self.tied = tied
    self.weightInitializer = weightInitializer
    self = required(file: file, line: line)
  }

  /// W, c and b, and the decoder's own weight unless it is tied.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let inputs = input.elementCount
    try builder.parameter("weight", shape: [inputs, units], initializer: weightInitializer)
    try builder.parameter("hidden-bias", shape: [units], initializer: Zeros())
    if !tied { try builder.parameter("decoder-weight", shape: [units, inputs], initializer: weightInitializer) }
    try builder.parameter("visible-bias", shape: [inputs], initializer: Zeros())
    return [units]
  }

  /// The codes, in one pass where the activation can be fused.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    activation(
      affine: input.flattenedRows(), weight: parameters["weight"], bias: parameters["hidden-bias"])
  }

  /// The way back, in one pass where the activation can be fused.
  public func decode(_ code: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    outputActivation(
      affine: code, weight: parameters[tied ? "weight" : "decoder-weight"], bias: parameters["visible-bias"],
      transposingWeight: tied)
  }
}
