import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Widrow and Hoff's adaptive linear neuron: a linear unit z = x·w + b, trained toward −1 and 1, that outputs the sign
/// of z.
///
/// Its rule (``WidrowHoffRule``) follows the error of the sum, while the perceptron's follows the error of the output.
/// It therefore converges to the least squared error, whether or not the classes are linearly separable. With more than
/// two classes, each has its own unit, and the unit with the greatest sum gives the prediction.
public struct Adaline: ModelDefinition, Registrable {
  public static let name = "adaline"
  public static let card = Card(
    "The adaptive linear neuron, trained by Widrow and Hoff's rule: least squares with targets −1 and 1, one row at a time.",
    formula: "z = x·w + b,  y = [z ≥ 0]",
    references: ["Widrow, Hoff: Adaptive switching circuits (1960)"], tags: ["classifier"])

  var initial = InitialValues()

  public init() {}

  public init(weightInitializer: any Initializer = Zeros(), biasInitializer: any Initializer = Zeros()) {
    initial = InitialValues(weightInitializer, biasInitializer)
  }

  public var targetKind: TargetKind { .labels }

  /// One linear unit for two classes, otherwise one per class.
  public func network(for task: LearningTask) throws -> any Layer {
    let classes = try task.classCount(of: Self.name)
    return Sequential([initial.dense(classes > 2 ? classes : 1)])
  }

  /// One stage with the rule, on one row at a time, with a learning rate of 0.01.
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
