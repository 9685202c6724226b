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
  @Field("Share of the largest variance that is added to all, gaussian only", .nonNegative) var smoothing = 1e-9
  @Field("Rows or counts added to each that was seen, bernoulli and multinomial only", .positive) var alpha = 1.0

  public init() {}

  /// A classifier. Throws `ConfigurationError` for values out of range.
  public init(distribution: Distribution = .gaussian, smoothing: Double = 1e-9, alpha: Double = 1) throws {
    self.distribution = distribution
    self.smoothing = smoothing
    self.alpha = alpha
    self = try checked()
  }

  public var targetKind: TargetKind { .labels }

  public func network(for task: LearningTask) throws -> any Layer {
    Sequential([NaiveBayesLayer(classes: try task.classCount(of: Self.name), distribution: distribution)])
  }

  /// One stage, which counts.
  public var stages: [StageProposal] {
    [
      StageProposal(
        "train",
        [
          "objective": [
            "name": "naive-bayes-counting", "smoothing": .number(smoothing), "alpha": .number(alpha),
          ], "batchSize": nil, "shuffle": false, "epochs": 1,
        ])
    ]
  }
}
