import AviaryCore
import AviaryRegistry

/// The source of a data set: embedded, computed, or read from files.
///
/// ```swift
/// let fonts = try FontsData().load()
/// let own = try NPZData("digits.npz").load(DataEnvironment(folder: "data"))
/// ```
public protocol DataSource: Sendable {
  /// Reads or computes the set. Throws ``DataError`` if that fails.
  func load(_ environment: DataEnvironment) throws -> DataSet
}

extension DataSource {
  /// Reads or computes the set with the default folder and seed.
  public func load() throws -> DataSet { try load(DataEnvironment()) }
}

extension Kind where Product == any DataSource {
  /// The kind of data sets.
  public static var dataSet: Self { Kind("data-set") }
}

extension Registrable where Self: DataSource {
  public static var kind: Kind<any DataSource> { .dataSet }
  public func product() -> any DataSource { self }
}
