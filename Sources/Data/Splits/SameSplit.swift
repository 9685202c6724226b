import AviaryCore
import AviaryRegistry

/// All rows train, and the same rows judge: for sets that hold every case there is, such as truth tables.
public struct SameSplit: Split, Registrable {
  /// `"same"`.
  public static let name = "same"
  /// What is worth knowing.
  public static let card = Card(
    "All rows are trained with and judged by: for sets that hold every case there is, such as truth tables.")

  /// The split has nothing to configure.
  public init(_ configuration: EmptyConfiguration = EmptyConfiguration(), in registries: Registries = Registries()) {}

  /// All rows in order, twice.
  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    Partition(train: Array(0..<set.count), test: Array(0..<set.count))
  }
}
