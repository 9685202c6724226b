import AviaryCore
import AviaryData
import AviaryFormats
import AviaryRegistry
import Testing

@Suite struct CSVDataTests {
  private func load(_ text: String, _ configuration: ConfigurationObject = [:]) throws -> DataSet {
    try withTemporaryFolder { folder in
      try write(Array(text.utf8), to: folder + "/table.csv")
      return try dataRegistries().make(.dataSet, "csv", configuration).load(
        DataEnvironment(file: folder + "/table.csv"))
    }
  }

  @Test func lastColumnIsTheTarget() throws {
    let set = try load("length,width,target\n5.1,3.5,0\n-7,3e2,2\n")
    #expect(set.name == "table.csv")
    #expect(set.inputs.spec == TensorSpec([2, 2], .float64))
    #expect(set.inputs.scalars(as: Double.self) == [5.1, 3.5, -7, 300])
    #expect(set.targets?.spec == TensorSpec([2], .int64))
    #expect(set.targets?.scalars(as: Int.self) == [0, 1])
    #expect(set.classNames == ["0", "2"])
    #expect(set.featureNames == ["length", "width"] && set.targetName == "target")
  }

  @Test func textsBecomeClasses() throws {
    #expect(try load("x,y\n1,EU\n2,NA\n").classNames == ["EU", "NA"])
    let set = try load("kind,x\nvirginica,1\n setosa ,2\nvirginica,3\n", ["target": "kind"])
    #expect(set.classNames == ["setosa", "virginica"])
    #expect(set.targets?.scalars(as: Int.self) == [1, 0, 1])
    #expect(set.inputs.scalars(as: Double.self) == [1, 2, 3])
  }

  @Test func columnsAreChosen() throws {
    let text = "a;b;c\n1;0;3\n4;1;6\n"
    #expect(try load(text, ["target": 1, "delimiter": ";"]).inputs.scalars(as: Int.self) == [1, 3, 4, 6])
    #expect(try load(text, ["target": "b", "delimiter": ";"]).targets?.scalars(as: Int.self) == [0, 1])
    #expect(try load(text, ["target": -2, "delimiter": ";", "ignore": ["a"]]).inputs.scalars(as: Int.self) == [3, 6])
    let none = try load(text, ["target": .null, "delimiter": ";"])
    #expect(none.targets == nil)
    #expect(none.inputs.shape == [2, 3])
    #expect(try load("1,2\n3,4\n", ["header": "absent"]).count == 2)
    #expect(try load("1,2\n3,4\n", ["header": "present"]).count == 1)
    #expect(try load("1\t2\n3\t4\n", ["delimiter": "\t"]).inputs.scalars(as: Int.self) == [1, 3])
  }

  @Test func valuesStayValues() throws {
    let set = try load("x,y\n1,0.5\n2,7\n")
    #expect(set.targets?.spec == TensorSpec([2, 1], .float64))
    #expect(set.targets?.scalars(as: Double.self) == [0.5, 7])
    #expect(try load("x,y\n1,5\n2,7\n", ["targetKind": "values"]).targets?.spec == TensorSpec([2, 1], .float64))
    #expect(try load("x,y\n1,5.0\n2,7.0\n", ["targetKind": "labels"]).targets?.spec == TensorSpec([2], .int64))
  }

  @Test(arguments: [
    ("x,y\n1,2\n3\n", "{}", "table.csv: line 3: expected 2 fields, as in the first row, found 1"),
    ("x,y\n1,2\nthree,4\n", "{}", "table.csv: line 3, column 1 ('x'): expected a number, found \"three\""),
    (
      "x,y\n1,2\n,4\n", "{}",
      "line 3, column 1 ('x'): expected a number, found a missing value; remove the row or fill"
    ),
    ("x,y\n1,2\nNaN,4\n", "{}", "line 3, column 1 ('x'): expected a number, found a missing value"),
    ("x,y\n1,2\ninf,4\n", "{}", "input of row 1: expected a number, found inf"),
    ("x,y\n1,2\n3,\n", "{}", "line 3, column 2 ('y'): expected a number, found a missing value"),
    (
      "x,y\n1,a\n\n3, \n", "{}",
      "table.csv: line 4, column 2 ('y'): expected a class, found a missing value; remove the row or fill in the value"
    ),
    ("y,x\n\"a\nb\",1\n,3\n", #"{"target": "y"}"#, "line 4, column 1 ('y'): expected a class, found a missing value; "),
    (
      "x,y\n1,0\n3,NA\n", "{}",
      "line 3, column 2 ('y'): expected a number, found a missing value; remove the row or fill in the value"
    ),
    ("x,y\n1,0\n3, ? \n", "{}", "line 3, column 2 ('y'): expected a number, found a missing value; remove the row"),
    (
      "x,y\n1,a\n3,b\n", #"{"targetKind": "values"}"#,
      "found \"a\"; text means classes, which need a classification loss or targetKind \"labels\"; or set data.target differently"
    ),
    (
      "day,y\nMon,1\nTue,2\n", "{}",
      "found \"Mon\"; write a number, or exclude the column with --set 'data.ignore=[\"day\"]', or make it the target with "
        + "--set 'data.target=day'"
    ),
    ("x,y\n\"1,000\",0\n2,1\n", "{}", "found \"1,000\"; write numbers without thousands separators, or exclude"),
    (
      "1,a\n2,b\nx,c\n", "{}",
      "line 3, column 1: expected a number, found \"x\"; write a number, or exclude the column with --set 'data.ignore=[\"0\"]', "
        + "or make it the target with --set 'data.target=0'"
    ),
    ("x\n1\n", "{}", "no column remains for the inputs: the table has 1 column; if its fields are not separated by"),
    ("x,y\n1,a\n3,b\n", #"{"targetKind": "values"}"#, "line 2, column 2 ('y'): expected a number, found \"a\""),
    ("x,y\n1,2\n", #"{"target": "z"}"#, "expected a column named 'z', found 'x', 'y'"),
    ("x,y\n1,2\n", #"{"target": 2}"#, "target: expected an index from -2 to 1, found 2"),
    ("x,y\n1,2\n", #"{"target": -9223372036854775808}"#, "target: expected an index from -2 to 1"),
    ("x,y\n1,2\n", #"{"ignore": ["x"]}"#, "no column remains for the inputs"),
    ("x,y\n1,2\n", #"{"ignore": ["w"]}"#, "expected a column named 'w'"),
    ("x,y\n", "{}", "the table has no data rows"),
    ("", "{}", "the table has no data rows"),
    ("x,y\n1,\"2\n", "{}", "line 2, column 2: expected a closing quote, found the end of the file"),
  ])
  func tablesThatDoNotFitAreRefused(_ text: String, _ configuration: String, _ message: String) {
    let found = dataError { _ = try load(text, object(configuration)) }
    #expect(found.contains(message), "\(found)")
    #expect(found.contains("table.csv"), "\(found)")
  }
}
