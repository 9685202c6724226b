import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry

/// How wrong the model's reconstructions of its inputs are, from the inputs themselves or from corrupted ones;
/// gradients by automatic differentiation.
///
/// J(θ) = 1/n · Σ loss(f(x̃ᵢ; θ), xᵢ) + Σ penalty(θⱼ), where x̃ is the corrupted input while training, and the input
/// itself when the model is measured. f is a `ReconstructingLayer`'s way to the codes and back; of any other network it
/// is the output, which has to have as many elements as the input. Needs no targets: the metrics compare the loss's
/// predictions with the inputs, both [batch, elements]. (Vincent, Larochelle, Bengio and Manzagol: Extracting and
/// composing robust features with denoising autoencoders, 2008.)
public struct Reconstruction: DifferentiatedObjective, Registrable {
  public static let name = "reconstruction"
  public static let card = Card(
    "The mean loss of the model's reconstructions against its inputs, which may be corrupted first.",
    formula: "J(θ) = 1/n · Σ loss(f(x̃ᵢ; θ), xᵢ) + Σ penalty(θⱼ),  x̃ = corruption(x)",
    references: [
      "Vincent, Larochelle, Bengio, Manzagol: Extracting and composing robust features with denoising autoencoders (2008)"
    ])

  @Field(.loss, "How wrong a reconstruction is") var loss: any Loss = SigmoidCrossEntropy(reduction: .sum)
  @Field(.layer, "Layer without parameters that corrupts the inputs while training") var corruption: (any Layer)?

  public init() {}

  /// The objective of a loss; nothing is corrupted unless given.
  public init(_ loss: any Loss, corruption: (any Layer)? = nil) {
    self.loss = loss
    self.corruption = corruption
  }

  /// It needs none.
  public var targetKind: TargetKind? { nil }

  /// Throws `LossError` where the outputs have gone through the loss's function already.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws { try loss.checkActivation(of: part) }

  /// That of the inputs' means.
  public func constantLoss(_ part: Model, on rows: DataSet) -> Double? {
    loss.constantLoss(for: rows.inputs, outputs: part.inputShape)
  }

  /// There and back. Throws ``ModelError`` where the output or the corrupted input has not the input's size.
  public func losses(
    _ model: Model, _ variables: [Variable], _ batch: Batch, _ context: inout Context
  ) throws -> BatchLosses {
    let shape: Shape = [batch.count, model.inputShape.elementCount]
    let input = try corrupted(batch.inputs, model, context)
    let code = model.forward(Variable(input), variables, &context)
    var output = model.decode(code, variables, &context) ?? code
    guard output.shape.elementCount == shape.elementCount else {
      throw ModelError(
        "a reconstruction has as many elements as the input, \(shape[1]), and the model's output is "
          + "\(model.outputShape)")
    }
    if output.rank != 2 { output = output.reshaped(to: shape) }
    let targets = batch.inputs.reshaped(to: shape)
    let (loss, reconstruction) = (loss, output.value)
    return BatchLosses(
      try loss(output, Variable(targets)), predictions: loss.predictions(reconstruction), targets: targets)
  }

  /// The inputs as the model sees them: corrupted while training.
  private func corrupted(_ inputs: Tensor, _ model: Model, _ context: Context) throws -> Tensor {
    guard let corruption, context.isTraining else { return inputs }
    let noise: Model
    do {
      noise = try Model(corruption, input: model.inputShape, dtype: model.dtype, seed: 0)
    } catch let error as LayerError {
      throw LayerError(path: error.path.isEmpty ? corruption.label : error.path, "\(error.problem) (as corruption)")
    }
    guard noise.parameters.entries.isEmpty, noise.outputShape == model.inputShape else {
      throw ModelError(
        "the layer '\(corruption.label)' cannot corrupt inputs \(model.inputShape): it takes one without parameters "
          + "whose outputs have the inputs' shape, such as 'masking-noise'")
    }
    var context = Context(.training, random: context.random["corruption"], progress: context.progress)
    return noise.forward(Variable(inputs), [], &context).value
  }
}
