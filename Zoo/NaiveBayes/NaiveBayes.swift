import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Bayes' rule with features that are taken as independent given the class: a classifier that is fitted by counting.
public struct NaiveBayes: ModelDefinition, Registrable {
  /// The distribution of a feature given the class.
  public enum Distribution: String, CaseIterable, FieldValue, Sendable {
    /// Normal, with a mean and a variance for each class.
    case gaussian
    /// On, above 0, or off.
    case bernoulli
    /// A count, such as that of a word in a text.
    case multinomial
  }

  public static let name = "naive-bayes"
  public static let card = Card(
    "A classifier by Bayes' rule with features taken as independent given the class.",
    formula: "p(k | x) ∝ pₖ · Πⱼ p(xⱼ | k)",
    references: ["Bishop: Pattern Recognition and Machine Learning (2006), section 4.2"],
    tags: ["classifier", "classical"])

  @Field("Distribution of a feature: gaussian; bernoulli: on (above 0) or off; multinomial: counts")
  var distribution = Distribution.gaussian
  var counting = CountingFields()

  public init() {}

  /// A classifier. Throws `ConfigurationError` for values out of range.
  public init(distribution: Distribution = .gaussian, smoothing: Double = 1e-9, alpha: Double = 1) throws {
    self.distribution = distribution
    counting = CountingFields(smoothing: smoothing, alpha: alpha)
    self = try checked()
  }

  public var targetKind: TargetKind { .labels }

  public func network(for task: LearningTask) throws -> any Layer {
    Sequential([NaiveBayesLayer(classes: try task.classCount(of: Self.name), distribution: distribution)])
  }

  /// One stage, which counts.
  public var stages: [StageProposal] {
    get throws { [.fitting(NaiveBayesCounting.name, try counting.configuration())] }
  }
}
