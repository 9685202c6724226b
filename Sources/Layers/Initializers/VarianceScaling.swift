import AviaryCore
import AviaryRegistry

/// Values with variance scale / n, where n is the number of inputs or outputs of a unit, or their mean. Generalizes
/// Glorot, He and LeCun initialization.
///
/// Truncated normal values have that variance after truncation at two standard deviations, as in Keras and JAX. (He,
/// Zhang, Ren and Sun: Delving deep into rectifiers, 2015; Glorot and Bengio, 2010; LeCun, Bottou, Orr and Müller,
/// 1998.)
public struct VarianceScaling: Initializer, Registrable {
  /// The divisor of the variance.
  public enum Fan: String, CaseIterable, FieldValue {
    /// Inputs per unit, as in He and LeCun initialization.
    case input
    /// Outputs per input.
    case output
    /// The mean of both, as in Glorot initialization.
    case average
  }

  /// The distribution of the values.
  public enum Distribution: String, CaseIterable, FieldValue {
    /// Normal, truncated at two standard deviations.
    case truncatedNormal = "truncated-normal"
    /// Normal.
    case normal
    /// Uniform in a range around zero.
    case uniform
  }

  public static let name = "variance-scaling"
  public static let card = Card(
    "Values with a variance scaled by the inputs or outputs of a unit; generalizes Glorot, He and LeCun.",
    formula: "Var w = scale / n",
    references: [
      "Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks (2010)",
      "He, Zhang, Ren, Sun: Delving deep into rectifiers (2015), arXiv:1502.01852",
    ])

  @Field("Variance times n: 1 for linear units, 2 for ReLU units", .nonNegative) var scale = 1.0
  @Field("Meaning of n: input, output or average") var fan = Fan.input
  @Field("Distribution of the values") var distribution = Distribution.truncatedNormal

  public init() {}

  /// The default is truncated normal with variance 1 / in. Traps on a negative or infinite scale.
  public init(
    scale: Double = 1, fan: Fan = .input, distribution: Distribution = .truncatedNormal, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.scale = scale
    self.fan = fan
    self.distribution = distribution
    self = required(file: file, line: line)
  }

  /// The standard deviation of a standard normal truncated at two standard deviations.
  private static let deviationAfterCut = 0.8796256610342398

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
