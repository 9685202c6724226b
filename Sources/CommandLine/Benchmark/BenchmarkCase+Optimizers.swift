import Aviary

extension BenchmarkCase {
  /// Updates of two million parameters by each rule that needs only gradients. The bytes moved are those of the
  /// parameters (twice), the gradient (once) and each vector of the state (twice).
  static var optimizers: [BenchmarkCase] {
    let rules: [(String, any Optimizer)] = [
      ("sgd", SGD()), ("adagrad", Adagrad()), ("rmsprop", RMSProp()), ("adadelta", Adadelta()), ("adam", Adam()),
      ("adamw", AdamW()), ("adamax", Adamax()), ("nadam", NAdam()), ("radam", RAdam()), ("lion", Lion()),
      ("rprop", Rprop()), ("averaged-sgd", AveragedSGD()), ("adasecant", AdaSecant()),
    ]
    let momentum = (try? SGD(learningRate: 0.01, momentum: 0.9)).map { [("sgd-momentum", $0 as any Optimizer)] } ?? []
    return (momentum + rules).map { optimizer($0, $1) }
  }

  private static func optimizer(_ name: String, _ rule: any Optimizer) -> BenchmarkCase {
    let count = 2_000_000
    let vectors = Double(state(of: rule, count: 1).tensors.count)
    return BenchmarkCase(
      name: "optimizer-\(name)", group: .optimizers,
      quantity: BenchmarkQuantity(metric: "bandwidth", unit: "GB/s", amount: 4e-9 * Double(count) * (3 + 2 * vectors))
    ) {
      let gradient = RandomSource(seed: 1)["gradient"].normal([count])
      var parameters = RandomSource(seed: 1)["parameters"].normal([count])
      var state = OptimizerState()
      return { try rule.update(&parameters, state: &state, from: Evaluation(gradient: gradient)) }
    }
  }

  /// A rule's state after one step.
  private static func state(of rule: any Optimizer, count: Int) -> OptimizerState {
    var (parameters, state) = (Tensor.zeros([count]), OptimizerState())
    try? rule.update(&parameters, state: &state, from: Evaluation(gradient: Tensor.ones([count], dtype: .float32)))
    return state
  }
}
