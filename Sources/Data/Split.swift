import AviaryCore
import AviaryRegistry

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

/// A rule that parts a data set.
public protocol Split: Sendable {
  /// The rows of each part: a pure function of the set and the random source. Throws ``DataError`` where the set does not
  /// allow it.
  func partition(_ set: DataSet, random: RandomSource) throws -> Partition
}

extension Kind where Product == any Split {
  /// Splits, by name.
  public static var split: Self { Kind("split") }
}

extension Registrable where Self: Split {
  /// A split.
  public static var kind: Kind<any Split> { .split }
  /// The split itself.
  public func product() -> any Split { self }
}
