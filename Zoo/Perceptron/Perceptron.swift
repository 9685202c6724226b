import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Rosenblatt's perceptron: one unit that fires where a weighted sum reaches zero, y = [x·w + b ≥ 0].
///
/// It learns by its own rule (``PerceptronRule``) and tells two classes apart where a plane does: AND and OR, but not XOR.
public struct Perceptron: ModelDefinition, Registrable {
  public static let name = "perceptron"
  public static let card = Card(
    "One threshold unit, trained by Rosenblatt's rule: parts two classes by a plane, where there is one.",
    formula: "y = [x·w + b ≥ 0]",
    references: ["Rosenblatt: The perceptron (1958)", "Minsky, Papert: Perceptrons (1969)"], tags: ["classifier"])

  var initial = InitialValues()

  public init() {}

  /// A perceptron.
  public init(weightInitializer: any Initializer = Zeros(), biasInitializer: any Initializer = Zeros()) {
    initial = InitialValues(weightInitializer, biasInitializer)
  }

  /// Labels: it tells classes apart.
  public var targetKind: TargetKind { .labels }

  /// One unit with a threshold. Throws unless there are two classes.
  public func network(for task: LearningTask) throws -> any Layer {
    let classes = try task.classCount(of: Self.name)
    guard classes == 2 else {
      throw ModelError(
        "the model '\(Self.name)' tells two classes apart, and the data have \(classes); take 'adaline' or 'softmax-regression'"
      )
    }
    return Sequential([initial.dense(1, activation: Step())])
  }

  /// One stage by Rosenblatt's rule: a row at a time, with a rate of 1.
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
