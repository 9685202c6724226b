import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Widrow and Hoff's adaptive linear neuron: a linear unit z = x·w + b, trained towards −1 and 1; its answer is the sign.
///
/// It learns by its own rule (``WidrowHoffRule``), which goes by the error of the sum and not, as the perceptron's, by
/// that of the answer: it settles where the squared error is least, whether or not a plane parts the classes. For more
/// than two classes there is a unit each, and the greatest sum answers.
public struct Adaline: ModelDefinition, Registrable {
  /// The model's configuration.
  public struct Configuration: ConfigurationFields {
    /// w at the beginning.
    public var weightInitializer: Specification = "zeros"
    /// b at the beginning.
    public var biasInitializer: Specification = "zeros"

    /// From zero.
    public init() {}
  }

  /// `"adaline"`.
  public static let name = "adaline"
  /// What is worth knowing.
  public static let card = Card(
    "The adaptive linear neuron, trained by Widrow and Hoff's rule: least squares towards −1 and 1, a row at a time.",
    formula: "z = x·w + b,  y = [z ≥ 0]",
    fields: [
      "weightInitializer": "Draws the initial weights w [in, units].",
      "biasInitializer": "Draws the initial bias b [units].",
    ],
    references: ["Widrow, Hoff: Adaptive switching circuits (1960)"], tags: ["classifier"])

  let units: DenseTemplate

  /// Makes the initializers.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    units = DenseTemplate(
      weight: try registries.make(.initializer, configuration.weightInitializer),
      bias: try registries.make(.initializer, configuration.biasInitializer))
  }

  /// Labels: it tells classes apart.
  public var targetKind: TargetKind { .labels }

  /// One linear unit for two classes, else one a class.
  public func network(for task: LearningTask) throws -> any Layer {
    let classes = try task.classCount(of: Self.name)
    return Sequential([units.layer(classes > 2 ? classes : 1)])
  }

  /// One stage by the rule: a row at a time, with a rate of 0.01.
  public var stages: [StageProposal] {
    [
      StageProposal(
        "train",
        [
          "objective": "widrow-hoff-rule", "optimizer": ["name": "sgd", "learningRate": 0.01], "batchSize": 1,
        ])
    ]
  }
}
