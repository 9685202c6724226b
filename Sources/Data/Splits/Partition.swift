/// The training, validation and test rows of a set.
public struct Partition: Sendable, Equatable {
  /// Training rows.
  public var train: [Int]
  /// Validation rows, for decisions such as early stopping.
  public var validation: [Int]
  /// Test rows, used for nothing else.
  public var test: [Int]

  public init(train: [Int], validation: [Int] = [], test: [Int] = []) {
    self.train = train
    self.validation = validation
    self.test = test
  }
}
