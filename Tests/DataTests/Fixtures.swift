import AviaryCore
import AviaryData
import AviaryFormats
import AviaryRegistry
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Registries with the module's own entries.
func dataRegistries() throws -> Registries {
  var registries = Registries()
  try registries.registerData()
  return registries
}

/// A set of `count` rows: row i has the inputs [10·i, 10·i + 1] and the label i mod `classes`.
func countingSet(_ count: Int, classes: Int = 3) -> DataSet {
  let inputs = (0..<count).flatMap { row -> [Float] in [Float(10 * row), Float(10 * row + 1)] }
  let labels = (0..<count).map { row -> Int in row % classes }
  return DataSet(
    name: "counting", inputs: Tensor(inputs, shape: [count, 2]), targets: Tensor(labels, shape: [count]))
}

/// A configuration from JSON text.
func object(_ json: String) throws -> ConfigurationObject {
  try #require(try ConfigurationValue(parsing: json).objectValue)
}

/// Runs `body` with a folder that is removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "aviary-data-tests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path())
}

/// Writes a file without waiting for the disk.
func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

/// The description of the `DataError` that `body` throws; records an issue if it throws none.
func dataError(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> String {
  do {
    try body()
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    return ""
  } catch let error as DataError {
    return error.description
  } catch {
    Issue.record("not a DataError: \(error)", sourceLocation: sourceLocation)
    return "\(error)"
  }
}

/// The folder of real data outside the repository.
let dataFolder = ProcessInfo.processInfo.environment["AVIARY_DATA"]

/// The course's own files, if present.
let courseFolder: String? = dataFolder.flatMap { folder in
  let path = folder + "/fonts"
  return FileManager.default.fileExists(atPath: path + "/data_with_labels.npz") ? path : nil
}
