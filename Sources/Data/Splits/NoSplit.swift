import AviaryCore
import AviaryRegistry

/// All rows train; nothing is left to judge by.
public struct NoSplit: Split, Registrable {
  /// `"none"`.
  public static let name = "none"
  /// What is worth knowing.
  public static let card = Card("All rows are trained with, and none is left to judge by.")

  /// The split has nothing to configure.
  public init(_ configuration: EmptyConfiguration = EmptyConfiguration(), in registries: Registries = Registries()) {}

  /// All rows in order.
  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    Partition(train: Array(0..<set.count))
  }
}
