import AviaryCore
import AviaryData
import AviaryFormats
import AviaryRegistry
import Testing

/// A file read with the schema of the training set is interpreted by the same names.
@Suite struct SchemaTests {
  private func load(
    _ text: String, as schema: DataSchema? = nil, _ configuration: ConfigurationObject = [:]
  ) throws -> DataSet {
    try withTemporaryFolder { folder in
      try write(Array(text.utf8), to: folder + "/new.csv")
      var environment = DataEnvironment(file: folder + "/new.csv")
      environment.schema = schema
      return try dataRegistries().make(.dataSet, "csv", configuration).load(environment)
    }
  }

  private let training = "id,a,b,kind\n7,1,2,cow\n9,3,4,ant\n4,5,6,bee\n"
  private let ignoring: ConfigurationObject = ["ignore": ["id"]]

  @Test func columnsAreMatchedByName() throws {
    let schema = try load(training, ignoring).schema
    #expect(
      schema
        == DataSchema(
          featureNames: ["a", "b"], targetName: "kind", classNames: ["ant", "bee", "cow"], targetKind: .labels))
    let set = try load("kind,more,b,a\ncow,0,20,10\nant,0,40,30\n", as: schema, ignoring)
    #expect(set.inputs.scalars(as: Int.self) == [10, 20, 30, 40])
    // A class that does not occur keeps its number.
    #expect(set.targets?.scalars(as: Int.self) == [2, 0])
    #expect(set.schema == schema)
    #expect(set.notes.contains("columns not used in training are ignored: 'more'"))
    let missing = dataError { _ = try load("kind,c\ncow,1\n", as: schema) }
    #expect(missing.contains("the file lacks the columns 'a', 'b' of the 2 training columns; it has others: 'c'"))
    let unknown = dataError { _ = try load("a,b,kind\n1,2,ant\n1,2,dog\n", as: schema) }
    #expect(
      unknown.contains("row 1, target 'kind': the class 'dog' is not among those of the training: ant, bee, cow; "))
  }

  @Test func targetsMayBeMissing() throws {
    let schema = try load(training, ignoring).schema
    let set = try load("b,a\n2,1\n", as: schema, ignoring)
    #expect(set.targets == nil && set.inputs.scalars(as: Int.self) == [1, 2])
    #expect(set.notes.contains("the file has no column 'kind': its rows have no targets"))
  }

  @Test func filesWithoutNamesAreTakenByPosition() throws {
    let schema = try load("a,b,kind\n1,2,cow\n3,4,ant\n").schema
    let set = try load("5,6,ant\n7,8,ant\n", as: schema)
    #expect(set.inputs.scalars(as: Int.self) == [5, 6, 7, 8] && set.targets?.scalars(as: Int.self) == [0, 0])
    #expect(set.notes.contains("the file has no column names; columns are matched by position: a, b"))
    #expect(try load("5,6\n", as: schema).targets == nil)
    #expect(dataError { _ = try load("1,2,3,cow\n", as: schema) }.contains("and 4 columns instead of 2 features"))
    #expect(
      dataError { _ = try load("1,2,cow\n", as: schema, ["target": "kind"]) }.contains(
        "known only by its name 'kind'"))
    // Names that are numbers are found, because they are known.
    let numbered = try load("0,1,y\n0.5,1.75,a\n2.5,3.25,b\n").schema
    #expect(numbered.featureNames == ["0", "1"])
    #expect(try load("1,0\n7,8\n", as: numbered).inputs.scalars(as: Int.self) == [8, 7])
  }

  @Test func whatIsTakenByPositionIsTold() throws {
    let nameless = try load("1,2,cow\n3,4,ant\n").schema
    let set = try load("a,b,kind\n5,6,ant\n", as: nameless)
    #expect(set.inputs.scalars(as: Int.self) == [5, 6])
    #expect(
      set.notes.contains("the run was trained on columns without names, so this file's are matched by position"))
    let error = dataError { _ = try load("kind,a,b\nant,5,6\n", as: nameless) }
    #expect(
      error.hasSuffix(
        "write a number; columns are matched by position, in the order of the training data"))
    // A file to evaluate needs all features of the training.
    let named = try load(training, ignoring).schema
    #expect(dataError { _ = try load("a,b,kind\nx,1,ant\n", as: named) }.hasSuffix("found \"x\"; write a number"))
    // Columns without names are not all the first of them.
    let unnamed = try load("a,,,kind\n1,2,3,x\n4,5,6,y\n").schema
    #expect(try load("a,,,kind\n1,2,3,x\n", as: unnamed).inputs.scalars(as: Int.self) == [1, 2, 3])
    #expect(try load("a,b,kind\n1,2,cow\n", as: named).notes.last == "target 'kind': 3 classes (ant, bee, cow)")
  }

  /// A number is not a class of a file with named classes, but is the index of a class in an image set with predefined
  /// names.
  @Test func numbersForClassesWithNames() throws {
    let named = try load(training, ignoring).schema
    let error = dataError { _ = try load("a,b,kind\n1,2,2\n3,4,0\n", as: named) }
    #expect(error.contains("row 0, target 'kind': the class '2' is not among those of the training: ant, bee, cow; "))
    func arrays(_ set: String, _ labels: Tensor) throws -> DataSet {
      try withTemporaryFolder { folder in
        let inputs = Tensor.zeros([2, 3, 3])
        try NPZ.write(["x": set == "npz" ? inputs[0..<2, 0] : inputs, "y": labels], to: folder + "/new.npz")
        var environment = DataEnvironment(file: folder + "/new.npz")
        environment.schema = DataSchema(classNames: ["ant", "bee", "cow"], targetKind: .labels)
        return try dataRegistries().make(.dataSet, Specification(set)).load(environment)
      }
    }
    #expect(
      dataError { _ = try arrays("npz", Tensor([2, 0])) }.contains("the class '2' is not among those of the training"))
    let places = "are read as indices of the training classes, 0 for 'ant', 1 for 'bee', 2 for 'cow'"
    let images = try arrays("fonts", Tensor([2, 0]))
    #expect(images.targets?.scalars(as: Int.self) == [2, 0])
    #expect(images.notes.last == "targets 'y': its numbers \(places)")
    let oneHot = try arrays("npz", Tensor([0, 0, 1, 1, 0, 0], shape: [2, 3]))
    #expect(oneHot.targets?.scalars(as: Int.self) == [2, 0])
    #expect(oneHot.notes.last == "targets 'y': its columns \(places)")
  }

  @Test func filesOfAnotherKindAreRefused() throws {
    let schema = try load(training, ignoring).schema
    try withTemporaryFolder { folder in
      try NPZ.write(["x": Tensor.zeros([2, 2])], to: folder + "/new.npz")
      try write(Array(training.utf8), to: folder + "/new.csv")
      for (set, file) in [("csv", "new.npz"), ("npz", "new.csv")] {
        var environment = DataEnvironment(file: folder + "/" + file)
        environment.schema = schema
        let error = dataError { _ = try dataRegistries().make(.dataSet, Specification(set)).load(environment) }
        #expect(error.contains("as in training, found") && !error.contains("--set"))
      }
    }
  }

  @Test func classesThatAreNumbersAreMatchedByValue() throws {
    let schema = DataSchema(featureNames: ["a"], targetName: "y", classNames: ["1", "2", "5"], targetKind: .labels)
    #expect(try load("a,y\n0,5.0\n0,1.0\n", as: schema).targets?.scalars(as: Int.self) == [2, 0])
    #expect(
      dataError { _ = try load("a,y\n0,3\n", as: schema) }.contains("the class '3' is not among those of the training"))
    var values = schema
    (values.classNames, values.targetKind) = (nil, .values)
    #expect(try load("a,y\n0,5\n0,1\n", as: values).targets?.scalars(as: Double.self) == [5, 1])
  }

  @Test func arraysAreMatchedToo() throws {
    func labels(_ y: Tensor, _ names: [String]?) throws -> DataSet {
      try withTemporaryFolder { folder in
        try NPZ.write(["x": Tensor.zeros([y.shape[0], 2]), "y": y], to: folder + "/new.npz")
        var environment = DataEnvironment(file: folder + "/new.npz")
        environment.schema = DataSchema(classNames: names, targetKind: .labels)
        return try NPZData("new.npz").load(environment)
      }
    }
    let set = try labels(Tensor([5, 5, 2]), ["1", "2", "5"])
    #expect(set.targets?.scalars(as: Int.self) == [2, 2, 1] && set.classNames == ["1", "2", "5"])
    #expect(
      dataError { _ = try labels(Tensor([5, 7]), ["1", "2", "5"]) }.contains("target of row 1: the class '7' is not"))
    #expect(dataError { _ = try labels(Tensor([2, 1]), ["ant", "bee", "cow"]) }.contains("the class '2' is not"))
    // Indices count from 0, whatever the classes are called.
    let oneHot = Tensor([[0, 1, 0], [1, 0, 0], [0, 0, 1]])
    for names in [["1", "2", "3"], ["0", "1", "2"], ["ant", "bee", "cow"]] {
      #expect(try labels(oneHot, names).targets?.scalars(as: Int.self) == [1, 0, 2])
      #expect(try labels(oneHot, names).classNames == names)
    }
    #expect(
      dataError { _ = try labels(oneHot, ["1", "2", "3", "4"]) }.contains(
        "expected rows of 4 numbers, one per class of the training (1, 2, 3, 4), found rows of 3"))
    #expect(try labels(Tensor([4.0, 1]), nil).targets?.scalars(as: Int.self) == [4, 1])
    #expect(
      dataError { _ = try labels(Tensor([0.5, 1]), nil) }.contains(
        "target of row 0: expected a label (a whole number, at least 0), found 0.5"))
  }
}
