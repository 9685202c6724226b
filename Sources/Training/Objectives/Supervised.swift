import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry

/// The mean loss of the model's outputs against the targets, plus the parameters' penalties; gradients by automatic
/// differentiation.
public struct Supervised: Objective, Registrable {
  /// The objective's configuration.
  public struct Configuration: ConfigurationFields {
    /// How wrong an output is.
    public var loss: Specification = "softmax-cross-entropy"

    /// The softmax cross-entropy.
    public init() {}
  }

  /// `"supervised"`.
  public static let name = "supervised"
  /// What is worth knowing.
  public static let card = Card(
    "The mean loss of the outputs against the targets, plus the parameters' penalties.",
    formula: "J(θ) = 1/n · Σ loss(f(xᵢ; θ), tᵢ) + Σ penalty(θⱼ)", fields: ["loss": "How wrong an output is."])

  let loss: any Loss

  /// Makes the loss.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    loss = try registries.make(.loss, configuration.loss)
  }

  /// The objective of a loss.
  public init(_ loss: any Loss) { self.loss = loss }

  /// Everything: derivatives of derivatives, and any point.
  public var offers: Set<Evaluation.Capability> { Set(Evaluation.Capability.allCases) }

  /// One forward and one backward pass.
  public func step(
    _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveStep {
    var context = context
    let pass = try forward(model, trained, batch, &context)
    let gradients = try pass.value.gradients(withRespectTo: trained.indices.map { pass.variables[$0] })
    let (loss, output) = (loss, pass.output.value)
    let assessment = Assessment(
      loss: pass.loss.value.item(), count: batch.count, predictions: loss.predictions(output), targets: batch.targets)
    return ObjectiveStep(
      value: pass.value.value.item(), gradient: trained.joined(gradients.map(\.value), model.dtype),
      assessment: assessment, stateUpdates: context.stateUpdates)
  }

  /// By the derivative of ⟨∇J, v⟩.
  public func hessianVectorProduct(
    _ vector: Tensor, _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context
  ) throws -> Tensor {
    var context = context
    let pass = try forward(model, trained, batch, &context)
    let targets = trained.indices.map { pass.variables[$0] }
    let gradients = try pass.value.gradients(withRespectTo: targets, recording: true)
    let flat = Variable.concatenate(gradients.map { $0.flattened() })
    let products = try (flat * Variable(vector)).sum().gradients(withRespectTo: targets)
    return trained.joined(products.map(\.value), model.dtype)
  }

  /// The loss and predictions in inference.
  public func assess(_ model: Model, _ batch: Batch) throws -> Assessment {
    let output = model(batch.inputs)
    let value = try loss(Variable(output), Variable(try target(of: batch, model))).mean().value.item()
    return Assessment(
      loss: value, count: batch.count, predictions: loss.predictions(output), targets: batch.targets)
  }

  private struct Pass {
    var variables: [Variable]
    var output: Variable
    var loss: Variable
    var value: Variable
  }

  private func forward(
    _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: inout Context
  ) throws -> Pass {
    let variables = model.parameters.variables(trained)
    let output = model.forward(Variable(batch.inputs), variables, &context)
    let mean = try loss(output, Variable(try target(of: batch, model))).mean()
    var value = mean
    for index in trained.indices {
      if let regularizer = model.parameters.entries[index].regularizer { value = value + regularizer(variables[index]) }
    }
    return Pass(variables: variables, output: output, loss: mean, value: value)
  }

  /// Labels as they are, values in the model's dtype.
  private func target(of batch: Batch, _ model: Model) throws -> Tensor {
    guard let targets = batch.targets else {
      throw LossError("the data set has no targets, and a supervised objective needs them")
    }
    return targets.dtype.isFloatingPoint ? targets.cast(to: model.dtype) : targets
  }
}

extension ParameterStore {
  /// All values as variables: tracked those that are trained, constants the rest.
  public func variables(_ trained: TrainedParameters) -> [Variable] {
    entries.indices.map { index in
      let value = value(of: entries[index])
      return trained.contains(index) ? Variable(tracking: value) : Variable(value)
    }
  }
}
