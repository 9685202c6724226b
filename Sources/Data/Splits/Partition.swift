/// Which rows train, which choose (validation), and which judge (test).
public struct Partition: Sendable, Equatable {
  /// Rows to learn from.
  public var train: [Int]
  /// Rows to decide on early stopping and the like.
  public var validation: [Int]
  /// Rows to judge by, seen by nothing else.
  public var test: [Int]

  /// A partition.
  public init(train: [Int], validation: [Int] = [], test: [Int] = []) {
    self.train = train
    self.validation = validation
    self.test = test
  }
}
