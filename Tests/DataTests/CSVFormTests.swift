import AviaryCore
import AviaryData
import AviaryFormats
import AviaryRegistry
import Testing

/// Everything detected about a table is right and reported.
@Suite struct CSVFormTests {
  private func load(_ text: String, _ configuration: ConfigurationObject = [:]) throws -> DataSet {
    try withTemporaryFolder { folder in
      try write(Array(text.utf8), to: folder + "/table.csv")
      return try dataRegistries().make(.dataSet, "csv", configuration).load(
        DataEnvironment(file: folder + "/table.csv"))
    }
  }

  @Test(
    arguments: [
      ("a;b;kind\n1,5;-0,25;x\n2;3;y\n", "semicolons between fields, decimal commas"),
      ("a\tb\tkind\n1,5\t-0,25\tx\n2\t3\ty\n", "tabs between fields, decimal commas"),
      ("a|b|kind\n1.5|-0.25|x\n2|3|y\n", "| between fields"),
      ("a;b;kind\n1.5;-0.25;x, x\n2;3;y, y\n", "semicolons between fields"),
      // Commas divide these rows evenly, too.
      ("a;b;kind\n1,5;-0,25;x\n2,0;3,0;y\n", "semicolons between fields, decimal commas"),
      ("a,b,kind\n1.5,-0.25,x\n2,3,y\n", nil),
      ("a, b, kind\n1.5, -0.25, \"x, x\"\n2, 3, \"y, y\"\n", nil),
      ("a,b,kind\n\"1,5\",\"-0,25\",x\n2,3,y\n", "decimal commas"),
    ] as [(String, String?)])
  func delimitersAreFound(_ text: String, _ note: String?) throws {
    let set = try load(text)
    #expect(set.inputs.scalars(as: Double.self) == [1.5, -0.25, 2, 3])
    #expect(set.featureNames == ["a", "b"] && set.targetName == "kind")
    #expect(set.notes[0] == "table: column names in the first row" + (note.map { ", " + $0 } ?? ""))
    #expect(set.classes == 2)
  }

  @Test func olderRecipesNameTheDelimiter() throws {
    #expect(try load("a,b\n1,2\n", ["delimiter": ","]).inputs.scalars(as: Int.self) == [1])
    #expect(dataError { _ = try load("a;b\n1;2\n", ["delimiter": ","]) }.contains("no column remains for the inputs"))
    #expect(
      dataError { _ = try load("a,b\n1,2\n3\n") }.contains(
        "line 3: expected 2 fields, as in the first row, found 1; complete the row, and quote text that contains"
      ))
    #expect(
      dataError { _ = try load("# made by hand\na,b\n1,2\n") }.contains(
        "line 2: expected 1 field, as in the first row, found 2; remove the lines above the column names"))
    #expect(dataError { _ = try load("a b\n1 2\n") }.contains("or |, set data.delimiter"))
    #expect(try load("a b\n1 2\n", ["delimiter": " "]).inputs.scalars(as: Int.self) == [1])
  }

  /// Nothing is decided if a number may be a thousand.
  @Test func thousandsAreNoDecimals() throws {
    #expect(
      dataError { _ = try load("a,kind\n\"1,000\",x\n\"2,500\",y\n") }.contains("without thousands separators"))
    #expect(try load("a,kind\n\"1,000\",x\n\"2,5\",y\n").inputs.scalars(as: Double.self) == [1, 2.5])
    #expect(dataError { _ = try load("a,b,kind\n\"1,5\",1.5,x\n2,2.5,y\n") }.contains("found \"1,5\""))
  }

  @Test func columnsWithoutNames() throws {
    let set = try load("a,,,kind\n1,2,3,x\n4,5,6,y\n")
    #expect(set.featureNames == ["a", "Unnamed: 1", "Unnamed: 2"])
    #expect(set.notes[1] == "columns without names are renamed to 'Unnamed: 1', 'Unnamed: 2'")
    // A delimiter at the ends of the lines makes no column; the last column is the last one with a name.
    for text in ["a,b,kind,\n1,2,x,\n3,4,y,\n", "a,,b,kind,\n1,,2,x,\n3,,4,y,\n"] {
      let trailing = try load(text)
      #expect(trailing.targetName == "kind" && trailing.featureNames == ["a", "b"])
      #expect(trailing.notes[1].hasSuffix(" without name and values excluded"))
    }
    #expect(try load("1,2,x,\n3,4,y,\n").classNames == ["x", "y"])
    let last = try load("a,kind,\n1,x,7\n3,y,8\n")
    #expect(last.targetName == "kind" && last.featureNames == ["a", "Unnamed: 2"])
  }

  @Test func aClassOfTheFirstRowAloneIsTold() throws {
    let note = "only the first row has the class 'kind'; if that row names the columns, set data.header to \"present\""
    let rows = "5,1,a\n4,1,b\n1,2,a\n6,2,b\n"
    #expect(try load("4,2,kind\n" + rows).notes.last == note)
    #expect(try load("4,2,kind\n" + rows, ["header": "absent"]).notes.last?.hasPrefix("target in column 3") == true)
    #expect(try load("4,2,a\n" + rows).notes.last?.hasPrefix("target in column 3") == true)
  }

  @Test(arguments: [
    ("0,1,2,3,kind\n0.5,1,2,3,a\n1,2,3,5,b\n", true),
    ("0,1,2,3\n7,1,9,3\n4,2,8,5\n", true),
    (",0,1,kind\n0,0.5,1.75,a\n1,2.5,3.25,b\n", true),
    ("0,kind\n0.5,a\n1.5,b\n", true),
    ("1998,1999,2000,2001,2002\n0.5,0.25,1.5,3.5,0.1\n1.5,2.5,0.5,0.2,0.3\n", true),
    ("400,410,420,430,440,kind\n0.5,0.25,1.5,3.5,0.1,a\n1.5,2.5,0.5,0.2,0.3,b\n", true),
    ("p,q,2019\n1,2,3\n4,5,6\n", true),
    // A scale above classes that repeat.
    ("0.1,0.2,0.3,kind\n5,1,2,a\n4,1,3,b\n1,2,9,a\n6,2,1,b\n", true),
    ("2018,2019,2020,kind\n0.5,1,2,a\n4,1,3,b\n1,2,3,a\n6,2,1,b\n", true),
    ("1.5,2,2.2,4,8,9,kind\n5,1,2,1,1,1,a\n4,1,3,1,1,1,b\n1,2,9,1,1,1,a\n6,2,1,1,1,1,b\n", true),
    ("0.1,0.2,0.3,c\n5,1,2,a\n4,1,3,b\n1,2,9,a\n6,2,1,d\n", false),
    ("0.1,0.2,0.3,c\n1,2,3,a\n2,3,4,b\n3,4,5,a\n6,2,1,b\n", false),
    ("1.5,2,2.2,kind\n5,1,2,a\n4,1,3,b\n1,2,9,a\n6,2,1,b\n", false),
    ("5.1,3.5,setosa\n4.9,3.0,setosa\n", false),
    ("1,2,a\n3,5,b\n", false),
    ("1,2,3,a\n4,5,6,b\n", false),
    ("0,1,2,3\n1,2,3,4\n2,3,4,5\n", false),
    ("0,1,2\n1,2,0\n2,0,1\n", false),
    ("0,1\n0.1,0.995\n0.2,0.98\n", false),
    ("1,2,3,4,0\n2,4,6,8,1\n", false),
    ("5.1,oops,1,setosa\n4.9,3.0,2,setosa\n", false),
    ("0,0,5,13,9,1\n0,0,0,12,13,5\n", false),
  ])
  func headersAreToldFromData(_ text: String, _ isHeader: Bool) throws {
    let rows = text.split(separator: "\n").count
    let table = try CSVTable(Array(text.utf8))
    #expect(table.rowCount == (isHeader ? rows - 1 : rows))
    #expect((table.columnNames != nil) == isHeader)
  }

  @Test func columnsThatCountRowsAreTold() throws {
    let unnamed = try load(",a,b,kind\n0,1,2,x\n1,3,4,y\n2,5,6,x\n")
    #expect(unnamed.featureNames == ["a", "b"] && unnamed.inputs.shape == [3, 2])
    #expect(unnamed.notes[1] == "the first column has no name and is excluded as a row number or name")
    let named = try load("id,a,kind\n1,1,x\n2,3,y\n3,5,x\n")
    #expect(named.featureNames == ["id", "a"])
    #expect(
      named.notes[1]
        == "the column 'id' numbers the rows but is used as a feature; exclude it with "
        + "--set 'data.ignore=[\"id\"]'")
    #expect(try load("id,a,kind\n1,1,x\n2,3,y\n4,5,x\n").notes.count == 2)
    #expect(try load("1,1.5,x\n2,3.5,y\n3,5,x\n").notes[1].contains("the first column numbers the rows"))
    #expect(try load("1,1.5,x\n2,3.5,y\n3,5,x\n", ["ignore": ["0"]]).inputs.shape == [3, 1])
    func told(_ ids: [String]) throws -> Bool {
      let rows = ids.enumerated().map {
        "\($0.offset * $0.offset % 7).5,\($0.element),\("xy".dropFirst($0.offset % 2).prefix(1))\n"
      }
      return try load("a,id,kind\n" + rows.joined()).notes.contains { $0.hasPrefix("the column 'id' numbers the rows") }
    }
    // In any column, from any number, with any step and in any order.
    #expect(try told((0..<10).map { "\(1000 + $0)" }) && told((0..<10).map { "\(500 - 60 * $0).0" }))
    #expect(try told((0..<20).map { "\(3 + $0 * 7 % 20)" }))
    #expect(try !told((0..<9).map { "\(1000 + $0)" }) && !told((0..<20).map { "\($0 * $0 % 20)" }))
    #expect(try !told((0..<10).map { "\($0).5" }) && !told((0..<10).map { _ in "3" }))
    // Time is a feature if it is the only one.
    #expect(try load("t,y\n0,1.5\n1,3.5\n2,5\n").notes.count == 2)
  }

  @Test func namesAreDistinct() throws {
    let set = try load(" a ,a,a.1,kind\n1,2,3,x\n4,5,6,y\n")
    #expect(set.featureNames == ["a", "a.2", "a.1"])
    #expect(set.notes[1].hasPrefix("columns with duplicate names are renamed to 'a."))
    #expect(try load("a,2019,2020\n1,2,3\n4,5,6\n", ["target": 2019]).targetName == "2019")
  }

  @Test func truthValuesAreNumbers() throws {
    let set = try load("a,flag,kind\n1,True,x\n2,false,y\n")
    #expect(set.inputs.scalars(as: Int.self) == [1, 1, 2, 0])
  }
}
