import AviaryCore
import AviaryFormats
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

private let sampleFolder = ProcessInfo.processInfo.environment["AVIARY_WRITE_SAMPLES"]

/// Writes files for other programs to read: `Tests/Reference/check_formats.py` compares them with the manifests.
@Suite(.enabled(if: sampleFolder != nil, "the folder in AVIARY_WRITE_SAMPLES is where the files would go"))
struct SampleFilesTests {
  private func path(_ file: StoredFile, _ variant: String = "") throws -> String {
    let url = URL(filePath: try #require(sampleFolder)).appending(path: file.folder + variant)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url.appending(path: file.name).path
  }

  @Test func single() throws {
    for file in try StoredFile.all("npy") where file.contents["unsupported"] == nil {
      try NPY.write(file.tensor(), to: path(file))
    }
    for file in try StoredFile.all("png") { try PNG.write(file.tensor(), to: path(file)) }
    for file in try StoredFile.all("idx") { try IDX.write(file.tensor(), to: path(file)) }
  }

  @Test func several() throws {
    for file in try StoredFile.all("npz") {
      let tensors = try NPZ.read(file.path)
      try NPZ.write(tensors, to: path(file))
      try NPZ.write(tensors, to: path(file, "-stored"), method: .stored)
      var writer = ZipWriter(isAlways64: true)
      for (name, tensor) in tensors { try writer.append(name + ".npy", NPY.encode(tensor)) }
      try AtomicFile.write(writer.finished(), to: path(file, "-zip64"))
    }
    for file in try StoredFile.all("safetensors") {
      let read = try Safetensors(contentsOf: file.path)
      try Safetensors(read.tensors, metadata: read.metadata).write(to: path(file))
    }
  }

  @Test func tables() throws {
    for file in try StoredFile.all("csv") where file.name != "ragged.csv" {
      let delimiter = try #require(file.contents["delimiter"]?.stringValue?.first)
      let rows = try #require(file.contents["rows"]?.arrayValue).map { row in
        (row.arrayValue ?? []).compactMap(\.stringValue)
      }
      let header = file.contents["header"]?.arrayValue?.compactMap(\.stringValue)
      try AtomicFile.write(CSV.text(header: header, rows: rows, delimiter: delimiter), to: path(file))
    }
  }
}
