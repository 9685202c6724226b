import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry

/// The loss of the model's reconstructions of its inputs, from the inputs themselves or from corrupted ones. Gradients
/// by automatic differentiation.
///
/// ```
/// J(θ) = 1/n · Σ loss(f(x̃ᵢ; θ), xᵢ) + Σ penalty(θⱼ)
/// ```
///
/// Here x̃ is the corrupted input in training, and the input itself in evaluation. f encodes and decodes with a
/// `ReconstructingLayer`; of any other network it is the output, which must have as many elements as the input. Needs
/// no targets: the metrics compare the loss's predictions with the inputs, both [batch, elements]. (Vincent,
/// Larochelle, Bengio and Manzagol: Extracting and composing robust features with denoising autoencoders, 2008.)
public struct Reconstruction: DifferentiatedObjective, Registrable {
  public static let name = "reconstruction"
  public static let card = Card(
    "The mean loss of the model's reconstructions against its inputs, optionally corrupted first.",
    formula: "J(θ) = 1/n · Σ loss(f(x̃ᵢ; θ), xᵢ) + Σ penalty(θⱼ),  x̃ = corruption(x)",
    references: [
      "Vincent, Larochelle, Bengio, Manzagol: Extracting and composing robust features with denoising autoencoders (2008)"
    ])

  @Field(.loss, "Loss of a reconstruction") var loss: any Loss = SigmoidCrossEntropy(reduction: .sum)
  @Field(.layer, "Parameterless layer that corrupts the inputs in training") var corruption: (any Layer)?

  public init() {}

  /// Minimizes a loss of reconstructions; without `corruption`, inputs stay as they are.
  public init(_ loss: any Loss, corruption: (any Layer)? = nil) {
    self.loss = loss
    self.corruption = corruption
  }

  public var offers: Set<Evaluation.Capability> { Set(Evaluation.Capability.allCases) }

  public var targetKind: TargetKind? { nil }

  /// Throws `LossError` if the outputs already went through the loss's function.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws { try loss.checkActivation(of: part) }

  /// The loss of the inputs' means.
  public func constantLoss(_ part: Model, on rows: DataSet) -> Double? {
    loss.constantLoss(for: rows.inputs, outputs: part.inputShape)
  }

  public func predictions(_ part: Model, of inputs: Tensor) throws -> Tensor? { nil }

  /// Encodes and decodes. Throws ``ModelError`` if the output or the corrupted input differs in size from the input.
  public func losses(
    _ model: Model, _ variables: [Variable], _ batch: Batch, _ context: inout Context
  ) throws -> BatchLosses {
    let shape: Shape = [batch.count, model.inputShape.elementCount]
    let input = try corrupted(batch.inputs, model, context)
    let code = try model.checkedForward(Variable(input), variables, &context)
    var output = model.decode(code, variables, &context) ?? code
    guard output.shape.elementCount == shape.elementCount else {
      throw ModelError(
        "a reconstruction needs as many elements as the input, \(shape[1]), but the model's output is "
          + "\(model.outputShape)")
    }
    if output.rank != 2 { output = output.reshaped(to: shape) }
    let targets = batch.inputs.reshaped(to: shape)
    let (loss, reconstruction) = (loss, output.value)
    return BatchLosses(
      try loss(output, Variable(targets)), predictions: loss.predictions(reconstruction), targets: targets,
      parts: (output, loss, targets))
  }

  /// The inputs, corrupted in training.
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
        "the layer '\(corruption.label)' cannot corrupt inputs \(model.inputShape): use one without parameters "
          + "whose outputs have the inputs' shape, such as 'masking-noise'")
    }
    var context = Context(.training, random: context.random["corruption"], progress: context.progress)
    return try noise.checkedForward(Variable(inputs), [], &context).value
  }
}
