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

@Suite struct NPZDataTests {
  private let x = Tensor((0..<12).map { Float($0) }, shape: [4, 3])
  private let y = Tensor([UInt8(2), 0, 1, 2], shape: [4])

  private func load(_ arrays: NamedTensors, _ configuration: ConfigurationObject = [:]) throws -> DataSet {
    try withTemporaryFolder { folder in
      try NPZ.write(arrays, to: folder + "/set.npz")
      return try dataRegistries().make(.dataSet, "npz", configuration).load(DataEnvironment(file: folder + "/set.npz"))
    }
  }

  @Test(arguments: [("x", "y"), ("X", "y"), ("arr_0", "arr_1"), ("images", "labels"), ("data", "target"), ("b", "a")])
  func wellKnownNamesAreFound(_ inputs: String, _ targets: String) throws {
    let set = try load([inputs: x, targets: y])
    #expect(set.name == "set.npz")
    #expect(set.inputs.scalars(as: Float.self) == x.scalars(as: Float.self))
    #expect(set.targets?.scalars(as: Int.self) == [2, 0, 1, 2])
    #expect(set.classes == 3)
  }

  @Test func wellKnownNamesComeFirst() throws {
    let other = Tensor.zeros([4, 3])
    let set = try load(["b": other, "y": y, "a": other, "x": x])
    #expect(set.inputs.scalars(as: Float.self) == x.scalars(as: Float.self))
    let named = try load(["b": other, "y": y, "a": other, "c": x], ["inputs": "c", "targets": "y"])
    #expect(named.inputs.scalars(as: Float.self) == x.scalars(as: Float.self))
    #expect(named.targets?.scalars(as: Int.self) == [2, 0, 1, 2])
    let targets = try load(["kind": y, "c": x], ["targets": "kind"])
    #expect(targets.inputs.scalars(as: Float.self) == x.scalars(as: Float.self))
    #expect(try load(["c": x]).targets == nil)
    #expect(try load(["c": x, "kind": y], ["inputs": "c"]).targets == nil)
  }

  @Test func targetsAreLabelsOrValues() throws {
    let numbers = Tensor([2.0, 0, 1, 2], shape: [4])
    #expect(try load(["x": x, "y": numbers]).targets?.spec == TensorSpec([4, 1], .float64))
    #expect(try load(["x": x, "y": numbers], ["targetKind": "labels"]).targets?.spec == TensorSpec([4], .int64))
    #expect(try load(["x": x, "y": y], ["targetKind": "values"]).targets?.spec == TensorSpec([4, 1], .float64))
    #expect(try load(["x": x, "y": y.reshaped(to: [4, 1])]).targets?.spec == TensorSpec([4], .int64))
    #expect(
      try load(["x": x, "y": y.reshaped(to: [4, 1]).cast(to: .bool)]).targets?.scalars(as: Int.self) == [1, 0, 1, 1])
    #expect(
      try load(["x": x, "y": Tensor.zeros([4, 2], dtype: .int32)]).targets?.spec == TensorSpec([4, 2], .float64))
  }

  @Test func testArraysBecomeAPart() throws {
    let testX = Tensor([100, 101, 102].map { Float($0) }, shape: [1, 3])
    let testY = Tensor([UInt8(1)], shape: [1])
    let arrays: NamedTensors = ["x_test": testX, "y_test": testY, "x_train": x, "y_train": y]
    let named: NamedTensors = ["u": testX, "v": testY, "s": x, "t": y]
    for set in [
      try load(arrays), try load(named, ["inputs": "s", "targets": "t", "testInputs": "u", "testTargets": "v"]),
    ] {
      #expect(set.count == 5)
      #expect(set.parts == ["train": 0..<4, "test": 4..<5])
      #expect(set.targets?.scalars(as: Int.self) == [2, 0, 1, 2, 1])
      let partition = try GivenSplit().partition(set, random: RandomSource(seed: 1))
      #expect(partition == Partition(train: [0, 1, 2, 3], test: [4]))
      #expect(set.subset(partition.test).inputs.scalars(as: Int.self) == [100, 101, 102])
    }
    #expect(
      dataError { _ = try load(named, ["inputs": "s", "targets": "t", "testInputs": "u"]) }.contains("set testTargets"))
    #expect(
      dataError { _ = try load(["x_train": x, "y_train": y, "x_test": Tensor.zeros([1, 4]), "y_test": testY]) }
        .contains(
          "'x_train' and 'x_test' differ in shape or type: float32[4, 3] and float32[1, 4]; save both in the same form")
    )
    let texts: NamedTensors = ["x_train": x, "y_train": y, "x_test": testX, "y_test": Tensor([0.5], shape: [1])]
    #expect(dataError { _ = try load(texts) }.contains("'y_train' and 'y_test' differ in shape or type: "))
  }

  @Test func channelAxisIsAdded() throws {
    let images = x.reshaped(to: [4, 3, 1])
    #expect(try load(["x": images, "y": y], ["addChannelAxis": true]).inputs.shape == [4, 3, 1, 1])
    #expect(try load(["x": images, "y": y]).inputs.shape == [4, 3, 1])
    #expect(
      dataError { _ = try load(["x": x, "y": y], ["addChannelAxis": true]) }.contains(
        "expected images [n, height, width]"))
  }

  @Test func typesAreKept() throws {
    for dtype in [DType.bool, .uint8, .int16, .float16, .float32, .float64] {
      #expect(try load(["x": x.cast(to: dtype), "y": y]).inputs.dtype == dtype)
    }
  }

  @Test func contentsThatDoNotFitAreRefused() throws {
    var nan = x.scalars(as: Float.self)
    nan[7] = .nan
    let labels = #"{"targetKind": "labels"}"#
    var cases: [(NamedTensors, String, String)] = []
    func add(_ x: Tensor, _ y: Tensor, _ configuration: String, _ message: String) {
      cases.append((["x": x, "y": y], configuration, message))
    }
    func column(_ values: [Double]) -> Tensor { Tensor(values, shape: [values.count]) }
    func column(_ values: [Int]) -> Tensor { Tensor(values, shape: [values.count]) }
    add(x, column([0, 1] as [Int]), "{}", "array 'y': expected a target for each of the 4 rows of 'x', found int64[2]")
    add(Tensor(nan, shape: [4, 3]), y, "{}", "input of row 2, element 1 of 3: expected a number, found nan")
    add(x, column([0, 1, 2, .nan]), labels, "target of row 3: expected a class, found nan")
    add(x, column([0, 1, 2, .nan]), "{}", "target of row 3: expected a number, found nan")
    add(x, Tensor([0, 1, 2, UInt64.max], shape: [4]), "{}", "target of row 3")
    add(
      x, Tensor.zeros([4, 2]), labels,
      "expected labels [n] or one-hot rows, found targets of shape [4, 2]; numbers to predict need"
    )
    add(x, Tensor.zeros([]), "{}", "array 'y': expected a target for each")
    add(Tensor.zeros([]), y, "{}", "array 'x': expected inputs [n, …], found the scalar float32[]")
    add(Tensor.zeros([0, 3]), Tensor.zeros([0]), "{}", "the set has no rows")
    add(x, y, #"{"inputs": "xx", "targets": "y"}"#, "expected an array named 'xx', found 'x', 'y'; did you mean 'x'?")
    add(x, y, #"{"targets": "z"}"#, "expected an array named 'z'")
    cases.append(([:], "{}", "the file has no array of inputs"))
    for (arrays, configuration, message) in cases {
      let found = dataError { _ = try load(arrays, object(configuration)) }
      #expect(found.contains(message), "\(found)")
      #expect(found.contains("set.npz"), "\(found)")
    }
  }

  @Test func missingFilesAreNamed() throws {
    let source = try dataRegistries().make(.dataSet, "npz", ["file": "no-such-file.npz"])
    var environment = DataEnvironment(folder: "nowhere/")
    environment.recipeFolder = "recipes"
    #expect(
      dataError { _ = try source.load(environment) }
        == "no-such-file.npz: no such file, nor 'recipes/no-such-file.npz', nor 'nowhere/no-such-file.npz'; "
        + "check the path, or set AVIARY_DATA to the folder it is relative to")
    // Without a folder, AVIARY_DATA is used.
    let standard = try #require(DataEnvironment.standardFolder)
    #expect(
      dataError { _ = try source.load() }.contains("no such file, nor '\(standard)/no-such-file.npz'; "))
    #expect(
      dataError { _ = try dataRegistries().make(.dataSet, "npz").load() }.contains("no file given; set data.file"))
    try withTemporaryFolder { folder in
      #expect(
        dataError { _ = try source.load(DataEnvironment(file: folder)) }.contains("expected a file, found a folder"))
    }
  }

  @Test func filesAreFoundInTheirPlaces() throws {
    try withTemporaryFolder { folder in
      for (place, value) in [("recipes", 1.0), ("data", 2), ("before", 3)] {
        try FileManager.default.createDirectory(atPath: folder + "/" + place, withIntermediateDirectories: true)
        try NPZ.write(["x": Tensor([value], shape: [1, 1])], to: folder + "/\(place)/own-set.npz")
      }
      let found = FoundFiles()
      var environment = DataEnvironment(folder: folder + "/data")
      environment.found = found
      func value() throws -> Double { try NPZData("own-set.npz").load(environment).inputs.item() }
      #expect(try value() == 2)
      environment.recipeFolder = folder + "/recipes"
      #expect(try value() == 1)
      environment.known = ["own-set.npz": folder + "/before/own-set.npz"]
      #expect(try value() == 3)
      #expect(
        found.paths.keys.sorted() == ["own-set.npz"]
          && found.paths["own-set.npz"]?.hasSuffix("/before/own-set.npz") == true)
      try FileManager.default.removeItem(atPath: folder + "/before/own-set.npz")
      #expect(try value() == 1)
    }
  }

  /// The error names the reader for another kind of file.
  @Test func filesOfOtherFormatsAreNamed() throws {
    try withTemporaryFolder { folder in
      func message(_ bytes: [UInt8], _ source: any DataSource) throws -> String {
        try write(bytes, to: folder + "/file")
        return dataError { _ = try source.load(DataEnvironment(file: folder + "/file")) }
      }
      let table = Array("größe,klasse\n1,0\n2,1\n".utf8)
      let (npy, npz) = (try NPY.encode(x), try NPZ.encode(["x": x, "y": y]))
      let gzip = [0x1F, 0x8B, 8, 0, 0, 0] as [UInt8]
      for source in [NPZData("a.npz"), FontsData(), MNISTData()] as [any DataSource] {
        #expect(
          try message(table, source)
            == "\(folder)/file: expected an npz archive, found text; read a CSV table with the data set 'csv': "
            + "--set data=csv --data \(folder)/file")
        #expect(
          try message(npy, source).hasSuffix("found a single npy array; save inputs and targets with numpy.savez"))
        #expect(try message(gzip, source).hasSuffix("found a gzip file; unpack it first"))
      }
      let csv = CSVData("a.csv")
      #expect(
        try message(npz, csv).contains(
          "expected a CSV table, found a zip archive; read an npz archive with the data set 'npz' (--set data=npz --data"
        ))
      #expect(try message(npy, csv).contains("found an npy array; save it with numpy.savez and set data to npz"))
      #expect(try message(gzip, csv).contains("found a gzip file; unpack it first"))
      #expect(try message(PNG.encode(Tensor.zeros([2, 2, 1], dtype: .uint8)), csv).contains("found a binary file"))
      #expect(try message([0xFF, 0xFE, 0x31, 0], csv).contains("found UTF-16"))
    }
  }

  @Test func damagedFilesAreRefused() throws {
    try withTemporaryFolder { folder in
      let whole = try NPZ.encode(["x": x, "y": y])
      var damaged: [[UInt8]] = [[], Array("PK".utf8), Array("no archive at all".utf8)]
      for count in stride(from: 1, to: whole.count, by: 7) { damaged.append(Array(whole.prefix(count))) }
      for bytes in damaged {
        try write(bytes, to: folder + "/damaged.npz")
        #expect(dataError { _ = try NPZData(folder + "/damaged.npz").load() }.contains("damaged.npz: "))
      }
      // Every single byte changed: an error, or a set that can be learned from, but never a trap.
      for place in whole.indices {
        var bytes = whole
        bytes[place] ^= 0xFF
        try write(bytes, to: folder + "/damaged.npz")
        do {
          #expect(try NPZData(folder + "/damaged.npz").load().count == 4)
        } catch is DataError {}
      }
    }
  }
}
