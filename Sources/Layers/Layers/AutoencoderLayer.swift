import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// One autoencoder of a stack: as a layer it encodes, h = f(x·W + c); on its way back it decodes, z = g(h·Wᵀ + b).
///
/// Shapes: input [in] (or anything, flattened), `weight` [in, units], `hidden-bias` c [units], `visible-bias` b [in];
/// without tied weights `decoder-weight` [units, in] in place of Wᵀ; output [units].
/// (Vincent, Larochelle, Lajoie, Bengio and Manzagol: Stacked denoising autoencoders, 2010.)
public struct AutoencoderLayer: ReconstructingLayer, Registrable {
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// How many hidden units.
    public var units = 1
    /// f.
    public var activation: Specification = "sigmoid"
    /// g.
    public var outputActivation: Specification = "identity"
    /// Decodes by the transposed weight.
    public var tied = true
    /// W at the beginning, and the decoder's own weight.
    public var weightInitializer: Specification = "glorot-uniform"

    /// One sigmoid unit, and the defaults.
    public init() {}
  }

  /// `"autoencoder"`.
  public static let name = "autoencoder"
  /// The number of units has no default.
  public static let required: Set<String> = ["units"]
  /// What is worth knowing.
  public static let card = Card(
    "One autoencoder of a stack: a dense layer that can also go back to its inputs.",
    formula: "h = f(x·W + c);  back: z = g(h·Wᵀ + b)",
    fields: [
      "units": "How many hidden units, at least 1.",
      "activation": "The function f of the hidden units.",
      "outputActivation": "The function g of the way back; the identity for losses that take logits.",
      "tied": "Goes back by the transposed weight; otherwise by a weight of its own.",
      "weightInitializer": "Draws the initial weights W [in, units], and the decoder's own [units, in].",
    ],
    references: [
      "Vincent, Larochelle, Lajoie, Bengio, Manzagol: Stacked denoising autoencoders (2010), JMLR 11:3371-3408"
    ])

  let units: Int
  let activation: any Activation
  let outputActivation: any Activation
  let isTied: Bool
  let weightInitializer: any Initializer

  /// Checks the configuration and makes what it names.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    units = try Check.positive(configuration.units, "units")
    activation = try registries.make(.activation, configuration.activation)
    outputActivation = try registries.make(.activation, configuration.outputActivation)
    isTied = configuration.tied
    weightInitializer = try registries.make(.initializer, configuration.weightInitializer)
  }

  /// A layer of `units` sigmoid units with tied weights unless given.
  public init(
    _ units: Int, activation: any Activation = Sigmoid(), outputActivation: any Activation = Identity(),
    tied: Bool = true, weightInitializer: any Initializer = GlorotUniform(), file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(units > 0, "an autoencoder of \(units) units", file, line)
    self.units = units
    self.activation = activation
    self.outputActivation = outputActivation
    isTied = tied
    self.weightInitializer = weightInitializer
  }

  /// W, c and b, and the decoder's own weight unless it is tied.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let inputs = input.elementCount
    try builder.parameter("weight", shape: [inputs, units], initializer: weightInitializer)
    try builder.parameter("hidden-bias", shape: [units], initializer: Zeros())
    if !isTied { try builder.parameter("decoder-weight", shape: [units, inputs], initializer: weightInitializer) }
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
      affine: code, weight: parameters[isTied ? "weight" : "decoder-weight"], bias: parameters["visible-bias"],
      transposingWeight: isTied)
  }
}
