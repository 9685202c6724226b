import AviaryCore

/// Some examples that are processed together.
public struct Batch: Sendable {
  /// [size, …].
  public var inputs: Tensor
  /// Labels [size] or values [size, …].
  public var targets: Tensor?
  /// The examples' rows in the set.
  public var rows: [Int]

  /// A batch.
  public init(inputs: Tensor, targets: Tensor?, rows: [Int]) {
    self.inputs = inputs
    self.targets = targets
    self.rows = rows
  }

  /// How many examples.
  public var count: Int { rows.count }
}
