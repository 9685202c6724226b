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
  public static let name = "adaline"
  public static let card = Card(
    "The adaptive linear neuron, trained by Widrow and Hoff's rule: least squares towards −1 and 1, a row at a time.",
    formula: "z = x·w + b,  y = [z ≥ 0]",
    references: ["Widrow, Hoff: Adaptive switching circuits (1960)"], tags: ["classifier"])

  var initial = InitialValues()

  public init() {}

  /// An adaptive linear neuron.
  public init(weightInitializer: any Initializer = Zeros(), biasInitializer: any Initializer = Zeros()) {
    initial = InitialValues(weightInitializer, biasInitializer)
  }

  /// Labels: it tells classes apart.
  public var targetKind: TargetKind { .labels }

  /// One linear unit for two classes, else one a class.
  public func network(for task: LearningTask) throws -> any Layer {
    let classes = try task.classCount(of: Self.name)
    return Sequential([initial.dense(classes > 2 ? classes : 1)])
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
