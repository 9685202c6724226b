import AviaryCore
import AviaryRegistry

/// All rows are training rows; none are left for testing.
public struct NoSplit: Split, Registrable {
  public static let name = "none"
  public static let card = Card("All rows are training rows; none are left for testing.")

  public init() {}

  /// All rows in order.
  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    Partition(train: Array(0..<set.count))
  }
}
