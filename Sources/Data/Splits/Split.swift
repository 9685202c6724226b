import AviaryCore
import AviaryRegistry

/// A rule for splitting a data set.
public protocol Split: Sendable {
  /// The rows of each part, as a pure function of the set and the random source. Throws ``DataError`` if the set does
  /// not allow it.
  func partition(_ set: DataSet, random: RandomSource) throws -> Partition

  /// The same, with access to the environment's folder for splits that read files.
  func partition(_ set: DataSet, in environment: DataEnvironment) throws -> Partition
}

extension Split {
  /// Uses the environment's random source, for splits that read no files.
  public func partition(_ set: DataSet, in environment: DataEnvironment) throws -> Partition {
    try partition(set, random: environment.random)
  }
}

extension Kind where Product == any Split {
  /// The kind of splits.
  public static var split: Self { Kind("split") }
}

extension Registrable where Self: Split {
  public static var kind: Kind<any Split> { .split }
  public func product() -> any Split { self }
}
