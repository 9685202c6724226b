import AviaryCore

/// Examples in rows: inputs, targets, and predefined parts.
///
/// ```swift
/// let set = DataSet(name: "points", inputs: points, targets: labels)
/// let rows = try StratifiedSplit(test: 0.2).partition(set, random: RandomSource(seed: 1))
/// let (training, test) = (set.subset(rows.train), set.subset(rows.test))
/// ```
public struct DataSet: Sendable {
  public var name: String
  /// One example per row: [n, …].
  public var inputs: Tensor
  /// The number of valid steps of each row, at least 1, if inputs are sequences [n, steps, …] of different lengths; the
  /// rest is padding. nil if all rows are equally long.
  public var lengths: [Int]?
  /// The symbols that integer inputs stand for, such as characters or words; nil for other inputs.
  public var symbols: [String]?
  /// Further inputs of each row, by name, for models that take several.
  public var furtherInputs: [String: FurtherInput] = [:]
  /// The windows over a time series that the rows are, if the targets are forecasts.
  public var forecast: ForecastWindows?
  /// The targets: int64 labels [n], or [n, steps] with a label per step, or values [n, …]; nil if there are none.
  public var targets: Tensor?
  /// The class names, if the targets are labels with known names.
  public var classNames: [String]?
  /// Predefined parts: `"train"`, `"test"`. May be empty.
  public var parts: [String: Range<Int>]
  /// The feature names, in the order of the inputs' last axis; nil for inputs without names, such as images.
  public var featureNames: [String]?
  /// The target's name, if any.
  public var targetName: String?
  /// Whether the class names are just the numeric labels in a file, which may lack the last classes.
  package var classesAreCounted = false
  /// Notes on what was guessed or skipped in reading the set, one sentence each, for the user.
  public var notes: [String] = []

  public init(
    name: String, inputs: Tensor, targets: Tensor? = nil, classNames: [String]? = nil, parts: [String: Range<Int>] = [:]
  ) {
    self.name = name
    self.inputs = inputs
    self.targets = targets
    self.classNames = classNames
    self.parts = parts
  }

  /// The number of examples.
  public var count: Int { inputs.shape[0] }

  /// The shape of one input.
  public var inputShape: Shape { inputs.shape.removing(axis: 0) }

  /// The labels [n], if the targets are labels.
  public var labels: Tensor? { targets.flatMap { $0.dtype == .int64 ? $0 : nil } }

  /// The number of classes, if the targets are labels: the number of names, otherwise one more than the largest label.
  public var classes: Int? {
    guard let labels, labels.elementCount > 0 else { return nil }
    return max(classNames?.count ?? 0, Int(labels.max().item()) + 1)
  }

  /// The given rows in the given order, without ``parts``. Adjacent rows in ascending order share the set's memory;
  /// others are copied. Traps on a row out of range.
  public func subset(_ rows: [Int], file: StaticString = #fileID, line: UInt = #line) -> DataSet {
    require(
      rows.allSatisfy { $0 >= 0 && $0 < count }, "row out of range for the \(count) rows of '\(name)'", file, line)
    if let first = rows.first, rows.indices.allSatisfy({ rows[$0] == first + $0 }) {
      let range = first..<(first + rows.count)
      return with(rows) { $0[range] }
    }
    let positions = Tensor(rows, shape: [rows.count])
    return with(rows) { $0.gather(positions) }
  }

  /// The same set with other rows.
  private func with(_ rows: [Int], _ taken: (Tensor) -> Tensor) -> DataSet {
    var set = self
    (set.inputs, set.targets, set.parts) = (taken(inputs), targets.map(taken), [:])
    set.lengths = lengths.map { lengths in rows.map { lengths[$0] } }
    set.furtherInputs = furtherInputs.mapValues { $0.with(rows, taken) }
    set.forecast = forecast?.with(rows, taken)
    return set
  }
}
