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

@Suite struct CIFAR10Tests {
  static let names = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]

  /// One record: pixel (row, column) of channel c is label + 3·row + 5·column + 70·c.
  private func record(_ label: Int) -> [UInt8] {
    var bytes = [UInt8(label)]
    for channel in 0..<3 {
      for row in 0..<32 {
        for column in 0..<32 { bytes.append(UInt8(truncatingIfNeeded: label + 3 * row + 5 * column + 70 * channel)) }
      }
    }
    return bytes
  }

  /// Batch i holds a record of label i and one of label i + 4.
  private func batches() -> [(name: String, bytes: [UInt8])] {
    Self.names.enumerated().map { ($1, record($0) + record($0 + 4)) }
  }

  private func write(_ files: [(name: String, bytes: [UInt8])], into folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for file in files { try AviaryDataTests.write(file.bytes, to: "\(folder)/\(file.name)") }
  }

  /// An archive of files in a folder `cifar-10-batches-bin`, header by header.
  private func archive(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var archive: [UInt8] = []
    for file in files {
      var header = [UInt8](repeating: 0, count: 512)
      func put(_ text: String, at place: Int) {
        header.replaceSubrange(place..<(place + text.utf8.count), with: Array(text.utf8))
      }
      let octal = String(file.bytes.count, radix: 8)
      put("cifar-10-batches-bin/" + file.name, at: 0)
      put(String(repeating: "0", count: 11 - octal.count) + octal, at: 124)
      put("        ", at: 148)
      put("0", at: 156)
      let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
      put(String(repeating: "0", count: 6 - sum.count) + sum + "\0", at: 148)
      archive += header + file.bytes + [UInt8](repeating: 0, count: (512 - file.bytes.count % 512) % 512)
    }
    return archive + [UInt8](repeating: 0, count: 1024)
  }

  private func load(_ folder: String, _ configuration: ConfigurationObject = [:]) throws -> DataSet {
    try dataRegistries().make(.dataSet, "cifar10", configuration).load(DataEnvironment(folder: folder))
  }

  private func expectSet(_ set: DataSet) {
    #expect(set.name == "cifar10")
    #expect(set.inputs.spec == TensorSpec([12, 32, 32, 3], .uint8))
    let labels = [0, 4, 1, 5, 2, 6, 3, 7, 4, 8, 5, 9]
    #expect(set.labels?.scalars(as: Int.self) == labels)
    #expect(set.parts == ["train": 0..<10, "test": 10..<12])
    #expect(set.classNames?[set.labels?[1].scalars(as: Int.self)[0] ?? 0] == "deer")
    let pixels = set.inputs.scalars(as: Int.self)
    for (image, label) in labels.enumerated() {
      for (row, column, channel) in [(0, 0, 0), (0, 1, 0), (1, 0, 0), (0, 0, 1), (17, 30, 2), (31, 31, 2)] {
        let found = pixels[((image * 32 + row) * 32 + column) * 3 + channel]
        #expect(found == (label + 3 * row + 5 * column + 70 * channel) % 256)
      }
    }
  }

  @Test func batchesAreRead() throws {
    try withTemporaryFolder { folder in
      try write(batches(), into: folder + "/cifar10")
      expectSet(try load(folder))
      expectSet(try load(folder + "/cifar10"))
      expectSet(try load("/nowhere", ["folder": .string(folder + "/cifar10")]))
      try write(batches(), into: folder + "/unpacked/cifar10/cifar-10-batches-bin")
      expectSet(try load(folder + "/unpacked"))
    }
  }

  @Test func archiveIsRead() throws {
    try withTemporaryFolder { folder in
      let bytes = Gzip.encode(archive([("readme.html", [60, 62])] + batches().reversed()))
      try write([("cifar-10-binary.tar.gz", bytes)], into: folder + "/cifar10")
      expectSet(try load(folder))
      #expect(
        CIFAR10Data().location(in: DataEnvironment(folder: folder)) == folder + "/cifar10/cifar-10-binary.tar.gz")
      let cut = Array(bytes.dropLast(40))
      try write([("cifar-10-binary.tar.gz", cut)], into: folder + "/cifar10")
      #expect(dataError { _ = try load(folder) }.contains("cifar-10-binary.tar.gz: "))
      let few = Gzip.encode(archive(batches().dropLast()))
      try write([("cifar-10-binary.tar.gz", few)], into: folder + "/cifar10")
      #expect(dataError { _ = try load(folder) }.contains("expected a file 'test_batch.bin' in the archive, found"))
    }
  }

  @Test func whatDoesNotFitIsNamed() throws {
    try withTemporaryFolder { folder in
      #expect(
        dataError { _ = try load(folder) }
          == "cifar10: cifar-10-binary.tar.gz is not in '\(folder)/cifar10' nor in '\(folder)'; "
          + "fetch it with 'aviary data fetch cifar10', or set AVIARY_DATA to the folder with 'cifar10'")
      try write(batches(), into: folder)
      func expect(_ bytes: [UInt8], _ message: String) throws {
        try write([("data_batch_3.bin", bytes)], into: folder)
        let found = dataError { _ = try load(folder) }
        #expect(found.contains(message), "\(found)")
      }
      try expect(Array(record(2).dropLast()), "data_batch_3.bin: expected records of 3073 bytes, found 3072 bytes")
      try expect([], "data_batch_3.bin: expected records of 3073 bytes, found 0 bytes")
      try expect([10] + record(2).dropFirst(), "target of row 4: expected a label from 0 to 9")
      try FileManager.default.removeItem(atPath: folder + "/data_batch_3.bin")
      #expect(dataError { _ = try load(folder) }.contains("/data_batch_3.bin: expected a file to read"))
    }
  }

  static let subset = dataFolder.flatMap { folder in
    let path = folder + "/cifar10-subset"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// The first images of the real set, under the names of whole batches.
  @Test(.enabled(if: subset != nil, "set AVIARY_DATA to a folder with cifar10-subset to run this"))
  func realImages() throws {
    try withTemporaryFolder { folder in
      let source = Self.subset ?? ""
      let train = try Gzip.decode(FileBytes.read(source + "/train_first5000.bin.gz"))
      let size = 1000 * 3073
      var files = (0..<5).map { (name: Self.names[$0], bytes: Array(train[($0 * size)..<(($0 + 1) * size)])) }
      files.append((Self.names[5], try Gzip.decode(FileBytes.read(source + "/test_first1000.bin.gz"))))
      try write(files, into: folder + "/cifar10")
      let set = try load(folder)
      #expect(set.parts == ["train": 0..<5000, "test": 5000..<6000])
      let labels = try #require(set.labels).scalars(as: Int.self)
      #expect(
        labels[..<10] == [6, 9, 9, 4, 1, 1, 2, 7, 8, 3] && labels[5000..<5010] == [3, 8, 8, 0, 6, 6, 1, 6, 3, 1])
      let first = set.inputs[0].scalars(as: Int.self)
      #expect(first[..<12] == [59, 62, 63, 43, 46, 45, 50, 48, 43, 68, 54, 42])
    }
  }
}
