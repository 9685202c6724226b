import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry

/// Minimizes another objective subject to the parameters' constraints by a penalty or an augmented Lagrangian, instead
/// of projecting the parameters after each step.
///
/// C is the set that the constraint allows, P the projection onto it, w the parameter and y its multiplier:
///
/// ```
/// minimize f(w) subject to w ∈ C
/// L(w) = f(w) + ρ/2·‖d‖² − ‖y‖²/(2ρ),   d = w + y/ρ − P(w + y/ρ)
/// y ← ρ·d                               every `updateEvery` epochs; y stays 0 in the penalty method
/// ```
///
/// The penalty method's solution violates the constraint by about 1/ρ, and a large ρ makes the problem ill-conditioned.
/// The augmented Lagrangian converges to the solution for any sufficiently large ρ. Two measures of the training rows
/// show the distance from it: `violation`, the largest |w − P(w)|, and `kkt`, the largest residual of the
/// Karush–Kuhn–Tucker conditions, ∇f + ρ·d = 0 and w = P(w + y/ρ). The stopping rule `reached` stops at a small `kkt`.
/// Constrained parameters are those whose layer has a `weightConstraint`. (Nocedal and Wright: Numerical optimization,
/// 2006, chapter 17; Rockafellar, 1973.)
///
/// State: `multiplier.NAME`, y of each constrained parameter.
public struct Constrained: GradientObjective, Registrable {
  /// A way to enforce constraints.
  public enum Method: String, CaseIterable, FieldValue, Sendable {
    /// A quadratic penalty of the violation.
    case penalty
    /// A quadratic penalty and a multiplier.
    case augmentedLagrangian = "augmented-lagrangian"
  }

  public static let name = "constrained"
  public static let card = Card(
    "Minimizes another objective under the parameters' constraints, by a penalty or an augmented Lagrangian.",
    formula: "L(w) = f(w) + ρ/2·‖d‖² − ‖y‖²/(2ρ),  d = w + y/ρ − P(w + y/ρ);  y ← ρ·d",
    references: [
      "Nocedal, Wright: Numerical optimization (2006), chapter 17",
      "Rockafellar: The multiplier method of Hestenes and Powell applied to convex programming (1973)",
    ])

  @Field(.objective, "Objective f to minimize; it must have gradients") public private(set)
    var objective: any Objective = Supervised()
  @Field("penalty: only the quadratic term; augmented-lagrangian: with multipliers") var method = Method
    .augmentedLagrangian
  @Field(.schedule, "Weight ρ of violations: a number or a schedule", .positive) var weight: any Schedule = 10.0
  @Field("Epochs between two updates of the multipliers", .positive) var updateEvery = 10

  public init() {}

  /// A constrained objective. Traps unless numbers are positive.
  public init(
    _ objective: any GradientObjective, method: Method = .augmentedLagrangian, weight: any Schedule = 10.0,
    updateEvery: Int = 10, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.objective = objective
    self.method = method
    self.weight = weight
    self.updateEvery = updateEvery
    self = required(file: file, line: line)
  }

  /// Throws `ConfigurationError` unless the objective has gradients.
  public func validate() throws {
    guard objective is any GradientObjective, !(objective is Constrained) else {
      throw ConfigurationError(
        .invalid("it needs an objective with gradients, such as 'supervised'"), at: "objective")
    }
  }

  private var inner: any GradientObjective {
    guard let inner = objective as? any GradientObjective else { trap("the objective has no gradients") }
    return inner
  }

  public var offers: Set<Evaluation.Capability> { inner.offers.intersection([.loss, .otherPoints, .layout]) }
  public var enforcesConstraints: Bool { true }
  public var measures: [String] { inner.measures + ["violation", "kkt"] }
  public var predictsProbabilities: Bool { inner.predictsProbabilities }
  public var carriesState: Bool { inner.carriesState }
  public var targetKind: TargetKind? { inner.targetKind }

  public func predictions(_ part: Model, of inputs: Tensor) throws -> Tensor? {
    try inner.predictions(part, of: inputs)
  }

  public func constantLoss(_ part: Model, on rows: DataSet) throws -> Double? {
    try inner.constantLoss(part, on: rows)
  }

  /// Throws ``ModelError`` if the stage trains no parameter with a constraint.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws {
    try inner.check(stage, part, data)
    let store = part.parameters
    guard try stage.trained(of: part).indices.contains(where: { store.entries[$0].constraint != nil }) else {
      throw ModelError(
        "the objective '\(Self.name)' needs a trained parameter with a constraint; give a layer a weightConstraint, such as "
          + "'max-norm'")
    }
  }

  /// Throws ``ModelError`` for an impossible epoch.
  public func check(_ memory: ObjectiveState, _ part: Model) throws {
    if let epoch = memory.tensors[Self.updated]?.item(), !(0...Double(Int32.max)).contains(epoch) {
      throw ModelError("the multipliers' last update is in epoch \(epoch), which is impossible")
    }
    try inner.check(memory, part)
  }

  public func assess(_ model: Model, _ batch: Batch, _ context: Context) throws -> Assessment {
    var state = ObjectiveState()
    return try assess(model, batch, context, &state)
  }

  /// Evaluates the inner objective, and measures the violation.
  public func assess(
    _ model: Model, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> Assessment {
    var found = try inner.assess(model, batch, context, &state)
    let store = model.parameters
    found.measures["violation"] =
      model.parameterIndices.map { index in
        let (entry, value) = (store.entries[index], store.value(of: store.entries[index]))
        return entry.constraint.map { (value - $0(value)).largest } ?? 0
      }.max() ?? 0
    return found
  }

  /// The value and gradient of L.
  public func step(
    _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveStep {
    let rho = weight.value(at: context.progress)
    var found = try inner.step(model, trained, batch, context, &state)
    let updates = isUpdateDue(at: context.progress, &state)
    var (violation, distance, start) = (0.0, 0.0, 0)
    let pieces = trained.indices.map { index -> Tensor in
      let entry = model.parameters.entries[index]
      let gradient = found.gradient.flatView(from: start, shape: entry.shape)
      start += entry.elementCount
      guard let constraint = entry.constraint else { return gradient }
      let (value, key) = (model.parameters.value(of: entry), Self.prefix + entry.name)
      let zeros = Tensor.zeros(entry.shape, dtype: model.dtype)
      var y = state.tensors[key] ?? zeros
      if updates { y = (y + value * rho) - constraint(value + y / rho) * rho }
      if method == .augmentedLagrangian { state.tensors[key] = y }
      let shifted = value + y / rho
      let nearest = constraint(shifted)
      let offset = shifted - nearest
      found.value += rho / 2 * offset.square().sum().item() - y.square().sum().item() / (2 * rho)
      violation = max(violation, (value - constraint(value)).largest)
      distance = max(distance, (value - nearest).largest)
      return gradient + offset * rho
    }
    found.gradient = trained.joined(pieces, model.dtype)
    found.assessment.measures["violation"] = violation
    found.assessment.measures["kkt"] = max(distance, found.gradient.largest)
    return found
  }

  private static let prefix = "multiplier."
  private static let updated = "updated"

  /// Whether the multipliers are updated before this step: once, at the beginning of every few epochs.
  private func isUpdateDue(at progress: TrainingProgress, _ state: inout ObjectiveState) -> Bool {
    guard method == .augmentedLagrangian else { return false }
    let last = Int(state.tensors[Self.updated]?.item() ?? 0)
    let isDue = progress.epoch >= last + updateEvery
    state.tensors[Self.updated] = Tensor(isDue ? progress.epoch : last)
    return isDue
  }
}

extension Objective {
  /// The objective inside `constrained`, or the objective itself.
  package var underlying: any Objective { (self as? Constrained)?.objective ?? self }
}

extension Tensor {
  /// The largest absolute value; 0 if there are no elements.
  fileprivate var largest: Double { elementCount == 0 ? 0 : abs().max().item() }
}
