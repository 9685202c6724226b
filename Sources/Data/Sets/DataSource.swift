import AviaryCore
import AviaryRegistry

/// Where a data set comes from: embedded, computed, or read from files.
///
/// ```swift
/// let fonts = try FontsData().load()
/// let own = try NPZData("digits.npz").load(DataEnvironment(folder: "data"))
/// ```
public protocol DataSource: Sendable {
  /// Reads or computes the set. Throws ``DataError`` where that fails.
  func load(_ environment: DataEnvironment) throws -> DataSet
}

extension DataSource {
  /// Reads or computes the set where nothing is said about folders, files and seeds.
  public func load() throws -> DataSet { try load(DataEnvironment()) }
}

extension Kind where Product == any DataSource {
  /// Data sets, by name.
  public static var dataSet: Self { Kind("data-set") }
}

extension Registrable where Self: DataSource {
  /// A data set.
  public static var kind: Kind<any DataSource> { .dataSet }
  /// The source itself.
  public func product() -> any DataSource { self }
}
