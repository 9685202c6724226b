/// The meaning of a set's columns and targets. A run records it to interpret later files.
///
/// ```swift
/// var environment = DataEnvironment(file: "new.csv")
/// environment.schema = training.schema            // columns and classes are matched by name, not by position
/// let new = try CSVData("training.csv").load(environment)
/// ```
public struct DataSchema: Sendable, Hashable {
  /// The feature names, in the order of the inputs' last axis; nil for inputs without names, such as images.
  public var featureNames: [String]?
  /// The target's name; nil without a target or name.
  public var targetName: String?
  /// The class names, in the order of the labels; nil if the targets are not labels, or are labels without names.
  public var classNames: [String]?
  /// Whether the targets are labels or values, never ``TargetKind/automatic``; nil without targets.
  public var targetKind: TargetKind?

  public init(
    featureNames: [String]? = nil, targetName: String? = nil, classNames: [String]? = nil, targetKind: TargetKind? = nil
  ) {
    self.featureNames = featureNames
    self.targetName = targetName
    self.classNames = classNames
    self.targetKind = targetKind
  }
}

extension DataSet {
  /// The meaning of the set's columns and targets.
  public var schema: DataSchema {
    DataSchema(
      featureNames: featureNames, targetName: targetName, classNames: classNames,
      targetKind: targets.map { $0.dtype == .int64 ? .labels : .values })
  }
}
