import AviaryAutograd
import AviaryCore
import AviaryTestSupport
import Testing

@Suite("The graph")
struct GraphTests {
  private let x = Variable(tracking: Tensor([1.0, 2.0, 3.0]))

  @Test("is freed by a derivative, unless retained")
  func freeing() throws {
    let y = (x * x).sum()
    #expect(try y.gradients(withRespectTo: [x], retainingGraph: true)[0].value == Tensor([2.0, 4.0, 6.0]))
    #expect(try y.gradients(withRespectTo: [x])[0].value == Tensor([2.0, 4.0, 6.0]))
    #expect(throws: DifferentiationError.graphFreed) { try y.gradients(withRespectTo: [x]) }
    // A graph on top of a freed one is unusable, too; a leaf is never freed.
    #expect(throws: DifferentiationError.graphFreed) { try (y * 2).gradients(withRespectTo: [x]) }
    #expect(try (x * 3).sum().gradients(withRespectTo: [x])[0].value == Tensor([3.0, 3.0, 3.0]))
  }

  @Test("lets memory go as it is walked")
  func releasing() throws {
    weak var probe: Probe?
    let y: Variable = {
      let made = Probe()
      probe = made
      return Variable.applying(Watched(probe: made), x).sum()
    }()
    #expect(probe != nil)
    _ = try y.gradients(withRespectTo: [x])
    #expect(probe == nil)
  }

  @Test("a derivative leaves no traces: derivatives by different targets, and after an error")
  func independence() throws {
    let z = Variable(tracking: Tensor([5.0]))
    let y = (x * z).sum()
    #expect(try y.gradients(withRespectTo: [z], retainingGraph: true)[0].value == Tensor([6.0]))
    #expect(try y.gradients(withRespectTo: [x], retainingGraph: true)[0].value == Tensor([5.0, 5.0, 5.0]))
    let broken = y + x.step().sum()
    #expect(throws: DifferentiationError.self) { try broken.gradients(withRespectTo: [x], retainingGraph: true) }
    let both = try y.gradients(withRespectTo: [z, x, z]).map(\.value)
    #expect(both == [Tensor([6.0]), Tensor([5.0, 5.0, 5.0]), Tensor([6.0])])
  }

  @Test("inner results are targets as well, and one that does not enter gets zeros")
  func innerTargets() throws {
    let square = x * x
    let other = Variable(tracking: Tensor([7.0]))
    let found = try (square * 3).sum().gradients(withRespectTo: [square, x, other]).map(\.value)
    #expect(found == [Tensor([3.0, 3.0, 3.0]), Tensor([6.0, 12.0, 18.0]), Tensor([0.0])])
    #expect(try x.sum().gradients(withRespectTo: []).isEmpty)
  }

  @Test("a value used many times collects all its cotangents")
  func sharing() throws {
    let s = x.exp()
    let y = (s + s * s + s / 2).sum()
    let e = x.value.exp()
    let found = try y.gradients(withRespectTo: [x])[0].value
    #expect(mismatch(found, e + 2 * e * e + e / 2) == nil)
  }

  @Test("constants record nothing")
  func constants() throws {
    let (a, b) = (Variable(Tensor([1.0, 2.0])), Variable(Tensor([3.0, 4.0])))
    #expect(!(a * b).exp().sum().isTracked)
    #expect(!(x * 2).detached().isTracked)
    #expect(throws: DifferentiationError.constantResult) { try (a * b).sum().gradients(withRespectTo: [x]) }
    let half = (x.detached() * x).sum()
    #expect(try half.gradients(withRespectTo: [x])[0].value == x.value)
  }

  @Test("integers and truth values end the graph")
  func ends() throws {
    #expect(!x.argmax().isTracked)
    #expect(!(x .> 2).isTracked)
    #expect(!x.cast(to: .int64).isTracked)
    #expect(throws: DifferentiationError.constantResult) {
      try x.argmax().cast(to: .float64).gradients(withRespectTo: [x])
    }
    let masked = (x * (x .> 1.5).cast(to: .float64)).sum()
    #expect(try masked.gradients(withRespectTo: [x])[0].value == Tensor([0.0, 1.0, 1.0]))
    let (values, positions) = x.topK(2)
    #expect(values.isTracked && !positions.isTracked)
    #expect(try values.sum().gradients(withRespectTo: [x])[0].value == Tensor([0.0, 1.0, 1.0]))
  }

  @Test("a derivative through float32 and float64 comes back in each one's type")
  func mixedTypes() throws {
    let narrow = Variable(tracking: Tensor([1, 2, 3], dtype: .float32))
    let y = (narrow.cast(to: .float64) * x).sum()
    let found = try y.gradients(withRespectTo: [narrow, x]).map(\.value)
    #expect(found == [Tensor([1, 2, 3], dtype: .float32), Tensor([1.0, 2.0, 3.0])])
  }

  @Test("a million nodes deep neither the walk nor the release overflows the stack")
  func depth() throws {
    let scalar = Variable(tracking: Tensor(1.0))
    var y = scalar
    for _ in 0..<1_000_000 { y = y + 1 }
    // A walk that retains the graph, then the release of a graph that no walk has freed.
    #expect(try y.gradients(withRespectTo: [scalar], retainingGraph: true)[0].value.item() == 1)
    y = scalar
    for _ in 0..<1_000_000 { y = y + 1 }
    #expect(y.value.item() == 1_000_001)
    y = scalar
  }

  @Test("a function of several tensors, and errors that pass through")
  func functions() throws {
    struct Refused: Error {}
    #expect(throws: Refused.self) { try gradient(at: Tensor([1.0])) { _ in throw Refused() } }
    #expect(throws: DifferentiationError.constantResult) { try jacobian(at: Tensor([1.0])) { $0.detached() } }
    #expect(try hessian(at: Tensor([1.0, 2.0])) { $0.sum() } == Tensor.zeros([2, 2], dtype: .float64))
    let v = Tensor([1.0, 1.0])
    #expect(try hessianVectorProduct(at: v, vector: v) { $0.sum() } == Tensor([0.0, 0.0]))
  }

  @Test("the check of gradients finds a wrong rule")
  func gradientCheck() throws {
    let point = Tensor([0.3, -1.2])
    #expect(try checkGradients(at: [point]) { $0[0].sin() * $0[0] }.worst < 1e-8)
    #expect(try checkGradients(at: [point]) { Variable.applying(WronglyCubed(), $0[0]) }.worst > 0.1)
  }
}

private final class Probe: Sendable {}

private struct Watched: DifferentiablePrimitive {
  let name = "watched"
  let probe: Probe
  func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] { inputs }
  func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? { inputs }
  func pullback(_ pullback: Pullback) throws -> [Variable?] { [pullback.cotangent()] }
}

private struct WronglyCubed: DifferentiablePrimitive {
  let name = "wronglyCubed"
  func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] { inputs }
  func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? { [inputs[0] * inputs[0] * inputs[0]] }
  func pullback(_ pullback: Pullback) throws -> [Variable?] { [pullback.inputs[0].square() * 2 * pullback.cotangent()] }
}
