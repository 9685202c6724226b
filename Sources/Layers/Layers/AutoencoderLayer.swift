import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// One autoencoder of a stack: its forward pass encodes, and ``ReconstructingLayer/decode(_:_:_:)`` decodes.
///
///     h = f(x·W + c),   z = g(h·Wᵀ + b)
///
/// Shapes: input [in] (or any shape, flattened), `weight` [in, units], `hidden-bias` c [units], `visible-bias` b [in];
/// without tied weights, `decoder-weight` [units, in] instead of Wᵀ; output [units]. (Vincent, Larochelle, Lajoie,
/// Bengio and Manzagol: Stacked denoising autoencoders, 2010.)
public struct AutoencoderLayer: ReconstructingLayer, Registrable {
  public static let name = "autoencoder"
  public static let card = Card(
    "One autoencoder of a stack: a dense layer that can also reconstruct its inputs.",
    formula: "h = f(x·W + c);  decoder: z = g(h·Wᵀ + b)",
    references: [
      "Vincent, Larochelle, Lajoie, Bengio, Manzagol: Stacked denoising autoencoders (2010), JMLR 11:3371-3408"
    ])

  @Field("Number of hidden units", .positive, example: 8) var units: Int
  @Field(.activation, "Activation f of the hidden units") var activation: any Activation = Sigmoid()
  @Field(.activation, "Activation g of the decoder; identity for losses on logits")
  var outputActivation: any Activation = Identity()
  @Field("Decodes with the transposed weight instead of a separate one") var tied = true
  @Field(.initializer, "Initializer of the weights W [in, units], and of separate decoder weights [units, in]")
  var weightInitializer: any Initializer = GlorotUniform()

  public init() {}

  /// The defaults are sigmoid units and tied weights.
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

  /// Declares W, c and b, and the decoder's weight if it is not tied.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let inputs = input.elementCount
    try builder.parameter("weight", shape: [inputs, units], initializer: weightInitializer)
    try builder.parameter("hidden-bias", shape: [units], initializer: Zeros())
    if !tied { try builder.parameter("decoder-weight", shape: [units, inputs], initializer: weightInitializer) }
    try builder.parameter("visible-bias", shape: [inputs], initializer: Zeros())
    return [units]
  }

  /// The codes, in one pass if the activation can be fused.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    activation(
      affine: input.flattenedRows(), weight: parameters["weight"], bias: parameters["hidden-bias"])
  }

  /// The reconstruction, in one pass if the activation can be fused.
  public func decode(_ code: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    outputActivation(
      affine: code, weight: parameters[tied ? "weight" : "decoder-weight"], bias: parameters["visible-bias"],
      transposingWeight: tied)
  }
}
