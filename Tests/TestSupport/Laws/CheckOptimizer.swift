import AviaryCore
import AviaryOptimizers
import AviaryRegistry

/// Checks the laws of every optimizer. Returns one sentence per violation; empty if all hold.
///
///     @Test(arguments: registries.entries(of: .optimizer)) func keepsTheLaws(_ entry: Entry) {
///       #expect(checkOptimizer(Specification(entry.name), in: registries) == [])
///     }
///
/// 1. It lowers the loss of a convex quadratic, and every step counts one step.
/// 2. Its state is complete: a twin made from the same specification that continues from a copy of state and
///    parameters, rebuilt from plain numbers, gives the same bits, and leaves the originals unchanged.
/// 3. It does not change the gradient, or copies of the parameters.
/// 4. If it needs only the gradient: an element's steps do not depend on the other elements or their number, so that
///    untrained parameters do not matter.
/// 5. If it needs only the gradient: once its state is complete, parameters and state are changed in place.
/// 6. In float32, it follows the path of float64.
/// 7. If it has a learning rate: a number and the constant schedule of that number are equivalent, and schedules take
///    effect.
public func checkOptimizer(_ specification: Specification, in registries: Registries) -> [String] {
  var laws = OptimizerLaws(specification: specification, registries: registries)
  do {
    try laws.checkDescent()
    try laws.checkState()
    try laws.checkOwnership()
    try laws.checkIndependence()
    try laws.checkPlace()
    try laws.checkPrecision()
    try laws.checkSchedules()
  } catch {
    laws.expect(false, "an unexpected error: \(error)")
  }
  return laws.violations
}

/// f(x) = ½ Σ cᵢ(xᵢ − aᵢ)², with c from 0.5 to 2: the problem that the laws are tried on.
private struct Bowl {
  let count: Int
  var dtype = DType.float64

  var start: Tensor { Tensor((0..<count).map { 2 - 0.37 * Double($0 % 11) }, shape: [count]).cast(to: dtype) }

  func lossAndGradient(at parameters: Tensor) -> (loss: Double, gradient: Tensor) {
    var loss = 0.0
    let gradient = parameters.scalars(as: Double.self).enumerated().map { index, x in
      let c = 0.5 + 0.25 * Double(index % 7)
      let d = x - 0.6 * Double(index % 5 - 2)
      loss += c * d * d / 2
      return c * d
    }
    return (loss, Tensor(gradient, shape: [count]).cast(to: dtype))
  }

  func evaluation(at parameters: Tensor) -> Evaluation {
    let (loss, gradient) = lossAndGradient(at: parameters)
    func product(_ vector: Tensor) -> Tensor {
      let products = vector.scalars(as: Double.self).enumerated().map { (0.5 + 0.25 * Double($0 % 7)) * $1 }
      return Tensor(products, shape: [count]).cast(to: dtype)
    }
    return Evaluation(
      gradient: gradient, loss: loss, at: lossAndGradient, hessianVectorProduct: product,
      gaussNewtonProduct: product,
      diagonalCurvature: { product(Tensor(repeating: 1, shape: [count], dtype: dtype)) })
  }
}

private struct OptimizerLaws {
  let specification: Specification
  let registries: Registries
  var violations: [String] = []

  mutating func expect(_ condition: Bool, _ message: String) {
    if !condition { violations.append("optimizer '\(specification.name)': \(message)") }
  }

  func optimizer(_ changes: ConfigurationObject = [:]) throws -> any Optimizer {
    var changed = specification
    for (key, value) in changes { changed.configuration[key] = value }
    return try registries.make(.optimizer, changed)
  }

  func run(
    _ optimizer: any Optimizer, on bowl: Bowl, from parameters: Tensor? = nil, state: OptimizerState = .init(),
    steps: Int
  ) throws -> (parameters: Tensor, state: OptimizerState) {
    var (parameters, state) = (parameters ?? bowl.start, state)
    for _ in 0..<steps { try optimizer.update(&parameters, state: &state, from: bowl.evaluation(at: parameters)) }
    return (parameters, state)
  }
}

extension OptimizerLaws {
  mutating func checkDescent() throws {
    let bowl = Bowl(count: 7)
    let (end, state) = try run(optimizer(), on: bowl, steps: 60)
    let (before, after) = (bowl.lossAndGradient(at: bowl.start).loss, bowl.lossAndGradient(at: end).loss)
    expect(after < before, "60 steps on a quadratic bring the loss from \(before) to \(after)")
    expect(state.step == 60, "after 60 steps its state counts \(state.step)")
    expect(end.spec == bowl.start.spec, "it turns parameters \(bowl.start.spec) into \(end.spec)")
  }

  mutating func checkState() throws {
    let bowl = Bowl(count: 300)
    let whole = try run(optimizer(), on: bowl, steps: 12)
    let half = try run(optimizer(), on: bowl, steps: 5)
    var saved = OptimizerState()
    saved.step = half.state.step
    saved.numbers = half.state.numbers
    for (name, tensor) in half.state.tensors {
      saved.tensors[name] = Tensor(tensor.scalars(as: Double.self), shape: tensor.shape)
      expect(tensor.shape == bowl.start.shape, "its state '\(name)' is \(tensor.spec), not as long as the parameters")
    }
    let (kept, parameters) = (saved, half.parameters)
    let resumed = try run(optimizer(), on: bowl, from: parameters, state: saved, steps: 7)
    expect(resumed.parameters == whole.parameters, "5 and 7 steps are not 12: its state lacks something")
    expect(resumed.state == whole.state, "5 and 7 steps leave another state than 12")
    expect(saved == kept && half.parameters == parameters, "going on from a copy changed the original")
  }

  mutating func checkOwnership() throws {
    let bowl = Bowl(count: 9)
    var parameters = bowl.start
    let other = parameters
    let evaluation = bowl.evaluation(at: parameters)
    let gradient = evaluation.gradient.scalars(as: Double.self)
    var state = OptimizerState()
    for _ in 0..<24 { try optimizer().update(&parameters, state: &state, from: evaluation) }
    expect(evaluation.gradient.scalars(as: Double.self) == gradient, "it changes the gradient")
    expect(other == bowl.start, "it changes parameters that somebody else owns too")
    expect(parameters != bowl.start, "it does not move the parameters")
  }

  mutating func checkIndependence() throws {
    guard try optimizer().needs.isEmpty else { return }
    let long = try run(optimizer(), on: Bowl(count: 1000), steps: 6).parameters.scalars(as: Double.self)
    let short = try run(optimizer(), on: Bowl(count: 35), steps: 6).parameters.scalars(as: Double.self)
    expect(Array(long.prefix(35)) == short, "an element's steps depend on the other elements")
  }

  mutating func checkPlace() throws {
    guard try optimizer().needs.isEmpty else { return }
    let bowl = Bowl(count: 5000)
    var (parameters, state) = (bowl.start, OptimizerState())
    func places() -> [String: UnsafeRawPointer?] {
      var found = state.tensors.mapValues { $0.withBytes(\.baseAddress) }
      found["parameters"] = parameters.withBytes(\.baseAddress)
      return found
    }
    let rule = try optimizer()
    let evaluation = bowl.evaluation(at: parameters)
    for _ in 0..<rule.stepsUntilMemory { try rule.update(&parameters, state: &state, from: evaluation) }
    let before = places()
    for _ in 0..<3 { try rule.update(&parameters, state: &state, from: evaluation) }
    let after = places()
    let moved = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
    expect(moved.isEmpty, "\(moved.joined(separator: ", ")) move in memory, so that every step copies them")
  }

  mutating func checkPrecision() throws {
    let double = try run(optimizer(), on: Bowl(count: 50), steps: 20).parameters.scalars(as: Double.self)
    let (end, state) = try run(optimizer(), on: Bowl(count: 50, dtype: .float32), steps: 20)
    let far = zip(end.scalars(as: Double.self), double).map { abs($0 - $1) }.max() ?? .infinity
    expect(far < 1e-4, "after 20 steps float32 is \(far) from float64")
    expect(end.dtype == .float32, "it turns float32 into \(end.dtype.name)")
    expect(state.tensors.values.allSatisfy { $0.dtype == .float32 }, "its state is not of the parameters' type")
  }

  mutating func checkSchedules() throws {
    let entry = try registries.entry(of: .optimizer, named: specification.name)
    guard
      entry.schema.contains(where: { $0.name == "learningRate" && $0.type == .numberOrSpecification(kind: "schedule") })
    else {
      return
    }
    let bowl = Bowl(count: 5)
    let number = try run(optimizer(["learningRate": 0.02]), on: bowl, steps: 4).parameters
    let constant: ConfigurationValue = ["name": "constant", "value": 0.02]
    let same = try run(optimizer(["learningRate": constant]), on: bowl, steps: 4).parameters
    expect(number == same, "a constant schedule is not its number")
    let first = try run(optimizer(["learningRate": 0.02]), on: bowl, steps: 1).parameters
    let stopping: ConfigurationValue = ["name": "step", "initial": 0.02, "factor": 1e-200, "every": 1, "unit": "step"]
    let stopped = try run(optimizer(["learningRate": stopping]), on: bowl, steps: 4).parameters
    expect(first == stopped, "a learning rate that falls to nothing after the first step does not stop it")
  }
}
