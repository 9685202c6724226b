import AviaryCore
import AviaryRegistry

/// All rows train; nothing is left to judge by.
public struct NoSplit: Split, Registrable {
  public static let name = "none"
  public static let card = Card("All rows are trained with, and none is left to judge by.")

  public init() {}

  /// All rows in order.
  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    Partition(train: Array(0..<set.count))
  }
}
