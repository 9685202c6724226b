import AviaryCore
import AviaryRegistry

/// Where a data set comes from: embedded, computed, or read from files.
public protocol DataSource: Sendable {
  /// Reads or computes the set. Throws ``DataError`` where that fails.
  func load(_ environment: DataEnvironment) throws -> DataSet
}

/// What loading depends on beside the configuration.
public struct DataEnvironment: Sendable {
  /// Where sets that are files lie (`AVIARY_DATA`).
  public var folder: String?
  /// A file to read in place of the set's own (`--data FILE`).
  public var file: String?
  /// For sets that are drawn.
  public var random: RandomSource

  /// An environment.
  public init(folder: String? = nil, file: String? = nil, random: RandomSource = RandomSource(seed: 0)) {
    self.folder = folder
    self.file = file
    self.random = random
  }
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

/// Data that cannot be used: where it is, what is wrong with it, and the remedy.
public struct DataError: Error, Hashable, CustomStringConvertible {
  /// The file or set.
  public var source: String
  /// What is wrong, and the remedy.
  public var problem: String

  /// An error about a file or set.
  public init(_ source: String, _ problem: String) {
    self.source = source
    self.problem = problem
  }

  /// `fonts.npz: …`.
  public var description: String { "\(source): \(problem)" }
}
