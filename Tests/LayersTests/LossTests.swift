import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import Testing

/// The targets that a loss accepts, and its errors for others.
struct LossTests {
  static let output = Tensor([[1, 2, 0.5], [0, -1, 3]], dtype: .float64)

  /// Outputs for targets with three columns; for the Gaussian loss, means and logarithms of variances.
  static func output(for loss: String) -> Variable {
    Variable(loss == Gaussian.name ? Tensor.concatenate([output, output / 3], axis: 1) : output)
  }

  /// For rows that are not distributions, the softmax cross-entropy can fall forever, or is 0.
  @Test(arguments: [[0.5, 0.5, 0.5], [1.5, -0.5, 0], [0.2, 0.3, 0.4], [0, .nan, 1]])
  func rowsThatAreNoDistributions(_ row: [Double]) throws {
    let outputs = Variable(Tensor([[0.1, 0.2, 0.3], [1, 2, 3]]))
    let good = Variable(Tensor([[0.333, 0.333, 0.333], [0, 0.01, 1]]))
    _ = try SoftmaxCrossEntropy()(outputs, good)
    let targets = Variable(Tensor([[0.2, 0.3, 0.5], row]))
    let error = #expect(throws: LossError.self) { try SoftmaxCrossEntropy()(outputs, targets) }
    #expect(error?.description.contains("use the loss 'mean-squared-error'") == true)
  }

  @Test(arguments: [DType.int64, .int32, .uint8])
  func labelsOfAnyIntegerType(_ dtype: DType) throws {
    let labels = Tensor([2, 0], dtype: dtype)
    let rows = Tensor([[0, 0, 1], [1, 0, 0]], dtype: .float64)
    for name in registries.entries(of: .loss).map(\.name) {
      let loss = try registries.make(.loss, name)
      let byLabels = try loss(Self.output(for: name), Variable(labels)).value
      let byRows = try loss(Self.output(for: name), Variable(rows)).value
      #expect(distance(byLabels, byRows) < 1e-15, "\(name)")
    }
  }

  @Test func onePerRowMeansTheNumberItself() throws {
    let output = Variable(Tensor([[0.5], [2]], dtype: .float64))
    for target in [Tensor([1, 0]), Tensor([[1], [0]]), Tensor([1, 0], dtype: .float32)] {
      #expect(try MeanSquaredError()(output, Variable(target)).value.scalars(as: Double.self) == [0.25, 4])
    }
  }

  @Test func reductionsDifferByTheNumberOfOutputs() throws {
    let target = Variable(Tensor([[0, 1, 1], [1, 0, 0.5]], dtype: .float64))
    for (mean, sum) in [
      (MeanSquaredError() as any Loss, MeanSquaredError(reduction: .sum) as any Loss),
      (SigmoidCrossEntropy(), SigmoidCrossEntropy(reduction: .sum)),
      (MeanAbsoluteError(), MeanAbsoluteError(reduction: .sum)),
      (Huber(delta: 0.7), Huber(delta: 0.7, reduction: .sum)),
    ] {
      let (a, b) = (try mean(Variable(Self.output), target).value, try sum(Variable(Self.output), target).value)
      #expect(distance(a * 3, b) < 1e-14)
    }
  }

  @Test(arguments: [
    (Tensor([0, 3]), "row 1 has the label 3, but the outputs have only classes 0 to 2"),
    (Tensor([-1, 0]), "row 0 has the label -1"),
    (Tensor([0, 1, 2]), "have different numbers of rows"),
    (Tensor([[0.5, 0.5], [1, 0]]), "do not match outputs float64[2, 3]"),
    (Tensor([0.5, 1]), "do not match outputs float64[2, 3]"),
    (Tensor([true, false]), "do not match outputs float64[2, 3]"),
  ])
  func misfitsAreRefused(_ target: Tensor, _ message: String) throws {
    for entry in registries.entries(of: .loss) {
      let loss = try registries.make(.loss, entry.name)
      let error = #expect(throws: LossError.self) { try loss(Self.output(for: entry.name), Variable(target)) }
      #expect(error?.description.contains(message) == true, "\(entry.name): \(error.map { "\($0)" } ?? "")")
      #expect(error?.description.hasPrefix(entry.name) == true)
    }
  }

  /// Beyond 0 and 1, the loss has no minimum, and training would diverge.
  @Test(arguments: [-0.01, 1.01]) func crossEntropyTakesProbabilities(_ value: Double) throws {
    let output = Variable(Self.output)
    func target(_ value: Double) -> Variable { Variable(Tensor([[0, value, 1], [1, 0, 0.5]], dtype: .float64)) }
    let error = #expect(throws: LossError.self) { try SigmoidCrossEntropy()(output, target(value)) }
    #expect(error?.description.contains("mean-squared-error") == true)
    #expect(try SigmoidCrossEntropy()(output, target(0.3)).value.sum().item().isFinite)
    #expect(try MeanSquaredError()(output, target(value)).value.sum().item().isFinite)
  }

  /// At δ both pieces have the same value and slope; the second derivative jumps there, from 1 to 0.
  @Test func huberGoesOnAsALine() throws {
    let target = Variable(Tensor([[0.0]]))
    func loss(_ x: Double) throws -> (value: Double, slope: Double, curvature: Double) {
      let f = { (x: Variable) in try Huber(delta: 0.5)(x, target).sum() }
      let x = Tensor([[x]])
      let (value, slope) = try valueAndGradient(at: x, of: f)
      return (value.item(), slope.item(), try hessian(at: x, of: f).item())
    }
    #expect(try loss(0) == (0, 0, 1))
    #expect(try loss(-0.25) == (0.03125, -0.25, 1))
    #expect(try loss(2) == (0.875, 0.5, 0))
    let atDelta = try loss(0.5)
    #expect(atDelta.value == 0.125 && atDelta.slope == 0.5)
  }

  @Test(arguments: [0, -1]) func deltaIsAboveZero(_ delta: Int) {
    let error = #expect(throws: ConfigurationError.self) {
      try registries.make(.loss, "huber", ["delta": .integer(delta)])
    }
    #expect(error?.description.contains("delta") == true)
  }

  @Test func softmaxCrossEntropyTakesRowsOfLogits() {
    let images = Variable(Tensor.zeros([2, 3, 3], dtype: .float64))
    #expect(throws: LossError.self) { try SoftmaxCrossEntropy()(images, Variable(Tensor([0, 1]))) }
  }

  /// Beyond 0 and 1, the cross-entropy falls without bound; rounding errors do no harm.
  @Test func sharesAreFromZeroToOne() throws {
    for (value, isTaken) in [(0.0, true), (1 + 1e-7, true), (-1e-7, true), (1.01, false), (-0.5, false), (.nan, false)]
    {
      let target = Tensor([[0.5, value, 1], [0, 0.25, 1]], dtype: .float64)
      if isTaken {
        _ = try SigmoidCrossEntropy()(Variable(Self.output), Variable(target))
      } else {
        let error = #expect(throws: LossError.self) {
          try SigmoidCrossEntropy()(Variable(Self.output), Variable(target))
        }
        #expect(error?.description.contains("targets from 0 to 1, but these range from") == true)
      }
      _ = try MeanSquaredError()(Variable(Self.output), Variable(target))
    }
    let bytes = Tensor([[0, 255, 1], [0, 1, 1]], dtype: .uint8)
    #expect(throws: LossError.self) { try SigmoidCrossEntropy()(Variable(Self.output), Variable(bytes)) }
  }

  /// Errors for targets that a loss cannot use, with the remedy.
  @Test(
    arguments: [
      ("hinge", [:], Tensor([[0.5, 1, 0], [1, 1, 0]]), "targets must be 1 for yes, and 0 or -1 for no"),
      ("squared-hinge", [:], Tensor([[2.0, 1, 0], [1, 1, 0]]), "range from 0.0 to 2.0"),
      ("multi-class-hinge", [:], Tensor([[0.5, 0.5, 0], [1, 0, 0]]), "these rows are probabilities"),
      ("poisson", [:], Tensor([[1, -0.5, 0], [1, 0, 0]]), "the smallest is -0.5"),
      ("poisson", [:], Tensor([[1, .nan, 0], [1, 0, 0]]), "counts of at least 0"),
      (
        "sigmoid-focal", [:], Tensor([[1, 1.5, 0], [1, 0, 0]]),
        "needs targets from 0 to 1, but these range from 0.0 to 1.5"
      ),
      ("focal", ["classWeights": [1, 2]], Tensor([0, 1]), "2 class weights for outputs with 3 classes"),
      ("softmax-cross-entropy", ["classWeights": [1]], Tensor([0, 1]), "1 class weights for outputs with 3 classes"),
      ("negative-log-likelihood", ["classWeights": [1, 1, 1, 1]], Tensor([0, 1]), "give one weight per class"),
      ("gaussian", [:], Tensor([[1.0], [2]]), "twice as many units as there are targets"),
    ] as [(String, ConfigurationObject, Tensor, String)])
  func whatALossCannotMean(
    _ name: String, _ configuration: ConfigurationObject, _ target: Tensor, _ message: String
  ) throws {
    let loss = try registries.make(.loss, name, configuration)
    let error = #expect(throws: LossError.self) { try loss(Variable(Self.output), Variable(target)) }
    #expect(
      error?.description.hasPrefix(name) == true && error?.description.contains(message) == true, "\(error as Any)")
  }

  @Test(
    arguments: [
      ("softmax-cross-entropy", ["labelSmoothing": 1], "labelSmoothing"),
      ("softmax-cross-entropy", ["classWeights": [0, 0]], "a weight above 0"),
      ("focal", ["classWeights": [1, -1]], "classWeights"), ("focal", ["gamma": -1], "gamma"),
      ("sigmoid-focal", ["alpha": 1.5], "alpha"), ("quantile", ["quantile": 1], "quantile"),
      ("multi-class-hinge", ["power": 3], "power"), ("gaussian", ["floor": 0], "floor"),
    ] as [(String, ConfigurationObject, String)])
  func numbersOutOfRange(_ name: String, _ configuration: ConfigurationObject, _ message: String) {
    let error = #expect(throws: ConfigurationError.self) { try registries.make(.loss, name, configuration) }
    #expect(error?.description.contains(message) == true)
  }

  /// No overflow and no 0·∞ for extreme outputs: values and derivatives of two orders are finite.
  @Test(arguments: [DType.float32, .float64]) func farOutputsAreFinite(_ dtype: DType) throws {
    let output = Tensor([[80, -80, 0], [-80, 0, 80]], dtype: dtype)
    for (name, configuration) in [
      ("softmax-cross-entropy", ["labelSmoothing": 0.1]), ("focal", [:]), ("focal", ["gamma": 0.5]),
      ("focal", ["gamma": 0]),
      ("sigmoid-focal", [:]), ("sigmoid-focal", ["gamma": 0.5]), ("log-cosh", [:]), ("hinge", [:]),
      ("multi-class-hinge", ["power": 2]), ("cosine-distance", [:]), ("quantile", [:]), ("kl-divergence", [:]),
    ] as [(String, ConfigurationObject)] {
      let loss = try registries.make(.loss, name, configuration)
      let f = { (x: Variable) in try loss(x, Variable(Tensor([0, 1]))).sum() }
      for x in [output, Tensor.zeros(output.shape, dtype: dtype)] {
        let (value, slopes) = try valueAndGradient(at: x, of: f)
        let isFinite = (value.isFinite().all(), slopes.isFinite().all(), try hessian(at: x, of: f).isFinite().all())
        let all = [isFinite.0, isFinite.1, isFinite.2].flatMap { $0.scalars(as: Bool.self) }
        #expect(all == [true, true, true], "\(name) \(configuration)")
      }
    }
  }

  /// Losses that equal others.
  @Test func specialCasesAgree() throws {
    let (output, labels) = (Variable(Self.output), Variable(Tensor([2, 0])))
    let cross = try SoftmaxCrossEntropy()(output, labels).value
    #expect(distance(try Focal(gamma: 0)(output, labels).value, cross) < 1e-14)
    #expect(distance(try NegativeLogLikelihood()(output.logSoftmax(), labels).value, cross) < 1e-14)
    #expect(
      distance(try SoftmaxCrossEntropy(labelSmoothing: 0, classWeights: [3, 1, 3])(output, labels).value, cross * 3)
        < 1e-14)
    let rows = Variable(Tensor([[0, 1, 1], [1, 0, 0]], dtype: .float64))
    let half = try SigmoidFocal(gamma: 0, alpha: 0.5)(output, rows).value
    #expect(distance(half * 2, try SigmoidCrossEntropy()(output, rows).value) < 1e-14)
    #expect(distance(try Quantile()(output, rows).value * 2, try MeanAbsoluteError()(output, rows).value) < 1e-14)
  }

  @Test func whatOutputsMeanAsPredictions() {
    #expect(distance(NegativeLogLikelihood().predictions(Self.output.logSoftmax()), Self.output.softmax()) < 1e-15)
    #expect(distance(KLDivergence().predictions(Self.output.logSoftmax()), Self.output.softmax()) < 1e-15)
    #expect(distance(Focal().predictions(Self.output), Self.output.softmax()) == 0)
    #expect(distance(SigmoidFocal().predictions(Self.output), Self.output.sigmoid()) == 0)
    #expect(distance(Poisson().predictions(Self.output), Self.output.exp()) == 0)
    #expect(Hinge().predictions(Tensor([[-1.0, 0, 1]])) == Tensor([[0.0, 0.5, 1]]))
    #expect(SquaredHinge().predictions(Tensor([[-1.0, 0, 1]])) == Tensor([[0.0, 0.5, 1]]))
    #expect(Gaussian().predictions(Tensor([[1.0, 2, 3, 4]])) == Tensor([[1.0, 2]]))
  }

  @Test func predictionsAreProbabilities() {
    let softmax = SoftmaxCrossEntropy().predictions(Self.output)
    #expect(distance(softmax.sum(axes: [1]), Tensor([1.0, 1.0])) < 1e-15)
    #expect(distance(SigmoidCrossEntropy().predictions(Self.output), Self.output.sigmoid()) == 0)
    #expect(distance(MeanSquaredError().predictions(Self.output), Self.output) == 0)
  }
}
