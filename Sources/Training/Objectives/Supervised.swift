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
    // The derivative of the mean by each row's loss: the way back begins here, without the operations of the mean.
    let share = Tensor(repeating: 1 / Double(pass.losses.shape.elementCount), shape: [], dtype: pass.losses.dtype)
    let targets = trained.indices.map { pass.variables[$0] }
    var gradients = try pass.losses.gradients(
      withRespectTo: targets, cotangent: Variable(share.broadcast(to: pass.losses.shape))
    ).map(\.value)
    let mean = Supervised.mean(pass.losses.value)
    var value = mean
    for penalty in pass.penalties {
      value += penalty.value.value.item()
      guard penalty.value.isTracked else { continue }
      let place = penalty.place
      let gradient = try penalty.value.gradients(withRespectTo: [targets[place]])[0].value
      gradients[place] = gradients[place] + gradient
    }
    let (loss, output) = (loss, pass.output.value)
    return ObjectiveStep(
      value: value, gradient: trained.joined(gradients, model.dtype),
      assessment: Assessment(
        loss: mean, count: batch.count, predictions: loss.predictions(output), targets: batch.targets),
      stateUpdates: context.stateUpdates)
  }

  /// By the derivative of ⟨∇J, v⟩.
  public func hessianVectorProduct(
    _ vector: Tensor, _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context
  ) throws -> Tensor {
    var context = context
    let pass = try forward(model, trained, batch, &context)
    let targets = trained.indices.map { pass.variables[$0] }
    let value = pass.penalties.reduce(pass.losses.mean()) { $0 + $1.value }
    let gradients = try value.gradients(withRespectTo: targets, recording: true)
    let flat = Variable.concatenate(gradients.map { $0.flattened() })
    let products = try (flat * Variable(vector)).sum().gradients(withRespectTo: targets)
    return trained.joined(products.map(\.value), model.dtype)
  }

  /// The loss and predictions.
  public func assess(_ model: Model, _ batch: Batch, _ context: Context) throws -> Assessment {
    var context = context
    let variables = model.parameters.variables { _ in false }
    let (loss, output) = (loss, model.forward(Variable(batch.inputs), variables, &context).value)
    let losses = try loss(Variable(output), Variable(try target(of: batch, model))).value
    return Assessment(
      loss: Supervised.mean(losses), count: batch.count, predictions: loss.predictions(output), targets: batch.targets)
  }

  private static func mean(_ losses: Tensor) -> Double { losses.sum().item() / Double(losses.elementCount) }

  private struct Pass {
    var variables: [Variable]
    var output: Variable
    /// [batch].
    var losses: Variable
    /// What parameters add to the mean loss, with their places among the trained ones.
    var penalties: [(place: Int, value: Variable)] = []
  }

  private func forward(
    _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: inout Context
  ) throws -> Pass {
    let variables = model.parameters.variables(trained)
    let output = model.forward(Variable(batch.inputs), variables, &context)
    var pass = Pass(
      variables: variables, output: output, losses: try loss(output, Variable(try target(of: batch, model))))
    for (place, index) in trained.indices.enumerated() {
      guard let regularizer = model.parameters.entries[index].regularizer else { continue }
      pass.penalties.append((place, regularizer(variables[index])))
    }
    return pass
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
