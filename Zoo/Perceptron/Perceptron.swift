import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Rosenblatt's perceptron: one unit that fires if a weighted sum is at least zero, y = [x·w + b ≥ 0].
///
/// Its rule (``PerceptronRule``) separates two classes if a plane can: AND and OR, but not XOR.
public struct Perceptron: ModelDefinition, Registrable {
  public static let name = "perceptron"
  public static let card = Card(
    "One threshold unit, trained by Rosenblatt's rule: separates two linearly separable classes by a plane.",
    formula: "y = [x·w + b ≥ 0]",
    references: ["Rosenblatt: The perceptron (1958)", "Minsky, Papert: Perceptrons (1969)"], tags: ["classifier"])

  var initial = InitialValues()

  public init() {}

  public init(weightInitializer: any Initializer = Zeros(), biasInitializer: any Initializer = Zeros()) {
    initial = InitialValues(weightInitializer, biasInitializer)
  }

  public var targetKind: TargetKind { .labels }

  /// One threshold unit. Throws unless there are two classes.
  public func network(for task: LearningTask) throws -> any Layer {
    let classes = try task.classCount(of: Self.name)
    guard classes == 2 else {
      throw ModelError(
        "the model '\(Self.name)' separates two classes, but the data has \(classes); use 'adaline' or 'softmax-regression'"
      )
    }
    return Sequential([initial.dense(1, activation: Step())])
  }

  /// One stage with Rosenblatt's rule, on one row at a time, with a learning rate of 1.
  public var stages: [StageProposal] {
    [
      StageProposal(
        "train",
        [
          "objective": "perceptron-rule", "optimizer": ["name": "sgd", "learningRate": 1], "batchSize": 1,
          "shuffle": false,
        ])
    ]
  }
}
