import AviaryAutograd
import AviaryCore
import AviaryOptimizers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Testing

@Suite struct TestFunctionTests {
  static let names = registries.entries(of: .testFunction).map(\.name)

  @Test(arguments: names) func itsMinimaAreMinima(_ name: String) throws {
    let function = try registries.make(.testFunction, name)
    let least = try function.leastValue
    for minimum in function.minima {
      let slope = try gradient(at: Tensor(minimum)) { try function($0) }
      let value = try function.value(at: minimum)
      #expect(slope.abs().max().item() < 1e-9 && abs(value - least) < 1e-12)
      #expect(try function.curvatures(at: minimum).allSatisfy { $0 > 0 })
      #expect(function.domain.x.contains(minimum[0]) && function.domain.y.contains(minimum[1]))
    }
    let first = try function.value(at: function.start)
    #expect(first > least + 0.1)
    // Nowhere on a grid is it lower.
    for x in stride(from: function.domain.x.lowerBound, through: function.domain.x.upperBound, by: 0.25) {
      for y in stride(from: function.domain.y.lowerBound, through: function.domain.y.upperBound, by: 0.25) {
        let value = try function.value(at: [x, y])
        #expect(value >= least - 1e-12)
        guard let residuals = try function.residuals(Variable(Tensor([x, y]))) else { continue }
        #expect(abs(residuals.value.square().sum().item() - value) < 1e-9 * max(1, value))
      }
    }
  }

  @Test func valuesAreThoseOfTheFormulas() throws {
    // By hand: 4·100 + 1; (1.5 + 1)² + (2.25 + 3)² + (2.625 + 7)², y = 2; 121 + 49; 4 − 9 + 81/4; 1 − e⁻¹; (9 + 400)/2.
    for (function, point, value) in [
      (Rosenbrock(), [0.0, 2], 401.0), (Beale(), [1, 2], 6.25 + 27.5625 + 92.640625), (Himmelblau(), [0, 0], 170),
      (Saddle(), [2, 3], 15.25), (Plateau(), [1, 1], 0.6321205588285577), (Bowl(), [3, 2], 204.5),
      (NoisyValley(), [2, 2], 0.2 + 5),
    ] as [(any TestFunction, [Double], Double)] {
      let found = try function.value(at: point)
      #expect(abs(found - value) < 1e-12, "\(function)")
    }
    #expect(zip(try Bowl().curvatures(at: [0, 0]), [1, 100]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test(arguments: names) func plainDescentGetsAlongWithItsRate(_ name: String) throws {
    let function = try registries.make(.testFunction, name)
    let descent = try Descent(down: function, by: SGD(learningRate: function.learningRate), steps: 500)
    #expect(!descent.hasDiverged && descent.points.count == 501 && descent.values.count == 501)
    let (first, last) = (descent.values[0], descent.values[500])
    #expect(last < first && descent.points[0] == function.start)
  }

  @Test func stepsAreCountedToWhereItStays() throws {
    // x ← x/2 from 4 and y = 0: f = x²/2 is below 0.1 from x = 0.25 on, in step 4.
    var bowl = try registries.make(.testFunction, "bowl", ["condition": 1])
    let descent = try Descent(down: bowl, by: SGD(learningRate: 0.5), from: [4, 0], steps: 10)
    #expect(descent.steps(to: 0, within: 0.1) == 4 && descent.steps(to: 0, within: 1e-9) == nil)
    #expect(descent.steps(to: 0, within: 8.1) == 0)
    bowl = Bowl()
    let far = try Descent(down: bowl, by: SGD(learningRate: 0.1), steps: 1000)
    #expect(far.hasDiverged && far.steps(to: 0, within: 1) == nil)
  }

  @Test func secondOrderKnowsTheValleyAndPlainNewtonTheSaddle() throws {
    for rule in [LBFGS(), Newton(), GaussNewton(), ConjugateGradient()] as [any Optimizer] {
      let descent = try Descent(down: Rosenbrock(), by: rule, steps: 200)
      #expect(descent.steps(to: 0, within: 1e-8) != nil, "\(rule)")
    }
    // Without step control, Newton's method converges to the saddle; in a trust region, it leaves it.
    let plain = try Descent(down: Saddle(), by: Newton(control: .none, tolerance: 1e-9), steps: 20)
    #expect(abs(plain.values[20]) < 1e-9 && abs(plain.points[20][1]) < 1e-6)
    #expect(try Descent(down: Saddle(), by: Newton(), steps: 40).steps(to: -1, within: 1e-8) != nil)
    let error = #expect(throws: ConfigurationError.self) { try Descent(down: Saddle(), by: GaussNewton(), steps: 1) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("sums of squares"))
  }

  @Test func noiseIsThatOfTheSeed() throws {
    func end(_ seed: UInt64) throws -> [Double] {
      try Descent(down: NoisyValley(), by: SGD(learningRate: 0.02), steps: 20, seed: seed).points[20]
    }
    let (first, again, other) = (try end(1), try end(1), try end(2))
    #expect(first == again && first != other)
  }

  @Test func thePageIsWholeAndSaysWhatHappened() throws {
    let descents = try [("plain", SGD(learningRate: 0.01)), ("fast", SGD(learningRate: 0.1))].map { name, rule in
      (name: name, descent: try Descent(down: Bowl(), by: rule, steps: 1000))
    }
    let page = DescentPage(of: Bowl(), title: "bowl <κ>", descents, tolerance: 1e-3)
    let html = try page.html()
    #expect(html.contains("<svg xmlns") && html.contains("bowl &lt;κ&gt;") && !html.contains("http://localhost"))
    #expect(html.split(separator: "stroke=\"#aab\"").count == 17)
    #expect(try page.rows().map { $0[1] } == ["\(descents[0].descent.steps(to: 0, within: 1e-3) ?? -1)", "diverges"])
    let conditioning = try page.conditioning()
    #expect(conditioning.contains("1 and 100") && conditioning.contains("0.02"))
  }
}
