import AviaryCore
import AviaryData
import AviaryFormats
import AviaryRegistry
import Testing

/// What is found out about a table is right, and told.
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
      ("a;b;kind\n1,5;-0,25;x\n2;3;y\n", "semicolons between fields, commas before decimals"),
      ("a\tb\tkind\n1,5\t-0,25\tx\n2\t3\ty\n", "tabs between fields, commas before decimals"),
      ("a|b|kind\n1.5|-0.25|x\n2|3|y\n", "| between fields"),
      ("a;b;kind\n1.5;-0.25;x, x\n2;3;y, y\n", "semicolons between fields"),
      // Commas part these rows alike, too.
      ("a;b;kind\n1,5;-0,25;x\n2,0;3,0;y\n", "semicolons between fields, commas before decimals"),
      ("a,b,kind\n1.5,-0.25,x\n2,3,y\n", nil),
      ("a, b, kind\n1.5, -0.25, \"x, x\"\n2, 3, \"y, y\"\n", nil),
    ] as [(String, String?)])
  func delimitersAreFound(_ text: String, _ note: String?) throws {
    let set = try load(text)
    #expect(set.inputs.scalars(as: Double.self) == [1.5, -0.25, 2, 3])
    #expect(set.featureNames == ["a", "b"] && set.targetName == "kind")
    #expect(set.notes[0] == "table: names of columns in the first row" + (note.map { ", " + $0 } ?? ""))
    #expect(set.classes == 2)
  }

  @Test func olderRecipesNameTheDelimiter() throws {
    #expect(try load("a,b\n1,2\n", ["delimiter": ","]).inputs.scalars(as: Int.self) == [1])
    #expect(dataError { _ = try load("a;b\n1;2\n", ["delimiter": ","]) }.contains("no column is left for the inputs"))
    #expect(
      dataError { _ = try load("a,b\n1,2\n3\n") }.contains("line 3: expected 2 fields, as in the first row, found 1"))
  }

  @Test(arguments: [
    ("0,1,2,3,kind\n0.5,1,2,3,a\n1,2,3,5,b\n", true),
    ("0,1,2,3\n7,1,9,3\n4,2,8,5\n", true),
    (",0,1,kind\n0,0.5,1.75,a\n1,2.5,3.25,b\n", true),
    ("0,kind\n0.5,a\n1.5,b\n", true),
    ("1998,1999,2000,2001,2002\n0.5,0.25,1.5,3.5,0.1\n1.5,2.5,0.5,0.2,0.3\n", true),
    ("400,410,420,430,440,kind\n0.5,0.25,1.5,3.5,0.1,a\n1.5,2.5,0.5,0.2,0.3,b\n", true),
    ("p,q,2019\n1,2,3\n4,5,6\n", true),
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
    #expect(unnamed.notes[1] == "the first column has no name and is left out, as the number of the row")
    let named = try load("id,a,kind\n1,1,x\n2,3,y\n3,5,x\n")
    #expect(named.featureNames == ["id", "a"])
    #expect(
      named.notes[1]
        == "the column 'id' counts the rows and is taken for a feature all the same; leave it out by "
        + "--set 'data.ignore=[\"id\"]'")
    #expect(try load("id,a,kind\n1,1,x\n2,3,y\n4,5,x\n").notes.count == 2)
    #expect(try load("1,1.5,x\n2,3.5,y\n3,5,x\n").notes[1].contains("the first column counts the rows"))
    #expect(try load("1,1.5,x\n2,3.5,y\n3,5,x\n", ["ignore": ["0"]]).inputs.shape == [3, 1])
    // Time is a feature where it is the only one.
    #expect(try load("t,y\n0,1.5\n1,3.5\n2,5\n").notes.count == 2)
  }

  @Test func namesAreDistinct() throws {
    let set = try load(" a ,a,a.1,kind\n1,2,3,x\n4,5,6,y\n")
    #expect(set.featureNames == ["a", "a.2", "a.1"])
    #expect(set.notes[1].hasPrefix("columns of the same name are told apart: 'a."))
    #expect(try load("a,2019,2020\n1,2,3\n4,5,6\n", ["target": 2019]).targetName == "2019")
  }

  @Test func truthValuesAreNumbers() throws {
    let set = try load("a,flag,kind\n1,True,x\n2,false,y\n")
    #expect(set.inputs.scalars(as: Int.self) == [1, 1, 2, 0])
  }
}
