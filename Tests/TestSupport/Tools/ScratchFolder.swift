#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A temporary folder for one test.
public final class ScratchFolder {
  /// Its path.
  public let path: String

  /// An empty folder with a new name.
  public init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "aviary-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in it.
  public subscript(name: String) -> String { "\(path)/\(name)" }

  /// A file's bytes.
  public func bytes(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(filePath: self[name]))) }

  /// A file's text.
  public func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  /// Writes a file, and gives its path.
  @discardableResult
  public func write(_ bytes: some Collection<UInt8>, to name: String) throws -> String {
    let url = URL(filePath: self[name])
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return self[name]
  }

  /// The bytes of all files below a folder in it, by path, to detect changes.
  public func contents(_ folder: String = "") throws -> [String: [UInt8]] {
    let root = folder.isEmpty ? path : self[folder]
    var found: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
      if let data = try? Data(contentsOf: URL(filePath: "\(root)/\(name)")) { found[name] = Array(data) }
    }
    return found
  }

  /// Whether it contains something with this name.
  public func holds(_ name: String) -> Bool { FileManager.default.fileExists(atPath: self[name]) }
}
