import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Linear regression, y = x·W + b: by least squares in closed form, within a ball, by gradient descent, or as a posterior.
///
/// Targets are values. Labels stand for rows of zeros with a one: a classifier by least squares. The Swift interfaces
/// behind the methods are ``LeastSquaresFit`` and ``LinearPosterior``.
public struct LinearRegression: ModelDefinition, Registrable {
  /// How the weights are found.
  public enum Method: String, Codable, CaseIterable, Sendable {
    /// The normal equations, in one step.
    case closedForm = "closed-form"
    /// Gradient descent on the mean squared error.
    case gradient
    /// Bayes' rule with a normal prior: a mean and a covariance.
    case bayesian
  }

  /// The model's configuration.
  public struct Configuration: ConfigurationFields {
    /// How the weights are found.
    public var method = Method.closedForm
    /// Adds b.
    public var bias = true
    /// r in ‖w‖ ≤ r.
    public var maxNorm: Double?
    /// α.
    public var priorPrecision = 1.0
    /// β.
    public var noisePrecision = 1.0
    /// W at the beginning.
    public var weightInitializer: Specification = "zeros"
    /// b at the beginning.
    public var biasInitializer: Specification = "zeros"

    /// Least squares.
    public init() {}
  }

  /// `"linear-regression"`.
  public static let name = "linear-regression"
  /// What is worth knowing.
  public static let card = Card(
    "Linear regression: least squares in closed form, also with bounded weights, by gradient descent, or Bayesian.",
    formula: "y = x·W + b",
    fields: [
      "method":
        "closed-form (one step to the solution), gradient (descent), bayesian (mean and covariance of the weights).",
      "bias": "Adds the vector b.",
      "maxNorm":
        "The greatest norm r of the weights of an output, above 0: exactly in closed form, by projection in gradient descent.",
      "priorPrecision": "α of the prior N(0, 1/α) of weights and bias, above 0; bayesian only.",
      "noisePrecision": "β of the targets' noise N(0, 1/β), above 0; bayesian only.",
      "weightInitializer": "Draws the initial W [in, out]; gradient only.",
      "biasInitializer": "Draws the initial b [out]; gradient only.",
    ],
    references: [
      "Bishop: Pattern Recognition and Machine Learning (2006), chapter 3",
      "Goodfellow, Bengio, Courville: Deep Learning (2016), section 4.5",
    ],
    tags: ["regression"])

  let configuration: Configuration
  let weight: any Initializer
  let bias: any Initializer

  /// Checks the configuration and makes the initializers.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    self.configuration = configuration
    if let norm = configuration.maxNorm { try Check.positive(norm, "maxNorm") }
    let prior = configuration.priorPrecision
    try Check.that(
      prior > 0 && prior.isFinite, "priorPrecision",
      "a positive number (for a uniform prior, 0, the posterior's mean is that of the method closed-form)", found: prior
    )
    try Check.positive(configuration.noisePrecision, "noisePrecision")
    if configuration.method == .bayesian, configuration.maxNorm != nil {
      throw ConfigurationError(
        .invalid("a normal prior bounds no norm; choose the method closed-form, or raise priorPrecision"),
        at: "maxNorm")
    }
    weight = try registries.make(.initializer, configuration.weightInitializer)
    bias = try registries.make(.initializer, configuration.biasInitializer)
  }

  /// Values.
  public var targetKind: TargetKind { .values }

  /// One linear unit a target value, or one a class.
  public func network(for task: LearningTask) throws -> any Layer {
    guard let units = task.classes ?? task.target?.elementCount else {
      throw ModelError("the model '\(Self.name)' predicts targets, and the data have none")
    }
    if configuration.method == .bayesian {
      return Sequential([
        GaussianLinear(
          units: units, hasBias: configuration.bias, priorPrecision: configuration.priorPrecision,
          noisePrecision: configuration.noisePrecision)
      ])
    }
    return Sequential([
      Dense(
        units, bias: configuration.bias, weightInitializer: weight, biasInitializer: bias,
        weightConstraint: configuration.method == .gradient ? configuration.maxNorm.map { MaxNorm($0) } : nil)
    ])
  }

  /// One stage: a step to the solution, or gradient descent.
  public var stages: [StageProposal] {
    var objective: ConfigurationObject
    switch configuration.method {
    case .gradient:
      return [StageProposal("train", ["objective": ["name": "supervised", "loss": "mean-squared-error"]])]
    case .closedForm:
      objective = ["name": "least-squares"]
      if let norm = configuration.maxNorm { objective["maxNorm"] = .number(norm) }
    case .bayesian:
      objective = ["name": "gaussian-posterior"]
    }
    return [
      StageProposal(
        "train",
        [
          "objective": .object(objective), "optimizer": ["name": "sgd", "learningRate": 1], "batchSize": nil,
          "shuffle": false, "epochs": 1, "evaluate": ["train", "validation", "test"],
        ])
    ]
  }
}
