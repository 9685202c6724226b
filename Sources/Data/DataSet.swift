import AviaryCore

/// Examples in rows: inputs, what is to be learned of them, and what the set's makers said about the rows.
public struct DataSet: Sendable {
  /// The set's name, for messages and reports.
  public var name: String
  /// One row an example: [n, …].
  public var inputs: Tensor
  /// int64 labels [n], or values [n, …]; nil where nothing is to be predicted.
  public var targets: Tensor?
  /// The classes' names, where the targets are labels and the names are known.
  public var classNames: [String]?
  /// Rows that the set's makers set apart: `"train"`, `"test"`. Empty where they did not.
  public var parts: [String: Range<Int>]

  /// A set of examples.
  public init(
    name: String, inputs: Tensor, targets: Tensor? = nil, classNames: [String]? = nil, parts: [String: Range<Int>] = [:]
  ) {
    self.name = name
    self.inputs = inputs
    self.targets = targets
    self.classNames = classNames
    self.parts = parts
  }

  /// How many examples.
  public var count: Int { inputs.shape[0] }

  /// The shape of one input.
  public var inputShape: Shape { inputs.shape.removing(axis: 0) }

  /// How many classes, where the targets are labels: the number of names, else one more than the greatest label.
  public var classes: Int? {
    guard let targets, targets.dtype == .int64, targets.elementCount > 0 else { return nil }
    return max(classNames?.count ?? 0, Int(targets.max().item()) + 1)
  }

  /// The given rows, in the given order. Traps on a row that is not there.
  public func subset(_ rows: [Int]) -> DataSet {
    let positions = Tensor(rows, shape: [rows.count])
    return DataSet(
      name: name, inputs: inputs.gather(positions), targets: targets?.gather(positions), classNames: classNames)
  }
}
