import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Linear regression, y = x·W + b: by least squares in closed form, with bounded weights, by gradient descent, or
/// Bayesian.
///
/// Targets are values. Labels become one-hot rows, which gives a least-squares classifier. In Swift,
/// ``LeastSquaresFit`` and ``LinearPosterior`` implement the methods.
public struct LinearRegression: ModelDefinition, Registrable {
  /// How the weights are fitted.
  public enum Method: String, CaseIterable, FieldValue {
    /// Solves the normal equations in one step.
    case closedForm = "closed-form"
    /// Gradient descent on the mean squared error.
    case gradient
    /// Applies Bayes' rule with a Gaussian prior, for mean and covariance.
    case bayesian
  }

  public static let name = "linear-regression"
  public static let card = Card(
    "Linear regression: in closed form, optionally with bounded weights, by gradient descent, or Bayesian.",
    formula: "y = x·W + b",
    references: [
      "Bishop: Pattern Recognition and Machine Learning (2006), chapter 3",
      "Goodfellow, Bengio, Courville: Deep Learning (2016), section 4.5",
    ],
    tags: ["regression"])

  @Field("Method: the exact solution, gradient descent, or a posterior")
  var method = Method.closedForm
  @Field("Adds the bias b") var bias = true
  @Field(
    "Maximum norm r of an output's weights: exact in closed form, by projection in gradient descent", .positive)
  var maxNorm: Double?
  @Field("Precision α of the prior N(0, 1/α) of weights and bias, 0 for a uniform prior; bayesian only", .nonNegative)
  var priorPrecision = 1.0
  @Field("Precision β of the targets' noise N(0, 1/β); bayesian only", .positive) var noisePrecision = 1.0
  /// For gradient descent.
  var initial = InitialValues()

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
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
    for (name, value) in [("priorPrecision", priorPrecision), ("noisePrecision", noisePrecision)]
    where method != .bayesian && value != 1 {
      throw ConfigurationError(
        .invalid("only the method bayesian has a precision, but the method is \(method.rawValue)"),
        at: .init([.key(name)]))
    }
    if method == .bayesian, maxNorm != nil {
      throw ConfigurationError(
        .invalid("a Gaussian prior cannot bound a norm; use the method closed-form, or raise priorPrecision"),
        at: "maxNorm")
    }
  }

  public var targetKind: TargetKind { .values }

  /// One linear unit per target value or class.
  public func network(for task: LearningTask) throws -> any Layer {
    guard let units = task.classes ?? task.target?.elementCount else {
      throw ModelError("the model '\(Self.name)' predicts targets, but the data has none")
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

  /// One stage: the solution or gradient descent.
  public var stages: [StageProposal] {
    switch method {
    case .gradient:
      return [StageProposal("train", ["objective": ["name": "supervised", "loss": "mean-squared-error"]])]
    case .closedForm:
      return [.fitting(LeastSquares.name, maxNorm.map { ["maxNorm": .number($0)] } ?? [:])]
    case .bayesian: return [.fitting(GaussianPosterior.name)]
    }
  }
}
