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
  public enum Method: String, CaseIterable, FieldValue {
    /// The normal equations, in one step.
    case closedForm = "closed-form"
    /// Gradient descent on the mean squared error.
    case gradient
    /// Bayes' rule with a normal prior: a mean and a covariance.
    case bayesian
  }

  public static let name = "linear-regression"
  public static let card = Card(
    "Linear regression: least squares in closed form, also with bounded weights, by gradient descent, or Bayesian.",
    formula: "y = x·W + b",
    references: [
      "Bishop: Pattern Recognition and Machine Learning (2006), chapter 3",
      "Goodfellow, Bengio, Courville: Deep Learning (2016), section 4.5",
    ],
    tags: ["regression"])

  @Field("How the weights are found: exactly, by descent, or with their covariance")
  var method = Method.closedForm
  @Field("Adds the vector b") var bias = true
  @Field(
    "Greatest norm r of the weights of an output: exactly in closed form, by projection in gradient descent", .positive)
  var maxNorm: Double?
  @Field("α of the prior N(0, 1/α) of weights and bias, 0 for a uniform one; bayesian only", .nonNegative)
  var priorPrecision = 1.0
  @Field("β of the targets' noise N(0, 1/β); bayesian only", .positive) var noisePrecision = 1.0
  /// For gradient descent.
  var initial = InitialValues()

  public init() {}

  /// A linear regression. Throws `ConfigurationError` for values out of range.
  public init(
    method: Method = .closedForm, bias: Bool = true, maxNorm: Double? = nil, priorPrecision: Double = 1,
    noisePrecision: Double = 1, weightInitializer: any Initializer = Zeros(), biasInitializer: any Initializer = Zeros()
  ) throws {
    self.method = method
    self.bias = bias
    self.maxNorm = maxNorm
    self.priorPrecision = priorPrecision
    self.noisePrecision = noisePrecision
    initial.weightInitializer = weightInitializer
    initial.biasInitializer = biasInitializer
    self = try checked()
  }

  public func validate() throws {
    if method == .bayesian, maxNorm != nil {
      throw ConfigurationError(
        .invalid("a normal prior bounds no norm; choose the method closed-form, or raise priorPrecision"),
        at: "maxNorm")
    }
  }

  /// Values.
  public var targetKind: TargetKind { .values }

  /// One linear unit a target value, or one a class.
  public func network(for task: LearningTask) throws -> any Layer {
    guard let units = task.classes ?? task.target?.elementCount else {
      throw ModelError("the model '\(Self.name)' predicts targets, and the data have none")
    }
    if method == .bayesian {
      return Sequential([
        GaussianLinear(
          units: units, hasBias: bias, priorPrecision: priorPrecision, noisePrecision: noisePrecision)
      ])
    }
    let bound = method == .gradient ? maxNorm.map { MaxNorm($0) } : nil
    return Sequential([initial.dense(units, bias: bias, constraint: bound)])
  }

  /// One stage: the solution, or gradient descent.
  public var stages: [StageProposal] {
    var objective: ConfigurationObject
    switch method {
    case .gradient:
      return [StageProposal("train", ["objective": ["name": "supervised", "loss": "mean-squared-error"]])]
    case .closedForm:
      objective = ["name": "least-squares"]
      if let norm = maxNorm { objective["maxNorm"] = .number(norm) }
    case .bayesian:
      objective = ["name": "gaussian-posterior"]
    }
    return [
      StageProposal(
        "train",
        [
          "objective": .object(objective), "batchSize": nil, "shuffle": false, "epochs": 1,
        ])
    ]
  }
}
