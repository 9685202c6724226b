import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers

/// The mean of a batch's losses plus the parameters' penalties, with gradients by automatic differentiation. A
/// conforming type only computes the losses.
///
/// ```
/// J(θ) = 1/n · Σ lossᵢ(θ) + Σ penalty(θⱼ)
/// ```
///
/// The objective also includes penalties added by layers, such as ``/AviaryLayers/ActivityPenalty``. It offers
/// everything that an optimizer may need, Gauss–Newton products only if its losses have parts. Gauss–Newton products
/// and the curvature omit the penalties added by layers.
public protocol DifferentiatedObjective: GradientObjective {
  /// The loss of each row, as a function of the parameters.
  ///
  /// - Parameters:
  ///   - model: the network.
  ///   - variables: one variable per entry of the model's store.
  ///   - batch: the examples.
  ///   - context: mode, randomness and progress; collects new values of state.
  /// - Returns: the losses, and the inputs of the metrics.
  /// - Throws: if outputs and targets do not fit.
  func losses(
    _ model: Model, _ variables: [Variable], _ batch: Batch, _ context: inout Context
  ) throws -> BatchLosses
}

/// The losses of a batch, and the inputs of the metrics.
public struct BatchLosses {
  /// The loss of each row: [batch].
  public var losses: Variable
  /// The predictions, computed on demand.
  let predictions: @Sendable () -> Tensor?
  /// The targets of the predictions: labels [batch] or values.
  let targets: Tensor?
  /// The number of consecutive losses that belong to each row, if steps have losses of their own.
  let steps: [Int]?
  /// Further means over the rows, by the names in ``Objective/measures``.
  let measures: [String: Double]
  /// The model's outputs, the loss and its target, if the losses consist of these.
  let parts: (outputs: Variable, loss: any Loss, target: Tensor)?

  /// Losses, with predictions and their targets if there are any.
  ///
  /// - Parameters:
  ///   - losses: the loss of each row, [batch].
  ///   - predictions: computed on demand.
  ///   - targets: the targets of the predictions.
  ///   - steps: the number of consecutive losses that belong to each row; nil for one per row.
  ///   - measures: further means over the rows, by name.
  ///   - parts: the model's outputs, the loss and its target, from which the losses are made. An objective that gives
  ///     them and offers `gaussNewtonProducts` can be trained by Gauss–Newton.
  public init(
    _ losses: Variable, predictions: @escaping @autoclosure @Sendable () -> Tensor? = nil, targets: Tensor? = nil,
    steps: [Int]? = nil, measures: [String: Double] = [:],
    parts: (outputs: Variable, loss: any Loss, target: Tensor)? = nil
  ) {
    self.losses = losses
    self.predictions = predictions
    self.targets = targets
    self.steps = steps
    self.measures = measures
    self.parts = parts
  }

  var mean: Double { losses.value.sum().item() / Double(losses.shape.elementCount) }

  var assessment: Assessment {
    let predictions = predictions
    return Assessment(
      loss: mean, count: losses.shape.elementCount, predictions: predictions(), targets: targets, steps: steps,
      measures: measures)
  }
}

extension DifferentiatedObjective {
  /// Second derivatives and evaluation at any point. Gauss–Newton products need ``BatchLosses`` with parts, so an
  /// objective that gives them offers those itself.
  public var offers: Set<Evaluation.Capability> {
    Set(Evaluation.Capability.allCases).subtracting([.gaussNewtonProducts])
  }

  public func step(
    _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveStep {
    var context = context
    if carriesState {
      // An epoch begins with the first row.
      let isFirst = context.progress.step.isMultiple(of: max(context.progress.stepsPerEpoch, 1))
      context.carried = CarriedState()
      if !isFirst { context.carried?.tensors = state.tensors }
    }
    let variables = model.parameters.variables(trained)
    let found = try losses(model, variables, batch, &context)
    if let carried = context.carried { state.tensors = carried.tensors }
    // The derivative of the mean with respect to each row's loss. Starting the backward pass here skips the mean's
    // operations.
    let rows = found.losses.shape
    let share = Tensor(repeating: 1 / Double(rows.elementCount), shape: [], dtype: found.losses.dtype)
    let targets = trained.indices.map { variables[$0] }
    // A penalty added by a layer counts once: every row has it, and the loss is the mean over rows.
    let losses = context.penalties.reduce(found.losses) { $0 + $1 }
    var gradients = try losses.gradients(
      withRespectTo: targets, cotangent: Variable(share.broadcast(to: rows))
    ).map(\.value)
    let assessment = found.assessment
    let value =
      assessment.loss + context.penalties.reduce(0) { $0 + $1.value.item() }
      + (try trained.penalize(&gradients, model.parameters))
    return ObjectiveStep(
      value: value, gradient: trained.joined(gradients, model.dtype), assessment: assessment,
      stateUpdates: context.stateUpdates)
  }

  /// The derivative of ⟨∇J, v⟩.
  public func hessianVectorProduct(
    _ vector: Tensor, _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context
  ) throws -> Tensor {
    var context = context
    let variables = model.parameters.variables(trained)
    let own = try losses(model, variables, batch, &context).losses.mean()
    let mean = context.penalties.reduce(own) { $0 + $1 }
    let targets = trained.indices.map { variables[$0] }
    let value = trained.indices.reduce(mean) { sum, index in
      model.parameters.entries[index].regularizer.map { sum + $0(variables[index]) } ?? sum
    }
    let gradients = try value.gradients(withRespectTo: targets, recording: true)
    let flat = Variable.concatenate(gradients.map { $0.flattened() })
    let products = try (flat * Variable(vector)).sum().gradients(withRespectTo: targets)
    return trained.joined(products.map(\.value), model.dtype)
  }

  public func assess(_ model: Model, _ batch: Batch, _ context: Context) throws -> Assessment {
    var state = ObjectiveState()
    return try assess(model, batch, context, &state)
  }

  /// The losses and predictions, continuing from the previous batch if state is carried.
  public func assess(
    _ model: Model, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> Assessment {
    var context = context
    if carriesState {
      context.carried = CarriedState()
      context.carried?.tensors = state.tensors
    }
    let found = try losses(model, model.parameters.variables { _ in false }, batch, &context)
    if let carried = context.carried { state.tensors = carried.tensors }
    return found.assessment
  }
}
