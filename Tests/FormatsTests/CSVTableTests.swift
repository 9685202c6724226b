import AviaryCore
import AviaryFormats
import AviaryRegistry
import Testing

@Suite struct CSVTableTests {
  private func options(_ file: StoredFile) throws -> CSVOptions {
    let delimiter = try #require(file.contents["delimiter"]?.stringValue?.first)
    return CSVOptions(delimiter: delimiter, header: file.contents["header"] == .null ? .absent : .present)
  }

  private func texts(_ value: ConfigurationValue?) -> [String]? { value?.arrayValue?.compactMap(\.stringValue) }

  @Test(arguments: try StoredFile.all("csv"))
  func readsWhatPythonReads(_ file: StoredFile) throws {
    if file.name == "ragged.csv" {
      let error = try #require(refusal { try CSVTable(contentsOf: file.path) })
      #expect(error.places == [.line(3)])
      #expect(
        error.description.contains("ragged.csv: line 3: expected 2 fields, as in the first row, found 1; complete"))
      return
    }
    let table = try CSVTable(contentsOf: file.path, options: options(file))
    let rows = try #require(file.contents["rows"]?.arrayValue).compactMap { texts($0) }
    #expect(table.columnNames == texts(file.contents["header"]))
    #expect(table.rowCount == rows.count)
    for column in 0..<table.columnCount {
      #expect(try table.texts(columnAt: column) == rows.map { $0[column] })
    }
  }

  @Test(arguments: try StoredFile.all("csv"))
  func findsTheHeaderItself(_ file: StoredFile) throws {
    guard file.name != "ragged.csv" else { return }
    let delimiter = try options(file).delimiter
    let table = try CSVTable(contentsOf: file.path, options: CSVOptions(delimiter: delimiter))
    #expect(table.columnNames == texts(file.contents["header"]))
  }

  private func table(_ text: String, _ options: CSVOptions = CSVOptions()) throws -> CSVTable {
    try CSVTable(Array(text.utf8), source: "t.csv", options: options)
  }

  @Test func headersAreToldFromData() throws {
    #expect(try table("5.1,3.5,setosa\n4.9,3.0,setosa\n").columnNames == nil)
    #expect(try table("label,0,1\n5,0,0\n").columnNames == ["label", "0", "1"])
    #expect(try table("a,b\nc,d\n").columnNames == ["a", "b"])
    #expect(try table("a,b\n1,d\n", CSVOptions(header: .absent)).rowCount == 2)
    #expect(try table("1,2\n3,4\n", CSVOptions(header: .present)).columnNames == ["1", "2"])
    #expect(try table("NA,1\n2,3\n").columnNames == nil)
  }

  @Test func numbersBecomeATensor() throws {
    let plain = try table("x,y,label\n0.5,-1.25,a\n 1e3\t,2.5E-2,b\n-0,+7,a\n")
    let expected = Tensor([[-1.25, 0.5], [0.025, 1000], [7, -0.0]])
    #expect(isIdentical(try plain.numbers(columns: ["y", "x"]), expected))
    #expect(isIdentical(try plain.numbers(columnsAt: [1, 0], dtype: .float32), expected.cast(to: .float32)))
    #expect(try plain.texts(column: "label") == ["a", "b", "a"])
    let all = try table("1,\"2\"\r3,4")
    #expect(isIdentical(try all.numbers(), Tensor([[1.0, 2.0], [3.0, 4.0]])))
    #expect(try table("").numbers().shape == [0, 0])
    #expect(try table("a,b\n").numbers().shape == [0, 2])
  }

  @Test func missingNumbers() throws {
    let text = "a,b\n1,\n, NA \n3,Nan\n4,?\n"
    let error = try #require(refusal { try table(text).numbers() })
    #expect(error.places == [.line(2), .column(2, name: "b")])
    #expect(error.found == "a missing value")
    let numbers = try table(text, CSVOptions(missingNumbers: .nan)).numbers()
    let nan = Double.nan
    #expect(isIdentical(numbers, Tensor([[1, nan], [nan, nan], [3, nan], [4, nan]])))
    let strict = CSVOptions(missingNumbers: .nan, missingMarkers: ["-"])
    #expect(isIdentical(try table("a\n1\n-\n", strict).numbers(), Tensor([[1], [nan]])))
    #expect(refusal { try table("a\n1\nNA\n", strict).numbers() }?.found == "\"NA\"")
  }

  @Test func errorsNameLineAndColumn() throws {
    let path = StoredFile.root.appending(path: "csv/not-a-number.csv").path
    let error = try #require(refusal { try CSVTable(contentsOf: path).numbers() })
    #expect(error.description == "\(path): line 3, column 2 ('y'): expected a number, found \"four\"")
    let split = try table("a,b\n\"x\ny\",1\r\n\r\n\"z\",two\n")
    #expect(refusal { try split.numbers(columns: ["b"]) }?.places == [.line(5), .column(2, name: "b")])
    let open = try #require(refusal { try table("a,b\n1,\"2\n3,4\n") })
    #expect(open.places == [.line(2), .column(2, name: nil)] && open.expected == "a closing quote")
    let after = try #require(refusal { try table("a,b\n\"1\"x,2\n") })
    #expect(after.places == [.line(2), .column(1, name: nil)])
    #expect(refusal { try CSVTable([0x61, 0xFF, 0x0A]) }?.expected == "text in UTF-8")
    #expect(refusal { try CSVTable([0x61, 0xFF, 0x0A]) }?.remedy?.contains("iconv -f LATIN1 -t UTF-8") == true)
    #expect(refusal { try CSVTable([0xFF, 0xFE, 0x61, 0]) }?.remedy?.contains("iconv -f UTF-16 -t UTF-8") == true)
    #expect(refusal { try CSVTable([0xFF, 0xFE, 0x61, 0]) }?.kind == .unsupported)
    #expect(refusal { try table("a", CSVOptions(delimiter: "é")) }?.kind == .unsupported)
  }

  @Test func columnsAreLookedUp() throws {
    let table = try table("length,width,width\n1,2,3\n")
    #expect(refusal { try table.texts(column: "lenght") }?.remedy == "did you mean 'length'?")
    #expect(refusal { try table.texts(column: "width") }?.found == "columns 2 and 3")
    #expect(refusal { try table.texts(columnAt: 3) }?.kind == .noSuchName)
    #expect(refusal { try table.texts(columnAt: -1) }?.kind == .noSuchName)
    #expect(refusal { try table.numbers(columnsAt: [0, 0]) }?.expected == "each column once")
    #expect(refusal { try self.table("1,2\n").position(ofColumn: "a") }?.kind == .noSuchName)
  }

  @Test func writtenTextsAreReadBack() throws {
    let rows = [["a", "b, c"], ["\"", "two\nlines"], ["", " x "], ["\r", "é"]]
    let text = CSV.text(header: ["one", "two"], rows: rows)
    #expect(text.hasPrefix("one,two\na,\"b, c\"\n\"\"\"\",\"two\nlines\"\n,\" x \"\n"))
    let table = try table(text, CSVOptions(header: .present))
    #expect(try zip(table.texts(columnAt: 0), table.texts(columnAt: 1)).map { [$0, $1] } == rows)
    #expect(
      try self.table(CSV.text(rows: [[""], ["x"]]), CSVOptions(header: .absent)).texts(columnAt: 0) == ["", "x"])
    #expect(CSV.line(["a;b", "c"], delimiter: ";") == "\"a;b\";c\n")
  }
}

extension CSVTableTests {
  @Test func widthIsBounded() throws {
    let widest = [UInt8](repeating: UInt8(ascii: ","), count: CSVTable.maximumColumnCount - 1)
    #expect(try CSVTable(widest + [0x0A]).columnCount == CSVTable.maximumColumnCount)
    let error = try #require(refusal { try CSVTable([0x31, 0x2C, 0x32, 0x0A] + widest + [0x2C, 0x0A]) })
    #expect(error.kind == .tooLarge && error.expected == "at most 262144 columns")
    #expect(error.places == [.line(2)] && error.remedy?.contains("npz") == true)
  }
}
