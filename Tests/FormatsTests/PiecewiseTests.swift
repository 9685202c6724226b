import AviaryCore
import AviaryFormats
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Tables and arrays that are read and written some rows at a time.
@Suite struct PiecewiseTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: folder.path("table.csv")))
    return folder.path("table.csv")
  }

  /// All numbers and texts of the pieces, and how many pieces there were.
  private func read(_ text: String, _ size: Int, header: CSVOptions.Header = .automatic) throws -> (
    rows: [[String]], names: [String]?, pieces: Int
  ) {
    let pieces = try CSVPieces(
      write(text), options: CSVOptions(delimiter: nil, decimalMark: nil, header: header), pieceByteCount: size)
    var (rows, names, count) = ([[String]](), [String]?.none, 0)
    while let table = try pieces.next() {
      let columns = try (0..<table.columnCount).map { try table.texts(columnAt: $0) }
      rows += (0..<table.rowCount).map { row in columns.map { $0[row] } }
      #expect(count == 0 || table.columnNames == names)
      names = table.columnNames
      count += 1
    }
    #expect(pieces.share == 1)
    return (rows, names, count)
  }

  @Test(arguments: ["\n", "\r\n", "\r"]) func piecesAreTheWholeTable(_ lineEnd: String) throws {
    let lines = ["a,b,c"] + (0..<200).map { "\($0),\"x, \($0)\n\"\"y\"\"\",\($0 % 7)" }
    for text in [lines.joined(separator: lineEnd), lines.joined(separator: lineEnd) + lineEnd] {
      let whole = try read(text, 1 << 20)
      #expect(whole.pieces == 1 && whole.rows.count == 200 && whole.names == ["a", "b", "c"])
      #expect(whole.rows[3] == ["3", "x, 3\n\"y\"", "3"])
      for size in [1, 7, 40, 41, 42, 43, 44, 45, 100, 333] {
        let parts = try read(text, size)
        #expect(parts.rows == whole.rows && parts.names == whole.names, "pieces of \(size) bytes")
        #expect(parts.pieces > 3)
      }
    }
  }

  @Test func theFirstPieceTellsTheDialect() throws {
    let text = "a;b\n" + (0..<150).map { "\($0),5;\($0)" }.joined(separator: "\n")
    let pieces = try CSVPieces(write(text), options: CSVOptions(delimiter: nil, decimalMark: nil), pieceByteCount: 64)
    var numbers: [Double] = []
    while let table = try pieces.next() { numbers += try table.numbers(columns: ["a"]).scalars(as: Double.self) }
    #expect(numbers == (0..<150).map { Double($0) + 0.5 })
  }

  @Test func errorsNameTheLineOfTheFile() throws {
    let lines = ["a,b"] + (2...140).map { $0 == 130 ? "1,x" : "1,\($0)" }
    let pieces = try CSVPieces(write(lines.joined(separator: "\n")), options: CSVOptions(), pieceByteCount: 20)
    let error = refusal { while let table = try pieces.next() { _ = try table.numbers() } }
    #expect(error?.places == [.line(130), .column(2, name: "b")])
    let rows = ["a,b"] + (2...140).map { $0 == 130 ? "1,2,3" : "1,\($0)" }
    let uneven = try CSVPieces(write(rows.joined(separator: "\n")), options: CSVOptions(), pieceByteCount: 8)
    let other = refusal { while try uneven.next() != nil {} }
    #expect(other?.places == [.line(130)] && other?.expected == "2 fields, as in the first row")
  }

  @Test func anEmptyFileIsATableWithoutRows() throws {
    #expect(try read("", 10).rows.isEmpty)
    #expect(try read("a,b\n", 10).names == ["a", "b"])
  }

  @Test(arguments: try StoredFile.all("npy")) func rowsAreTheWholeArray(_ file: StoredFile) throws {
    guard file.contents["unsupported"] == nil else {
      #expect(refusal { try NPY.rows(of: file.path) }?.kind == .unsupported)
      return
    }
    let whole = try file.tensor()
    guard whole.rank > 0 else {
      #expect(refusal { try NPY.rows(of: file.path) } != nil)
      return
    }
    for count in [1, 2, 100] {
      let rows = try NPY.rows(of: file.path)
      #expect(rows.shape == whole.shape && rows.dtype == whole.dtype)
      var parts: [Tensor] = []
      while let some = try rows.next(count) { parts.append(some) }
      guard !parts.isEmpty else { continue }
      #expect(isIdentical(Tensor.concatenate(parts).contiguous(), whole), "\(count) at a time")
    }
  }

  @Test func rowsOfAnArchive() throws {
    let images = Tensor((0..<600).map { Float($0) }).reshaped(to: [50, 3, 4])
    for isCompressed in [true, false] {
      try NPZ.write(
        ["x": images, "y": Tensor([1, 2])], to: folder.path("a.npz"), method: isCompressed ? .deflated : .stored)
      let rows = try NPZFile(folder.path("a.npz")).rows(named: "x")
      var parts: [Tensor] = []
      while let some = try rows.next(7) { parts.append(some) }
      #expect(parts.count == 8 && isIdentical(Tensor.concatenate(parts).contiguous(), images))
    }
  }

  @Test func arraysGrow() throws {
    let path = folder.path("grown.npy")
    let growing = try GrowingNPY(path)
    let rows = Tensor((0..<12).map { Float($0) }).reshaped(to: [4, 3])
    for start in 0..<4 { try growing.append(rows[start..<start + 1]) }
    #expect(refusal { try growing.append(Tensor([[1, 2]] as [[Float]])) }?.kind == .unsupported)
    // The name does not exist before the file is complete.
    #expect(!FileManager.default.fileExists(atPath: path))
    try growing.commit()
    #expect(try [UInt8](Data(contentsOf: URL(filePath: path))) == NPY.encode(rows))
    #expect(try folder.names() == ["grown.npy"])
  }

  @Test func whatIsNotCommittedLeavesNothing() throws {
    do {
      let file = try GrowingFile(folder.path("lost"))
      try file.append([1, 2, 3])
    }
    #expect(try folder.names().isEmpty)
  }
}
