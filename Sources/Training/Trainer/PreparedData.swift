import AviaryCore
import AviaryData

/// The parts of a data set, transformed: what a training sees.
public struct PreparedData: Sendable {
  /// Rows to learn from.
  public let train: DataSet
  /// Rows to decide by; empty where there are none.
  public let validation: DataSet
  /// Rows to judge by; empty where there are none.
  public let test: DataSet
  /// What the transforms learned of the training rows.
  public let learned: [[String: Tensor]]
  /// The shapes at both ends.
  public let task: LearningTask

  /// The parts that have rows, by name.
  public var parts: [(name: String, set: DataSet)] {
    [("train", train), ("validation", validation), ("test", test)].filter { $0.set.count > 0 }
  }
}

extension ResolvedRecipe {
  /// Loads, parts and transforms the data.
  ///
  /// - Parameters:
  ///   - folder: where data sets that are files lie, if not in the current folder.
  ///   - file: what is read in place of the data set's own file.
  ///   - learned: what the transforms learned earlier; nil fits them to the training rows.
  /// - Returns: the parts, ready for training.
  /// - Throws: `DataError` where the data cannot be read or is not what the recipe asks for.
  public func prepare(
    folder: String?, file: String?, learned: [[String: Tensor]]? = nil
  ) throws -> PreparedData {
    let random = RandomSource(seed: seed)
    let environment = DataEnvironment(folder: folder, file: file, random: random["data"])
    let set = try data.load(environment).validated()
    let partition = try split.partition(set, random: random["split"])
    guard !partition.train.isEmpty else { throw TrainingError.noRows(set.name) }
    var train = floating(set.subset(partition.train))
    var others = [partition.validation, partition.test].map { floating(set.subset($0)) }
    var fitted: [[String: Tensor]] = []
    for (index, transform) in transforms.enumerated() {
      let known = learned.flatMap { index < $0.count ? $0[index] : nil }
      let facts = try known ?? transform.fitted(to: train.inputs)
      fitted.append(facts)
      train.inputs = try transform(train.inputs, facts)
      for part in others.indices { others[part].inputs = try transform(others[part].inputs, facts) }
    }
    let isLabelled = set.targets?.dtype == .int64
    let task = LearningTask(
      input: train.inputShape, classes: isLabelled ? set.classes : nil,
      target: isLabelled ? nil : set.targets.map { $0.shape.removing(axis: 0) })
    return PreparedData(train: train, validation: others[0], test: others[1], learned: fitted, task: task)
  }

  /// All rows of a file in place of the data set's own, changed by transforms that have learned earlier.
  func transformed(file: String, learned: [[String: Tensor]]) throws -> DataSet {
    let environment = DataEnvironment(file: file, random: RandomSource(seed: seed)["data"])
    var set = floating(try data.load(environment).validated())
    for (index, transform) in transforms.enumerated() {
      set.inputs = try transform(set.inputs, index < learned.count ? learned[index] : [:])
    }
    return set
  }

  private func floating(_ set: DataSet) -> DataSet {
    var set = set
    set.inputs = set.inputs.cast(to: dtype)
    return set
  }
}
