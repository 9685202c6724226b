import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Testing

@Suite struct LinearRegressionTests {
  private static func cases(_ kind: String) throws -> [GoldenCase] {
    try GoldenDocument("linear_regression").cases.filter { $0.value["kind"]?.stringValue == kind }
  }

  /// Against NumPy: the pseudo-inverse, and the multiplier by eigenvalues and bisection.
  @Test(arguments: try cases("fit")) func leastSquaresAgreeWithNumPy(_ stored: GoldenCase) throws {
    let (x, y) = (try stored.tensor("inputs"), try stored.tensor("targets"))
    let hasBias = stored.value["hasBias"]?.booleanValue == true
    let fit = LeastSquaresFit(
      inputs: x, targets: y, hasBias: hasBias, maxNorm: stored.value["maxNorm"]?.numberValue)
    // If columns are linearly dependent, the solution has fewer exact digits than its predictions.
    let isSingular = stored.name.hasPrefix("dependent") || stored.name.hasPrefix("fewer")
    #expect(mismatch(fit.weight, try stored.tensor("weight"), tolerance: isSingular ? 1e-5 : 1e-10) == nil)
    let (weight, bias) = (try stored.tensor("weight"), try stored.tensor("bias"))
    let found = x.matmul(fit.weight) + (fit.bias ?? Tensor.zeros([1], dtype: .float64))
    #expect(mismatch(found, x.matmul(weight) + bias, tolerance: 1e-10) == nil)
    #expect((fit.bias != nil) == hasBias)
    for (a, b) in zip(fit.multipliers, try stored.numbers("multipliers")) { #expect(abs(a - b) <= 1e-9 * max(b, 1)) }
  }

  /// (XᵀX + λ·I)·w = Xᵀy, ‖w‖ ≤ r, λ ≥ 0, λ·(‖w‖ − r) = 0, for radii from far inside to far outside the unconstrained
  /// solution.
  @Test(arguments: [1e-6, 0.01, 0.3, 1, 5, 1e3]) func theConstrainedSolutionKeepsKarushKuhnAndTucker(_ radius: Double) {
    let random = RandomSource(seed: 7)
    let x = random["x"].normal([40, 6], dtype: .float64)
    let y = random["y"].normal([40, 3], dtype: .float64) * 3 + x.slice(axis: 1, 0..<3) * 2
    let fit = LeastSquaresFit(inputs: x, targets: y, hasBias: false, maxNorm: radius)
    let multipliers = Tensor(fit.multipliers, shape: [1, 3])
    let residual = x.matmul(x.matmul(fit.weight) - y, transposingSelf: true) + fit.weight * multipliers
    let scale = x.matmul(y, transposingSelf: true).abs().max().item()
    #expect(residual.abs().max().item() < 1e-11 * scale)
    for (column, multiplier) in fit.multipliers.enumerated() {
      let norm = fit.weight.slice(axis: 1, column..<(column + 1)).euclideanNorm()
      #expect(multiplier >= 0 && norm <= radius * (1 + 1e-12))
      #expect(multiplier == 0 || abs(norm - radius) <= 1e-12 * radius)
    }
    #expect(fit.multipliers.contains { $0 > 0 } == (radius < 3))
  }

  @Test(arguments: try cases("posterior")) func thePosteriorAgreesWithNumPy(_ stored: GoldenCase) throws {
    let (x, y) = (try stored.tensor("inputs"), try stored.tensor("targets"))
    let prior = LinearPosterior(
      inputs: x.shape[1], outputs: y.shape[1], priorPrecision: try stored.number("priorPrecision"),
      noisePrecision: try stored.number("noisePrecision"), hasBias: stored.value["hasBias"]?.booleanValue == true)
    var (whole, pieces) = (prior, prior)
    try whole.observe(x, y)
    for row in 0..<x.shape[0] { try pieces.observe(x[row..<(row + 1)], y[row..<(row + 1)]) }
    for posterior in [whole, pieces] {
      #expect(mismatch(posterior.mean, try stored.tensor("mean"), tolerance: 1e-10) == nil)
      #expect(mismatch(posterior.covariance, try stored.tensor("covariance"), tolerance: 1e-10) == nil)
      let (mean, variance) = posterior.predictions(try stored.tensor("newInputs"))
      #expect(mismatch(mean, try stored.tensor("predictions"), tolerance: 1e-10) == nil)
      #expect(mismatch(variance, try stored.tensor("variances"), tolerance: 1e-10) == nil)
    }
    #expect(prior.mean.abs().max().item() == 0)
  }

  /// The rows that a recipe trains on, and the parameters it ends with.
  private func trained(_ name: String, _ changes: String...) throws -> (train: DataSet, result: TrainingResult) {
    var recipe = try ZooTests.recipe(name, "precision=float64")
    for change in changes { try recipe.set(change) }
    let trainer = try Trainer(recipe, in: .standard)
    return (trainer.data.train, try trainer.run())
  }

  @Test func recipesSolve() throws {
    let (rows, free) = try trained("line-least-squares")
    let targets = try #require(rows.targets)
    let fit = LeastSquaresFit(inputs: rows.inputs, targets: targets)
    #expect(mismatch(free.model.parameters["0.dense.weight"], fit.weight, tolerance: 1e-12) == nil)
    #expect(abs(free.model.parameters["0.dense.weight"].item() - 3) < 0.2)
    // From any start, and any number of times.
    let changes = ["model.weightInitializer={\"name\":\"constant\",\"value\":9}", "epochs=3"]
    let again = try trained("line-least-squares", changes[0], changes[1]).result
    #expect(mismatch(again.model.parameters["0.dense.bias"], try #require(fit.bias), tolerance: 1e-12) == nil)

    let bound = try trained("line-unit-ball").result
    #expect(abs(bound.model.parameters["0.dense.weight"].item() - 1) < 1e-12)
    let losses = [free, bound].compactMap { $0.scores["train"]?.values["loss"] }
    #expect(losses.count == 2 && losses[0] < losses[1])
    #expect(bound.history[0].values["train.loss"] == losses[1])
  }

  /// The augmented Lagrangian ends at the closed-form solution.
  @Test func theAugmentedLagrangianGoesThere() throws {
    let exact = try trained("line-unit-ball").result.model.parameters
    let found = try trained("line-augmented-lagrangian").result
    #expect(mismatch(found.model.parameters.trainable, exact.trainable, tolerance: 1e-4) == nil)
    #expect(found.history.count < 500)
  }

  /// Projected gradient descent ends at the closed-form solution, with the same steps as in NumPy.
  @Test func gradientDescentGoesThere() throws {
    let exact = try trained("line-unit-ball").result.model.parameters
    let (_, found) = try trained(
      "line-unit-ball", "model.method=gradient", "optimizer.learningRate=0.1", "batchSize=null", "shuffle=false",
      "epochs=200")
    #expect(mismatch(found.model.parameters.trainable, exact.trainable, tolerance: 1e-10) == nil)

    let (rows, descent) = try trained("line-gradient", "epochs=3")
    let (x, y) = (rows.inputs.scalars(as: Double.self), rows.targets?.scalars(as: Double.self) ?? [])
    var (w, b) = (5.0, 10.0)
    for _ in 0..<3 {
      let errors = zip(x, y).map { w * $0 + b - $1 }
      let slope = zip(x, errors).reduce(0) { $0 + $1.0 * $1.1 }
      (w, b) = (w - 0.01 * 2 * slope / 1000, b - 0.01 * 2 * errors.reduce(0, +) / 1000)
    }
    #expect(abs(descent.model.parameters["0.dense.weight"].item() - w) < 1e-12)
    #expect(abs(descent.model.parameters["0.dense.bias"].item() - b) < 1e-12)
  }

  @Test func aPosteriorIsKeptWithTheModel() throws {
    let (rows, result) = try trained("line-bayesian")
    let found = try LinearPosterior(result.model)
    var expected = LinearPosterior(inputs: 1, outputs: 1, priorPrecision: 0.1, noisePrecision: 1)
    try expected.observe(rows.inputs, try #require(rows.targets))
    #expect(mismatch(found.mean, expected.mean, tolerance: 1e-12) == nil)
    #expect(mismatch(found.covariance, expected.covariance, tolerance: 1e-12) == nil)
    #expect(found.noiseVariance == 1 && rows.count == 20)
    let deviation = try #require(result.scores["train"]?.values["deviation"])
    #expect(abs(deviation - expected.predictions(rows.inputs).variance.sqrt().mean().item()) < 1e-12)
    // Row by row in any order: the same.
    let single = try LinearPosterior(trained("line-bayesian", "batchSize=1", "shuffle=true").result.model)
    #expect(mismatch(single.covariance, expected.covariance, tolerance: 1e-9) == nil)
    #expect(mismatch(single.mean, expected.mean, tolerance: 1e-9) == nil)
  }

  /// Under a uniform prior the posterior's mean is the least-squares solution, wherever there is one.
  @Test func aUniformPriorGivesLeastSquares() throws {
    let x = RandomSource(seed: 4).normal([30, 3], dtype: .float64)
    let y = RandomSource(seed: 5).normal([30, 2], dtype: .float64)
    var posterior = LinearPosterior(inputs: 3, outputs: 2, priorPrecision: 0, noisePrecision: 4)
    try posterior.observe(x, y)
    let fit = LeastSquaresFit(inputs: x, targets: y)
    #expect(mismatch(posterior.mean[0..<3], fit.weight, tolerance: 1e-12) == nil)
    #expect(mismatch(posterior.mean[3], try #require(fit.bias), tolerance: 1e-12) == nil)
    // Too few rows, and a column that is the sum of others.
    let few = #expect(throws: ModelError.self) {
      var posterior = LinearPosterior(inputs: 3, outputs: 2, priorPrecision: 0, noisePrecision: 4)
      try posterior.observe(x[0..<3], y[0..<3])
    }
    #expect("\(few.map { "\($0)" } ?? "")".contains("do not determine the 4 weights"))
    let dependent = Tensor.concatenate([x, x.sum(axes: [1], keepingDimensions: true)], axis: 1)
    #expect(throws: ModelError.self) {
      var posterior = LinearPosterior(inputs: 4, outputs: 2, priorPrecision: 0, noisePrecision: 4)
      try posterior.observe(dependent, y)
    }
    let result = try ZooTests.run("line-bayesian", "model.priorPrecision=0")
    #expect(result.model.parameters.trainable.isFinite().all().item() != 0)
  }

  @Test func itRefusesWhatItCannotDo() throws {
    let definition = try Registries.standard.make(.model, "linear-regression")
    #expect(throws: ModelError.self) { try definition.built(for: [3], seed: 1) }
    #expect(throws: ModelError.self) { try LinearPosterior(definition.built(for: [3], classes: 3, seed: 1)) }
    #expect(throws: ConfigurationError.self) {
      try Registries.standard.make(.model, "linear-regression", ["method": "bayesian", "maxNorm": 1])
    }
    #expect(throws: ConfigurationError.self) {
      try Registries.standard.make(.model, "linear-regression", ["maxNorm": 0])
    }
    #expect(throws: ModelError.self) {
      try ZooTests.run(
        "line-least-squares", "objective=least-squares",
        #"model={"name":"network","layers":[{"name":"dense","units":4},{"name":"dense","units":1}]}"#, "batchSize=null")
    }
    #expect(throws: ModelError.self) { try ZooTests.run("line-least-squares", "objective=gaussian-posterior") }
  }
}
