import AviaryCore
import AviaryRegistry

/// A rule that parts a data set.
public protocol Split: Sendable {
  /// The rows of each part: a pure function of the set and the random source. Throws ``DataError`` where the set does not
  /// allow it.
  func partition(_ set: DataSet, random: RandomSource) throws -> Partition

  /// The same, where files that the split reads may also lie in the environment's folder.
  func partition(_ set: DataSet, in environment: DataEnvironment) throws -> Partition
}

extension Split {
  /// For splits that read no files: by the environment's random source.
  public func partition(_ set: DataSet, in environment: DataEnvironment) throws -> Partition {
    try partition(set, random: environment.random)
  }
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
