import AviaryCore
import AviaryRegistry

/// Numbers whose variance is scale / n, n the inputs of a unit, its outputs or their mean: the rule of which Glorot's, He's and
/// LeCun's are cases.
///
/// Truncated normal numbers have the variance after the cut at two standard deviations, as in Keras and JAX. (He, Zhang, Ren
/// and Sun: Delving deep into rectifiers, 2015; Glorot and Bengio, 2010; LeCun, Bottou, Orr and Müller, 1998.)
public struct VarianceScaling: Initializer, Registrable {
  /// What the variance is divided by.
  public enum Fan: String, CaseIterable, FieldValue {
    /// Inputs of a unit: He, LeCun.
    case input
    /// Outputs that an input reaches.
    case output
    /// The mean of both: Glorot.
    case average
  }

  /// How the numbers are drawn.
  public enum Distribution: String, CaseIterable, FieldValue {
    /// Normal, cut at two standard deviations.
    case truncatedNormal = "truncated-normal"
    /// Normal.
    case normal
    /// Evenly from a range around zero.
    case uniform
  }

  public static let name = "variance-scaling"
  public static let card = Card(
    "Numbers whose variance is scaled by the inputs or outputs of a unit; Glorot's, He's and LeCun's are cases.",
    formula: "Var w = scale / n",
    references: [
      "Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks (2010)",
      "He, Zhang, Ren, Sun: Delving deep into rectifiers (2015), arXiv:1502.01852",
    ])

  @Field("Variance times n: 1 for linear units, 2 for rectifiers", .nonNegative) var scale = 1.0
  @Field("What n counts") var fan = Fan.input
  @Field("How the numbers are drawn") var distribution = Distribution.truncatedNormal

  public init() {}

  /// The variance 1 / in, truncated normal, unless given. Traps on a negative or infinite scale.
  public init(
    scale: Double = 1, fan: Fan = .input, distribution: Distribution = .truncatedNormal, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.scale = scale
    self.fan = fan
    self.distribution = distribution
    self = required(file: file, line: line)
  }

  /// The standard deviation of a normal number that was cut at two standard deviations.
  private static let deviationAfterCut = 0.8796256610342398

  /// Numbers of the variance scale / n.
  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    let count =
      switch fan {
      case .input: Double(fans.input)
      case .output: Double(fans.output)
      case .average: (Double(fans.input) + Double(fans.output)) / 2
      }
    let deviation = (scale / max(1, count)).squareRoot()
    switch distribution {
    case .normal: return random.normal(shape, standardDeviation: deviation, dtype: dtype)
    case .truncatedNormal:
      return random.truncatedNormal(shape, standardDeviation: deviation / Self.deviationAfterCut, dtype: dtype)
    case .uniform:
      let bound = 3.0.squareRoot() * deviation
      return random.uniform(shape, in: -bound..<bound, dtype: dtype)
    }
  }
}
