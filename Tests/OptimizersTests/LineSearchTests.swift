import AviaryCore
import AviaryOptimizers
import AviaryRegistry
import Testing

/// Steps worked out by hand, instead of a stored trajectory.
@Suite struct LineSearchTests {
  /// Minimizes a function of one number; returns the points, the loss evaluations of each step, and the last state.
  private func run(
    _ search: LineSearch, from start: Double, steps: Int, _ function: @escaping (Double) -> (Double, Double)
  ) throws -> (points: [Double], trials: [Int], state: OptimizerState) {
    var (x, state) = (Tensor([start], shape: [1]), OptimizerState())
    var (points, trials) = ([Double](), [Int]())
    for _ in 0..<steps {
      let (loss, slope) = function(x.item())
      var count = 0
      let evaluation = Evaluation(gradient: Tensor([slope], shape: [1]), loss: loss) { point in
        count += 1
        let (loss, slope) = function(point.item())
        return (loss, Tensor([slope], shape: [1]))
      }
      try search.update(&x, state: &state, from: evaluation)
      points.append(x.item())
      trials.append(count)
    }
    return (points, trials, state)
  }

  @Test func goesBackUntilTheLossHasFallenEnough() throws {
    // f(x) = x⁴/4 from 2, slope 8: the steps 1, 1/2 lead to −6 and −2, both too high; 1/4 leads to 0.
    let quartic = { (x: Double) in (x * x * x * x / 4, x * x * x) }
    let first = try run(LineSearch(), from: 2, steps: 1, quartic)
    #expect(first.points == [0] && first.trials == [3])
    #expect(first.state.numbers == ["stepSize": 0.5] && first.state.step == 1)
    // At the minimum, there are no more trials.
    let second = try run(LineSearch(), from: 2, steps: 2, quartic)
    #expect(second.points == [0, 0] && second.trials == [3, 0] && second.state.step == 2)
  }

  @Test func asksForTheShareOfTheDecreaseThatWasConfigured() throws {
    // f(x) = x², from 1: the step t leads to 1 − 2t and f = 1 − 4t + 4t² ≤ 1 − 4ct, where t ≤ 1 − c.
    let parabola = { (x: Double) in (x * x, 2 * x) }
    let lenient = try LineSearch(initialStep: 0.875, sufficientDecrease: 0.125)
    #expect(try run(lenient, from: 1, steps: 1, parabola).points == [-0.75])
    let strict = try LineSearch(initialStep: 0.875, sufficientDecrease: 0.1251)
    #expect(try run(strict, from: 1, steps: 1, parabola).points == [0.125])
  }

  @Test func beginsWithTheLastStepTimesTheGrowth() throws {
    // f(x) = −x: every step is good.
    let line = { (x: Double) in (-x, -1.0) }
    let found = try run(LineSearch(initialStep: 1, growth: 3), from: 0, steps: 4, line)
    #expect(found.points == [1, 4, 13, 40] && found.trials == [1, 1, 1, 1])
    #expect(found.state.numbers["stepSize"] == 81)
  }

  @Test func avoidsPointsWithoutALoss() throws {
    // f(x) = −√x − √(1 − x) exists on [0, 1] only.
    let found = try run(LineSearch(initialStep: 64), from: 0.1, steps: 30) { x in
      (-x.squareRoot() - (1 - x).squareRoot(), -0.5 / x.squareRoot() + 0.5 / (1 - x).squareRoot())
    }
    #expect(found.points.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(abs(try #require(found.points.last) - 0.5) < 1e-4)
  }

  @Test func staysWhereNoTrialIsGoodEnough() throws {
    // The gradient points the wrong way.
    let found = try run(LineSearch(trials: 5), from: 1, steps: 2) { ($0 * $0, -2 * $0) }
    #expect(found.points == [1, 1] && found.trials == [5, 5] && found.state.numbers == ["stepSize": 1])
  }

  @Test func passesTheEvaluationsErrorsOn() throws {
    struct Stop: Error {}
    var (x, state) = (Tensor([1.0], shape: [1]), OptimizerState())
    let evaluation = Evaluation(gradient: Tensor([1.0], shape: [1]), loss: 1) { _ in throw Stop() }
    #expect(throws: Stop.self) { try LineSearch().update(&x, state: &state, from: evaluation) }
    #expect(x.item() == 1)
  }

  @Test func saysWhatItNeeds() {
    let gradient = Tensor([1.0], shape: [1])
    #expect(LineSearch().needs == [.loss, .otherPoints])
    #expect(Evaluation(gradient: gradient).capabilities == [])
    #expect(Evaluation(gradient: gradient, loss: 1) { _ in (1, gradient) }.capabilities == [.loss, .otherPoints])
    #expect(Evaluation(gradient: gradient, hessianVectorProduct: { $0 }).capabilities == [.hessianVectorProducts])
    #expect(SGD().needs == [])
  }
}
