import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// The negative variational bound of a row's log-likelihood: the reconstruction loss of a drawn code, plus the
/// divergence of the code's distribution from N(0, 1).
///
///     −ELBO(x) = E[−log p(x | z)] + β·KL(q(z | x) ‖ N(0, 1)),   z ~ q(z | x)
///
/// One draw estimates the expectation, also in evaluation. The model is a chain with a `gaussian-code` layer. (Kingma
/// and Welling, 2014; Higgins and others, 2017, for β.)
public struct VariationalBound: DifferentiatedObjective, Registrable {
  public static let name = "variational-bound"
  public static let card = Card(
    "The negative variational bound of the log-likelihood of inputs, for chains with a gaussian-code layer.",
    formula: "J(θ) = 1/n · Σ (loss(f(zᵢ), xᵢ) + β·KL(N(μᵢ, σᵢ²) ‖ N(0, 1))) + Σ penalty(θⱼ)",
    references: [
      "Kingma, Welling: Auto-encoding variational Bayes (2014), arXiv:1312.6114",
      "Higgins et al.: beta-VAE (2017)",
    ])

  @Field(.loss, "Loss of a reconstruction, −log p(x | z)") var loss: any Loss = SigmoidCrossEntropy(reduction: .sum)
  @Field(.schedule, "Weight β of the divergence, a number or a schedule", .nonNegative) var beta: any Schedule = 1.0

  public init() {}

  /// The bound for a loss. Traps if `beta` is negative.
  public init(_ loss: any Loss, beta: any Schedule = 1.0, file: StaticString = #fileID, line: UInt = #line) {
    self.loss = loss
    self.beta = beta
    self = required(file: file, line: line)
  }

  public var targetKind: TargetKind? { nil }

  public var measures: [String] { ["divergence"] }

  /// No predictions: there are no targets.
  public func predictions(_ part: Model, of inputs: Tensor) throws -> Tensor? { nil }

  /// Throws `ModelError` if the model has no code to draw, `LossError` if outputs already went through the loss's
  /// function.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws {
    _ = try place(in: part)
    try loss.checkActivation(of: part)
  }

  /// The position of the code layer in the chain.
  private func place(in model: Model) throws -> Int {
    guard let chain = model.layer as? Sequential, let place = chain.layers.firstIndex(where: { $0 is GaussianCode })
    else {
      throw ModelError(
        "the objective '\(Self.name)' needs a chain of layers with a 'gaussian-code', such as the model 'variational-autoencoder'"
      )
    }
    return place
  }

  public func losses(
    _ model: Model, _ variables: [Variable], _ batch: Batch, _ context: inout Context
  ) throws -> BatchLosses {
    let place = try place(in: model)
    let count = (model.layer as? Sequential)?.layers.count ?? 0
    let statistics = try model.layers(0..<place).checkedForward(Variable(batch.inputs), variables, &context)
    let layer = GaussianCode()
    let code = layer.draw(statistics, context.random["code"])
    let output = try model.layers((place + 1)..<count).checkedForward(code, variables, &context)
    let shape: Shape = [batch.count, model.inputShape.elementCount]
    guard output.shape.elementCount == shape.elementCount else {
      throw ModelError(
        "a reconstruction needs as many elements as the input, \(shape[1]), but the model's output is \(model.outputShape)"
      )
    }
    let (rows, targets) = (output.reshaped(to: shape), batch.inputs.reshaped(to: shape))
    let divergence = layer.divergence(statistics)
    let losses = try loss(rows, Variable(targets)) + divergence * beta.value(at: context.progress)
    let (loss, reconstruction) = (loss, rows.value)
    return BatchLosses(
      losses, predictions: loss.predictions(reconstruction), targets: targets,
      measures: ["divergence": divergence.value.mean().item()])
  }
}
