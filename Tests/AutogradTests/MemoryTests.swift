import AviaryAutograd
import AviaryCore
import AviaryTestSupport
import Testing

#if compiler(>=6.2)
  /// In a separate process, because all tests in a process share its memory.
  @Suite("Memory")
  struct MemoryTests {
    @Test("a training loop allocates nothing once it is warm")
    func steadyState() async {
      await #expect(processExitsWith: .success) {
        var training = SmallTraining()
        try training.run(steps: 10_000)
        let (resident, pooled) = (residentBytes(), pooledBytes())
        try training.run(steps: 50_000)
        precondition(training.loss < 1e-3, "the training does not learn")
        precondition(residentBytes() > 0, "the resident memory is not known")
        precondition(residentBytes() - resident < 1 << 20, "resident memory grows")
        precondition(abs(pooledBytes() - pooled) < 1 << 16, "the pool grows")
      }
    }
  }
#endif

/// A network of two layers that memorizes eight examples.
struct SmallTraining {
  private var parameters: [Tensor]
  private let input: Variable
  private let labels = Variable(Tensor([0, 1, 2, 3, 0, 1, 2, 3]))
  /// The loss of the last step.
  private(set) var loss = Double.infinity

  init() {
    let random = RandomSource(seed: 1)
    parameters = [
      random["w1"].normal([16, 16], standardDeviation: 0.25), Tensor.zeros([16]),
      random["w2"].normal([16, 4], standardDeviation: 0.25), Tensor.zeros([4]),
    ]
    input = Variable(random["x"].normal([8, 16]))
  }

  mutating func run(steps: Int) throws {
    for _ in 0..<steps {
      let (value, gradients) = try valueAndGradients(at: parameters) { v in
        let hidden = input.affine(weight: v[0], bias: v[1], activation: .tanh)
        return hidden.affine(weight: v[2], bias: v[3]).softmaxCrossEntropy(labels).mean()
      }
      for index in parameters.indices { parameters[index] = parameters[index] - gradients[index] * 0.05 }
      loss = value.item()
    }
  }
}
