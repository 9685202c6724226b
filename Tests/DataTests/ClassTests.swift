import AviaryCore
import AviaryData
import AviaryFormats
import AviaryRegistry
import Testing

/// Whatever the classes of a file are, they are numbered in order and keep their names.
@Suite struct ClassTests {
  private func table(_ targets: [String], _ kind: TargetKind = .labels) throws -> DataSet {
    let text = "x,y\n" + targets.enumerated().map { "\($0.offset % 3).5,\($0.element)\n" }.joined()
    return try withTemporaryFolder { folder in
      try write(Array(text.utf8), to: folder + "/table.csv")
      var environment = DataEnvironment(file: folder + "/table.csv")
      environment.targetKind = kind
      return try CSVData("table.csv").load(environment)
    }
  }

  private func arrays(_ arrays: NamedTensors, _ kind: TargetKind = .labels) throws -> DataSet {
    try withTemporaryFolder { folder in
      try NPZ.write(arrays, to: folder + "/set.npz")
      var environment = DataEnvironment(file: folder + "/set.npz")
      environment.targetKind = kind
      return try NPZData("set.npz").load(environment)
    }
  }

  @Test(
    arguments: [
      ("2 1 1 10", "1 2 10", [1, 0, 0, 2]),
      ("-1 1 -1 1", "-1 1", [0, 1, 0, 1]),
      ("1.0 0.0 2.0 0.0", "0.0 1.0 2.0", [1, 0, 2, 0]),
      ("0.5 -1.5 0.5 1", "-1.5 0.5 1", [1, 0, 1, 2]),
      ("1 1.0 0 1", "0 1", [1, 1, 0, 1]),
      ("007 7 08 007", "007 08 7", [0, 2, 1, 0]),
      ("0x1A 0x2B 0x1A 1", "0x1A 0x2B 1", [0, 1, 0, 2]),
      ("1e400 2e400 1e400 3", "1e400 2e400 3", [0, 1, 0, 2]),
      ("1e2 2e2 1e2 3e1", "3e1 1e2 2e2", [1, 2, 1, 0]),
      ("1e2 100 1e2 7", "100 1e2 7", [1, 0, 1, 2]),
      ("12345678901234567 12345678901234568 1 1", "1 12345678901234567 12345678901234568", [1, 2, 0, 0]),
      ("0.10000000000000000 0.1 1 1", "0.1 0.10000000000000000 1", [1, 0, 2, 2]),
      ("nan inf infinity nan", "inf infinity nan", [2, 0, 1, 2]),
      ("NA EU NA AS", "AS EU NA", [2, 1, 2, 0]),
      ("True False True True", "False True", [1, 0, 1, 1]),
      ("0 500 1000 0", "0 500 1000", [0, 1, 2, 0]),
    ] as [(String, String, [Int])])
  func columnsBecomeClasses(_ targets: String, _ names: String, _ labels: [Int]) throws {
    let set = try table(targets.split(separator: " ").map(String.init))
    #expect(set.classNames == names.split(separator: " ").map(String.init))
    #expect(set.targets?.scalars(as: Int.self) == labels)
    #expect(set.targets?.spec == TensorSpec([4], .int64))
  }

  @Test func modelAndLossDecide() throws {
    let whole = ["3", "1", "2", "3"]
    #expect(try table(whole, .values).targets?.spec == TensorSpec([4, 1], .float64))
    #expect(try table(whole, .values).notes.last == "target 'y': 4 values from 1 to 3")
    #expect(try table(whole, .automatic).notes.last == "target 'y': 3 classes (1, 2, 3)")
    #expect(try table(["0.25", "1.0", "2.0"], .automatic).notes.last == "target 'y': 3 values from 0.25 to 2")
    #expect(
      dataError { _ = try table(["a", "b"], .values) }.contains("text means classes, which need a classification loss"))
    // The configuration takes precedence.
    try withTemporaryFolder { folder in
      try write(Array("x,y\n1,5\n2,6\n".utf8), to: folder + "/t.csv")
      var environment = DataEnvironment(file: folder + "/t.csv")
      environment.targetKind = .labels
      #expect(try CSVData("t.csv", targetKind: .values).load(environment).classNames == nil)
    }
  }

  @Test func measurementsAreNoClasses() throws {
    let prices = (0..<40).map { "\(100 + 7 * $0)" }
    #expect(try table(prices, .automatic).targets?.spec == TensorSpec([40, 1], .float64))
    let error = dataError { _ = try table(prices) }
    #expect(
      error.hasSuffix(
        "table.csv: target 'y': expected classes, found 40 distinct numbers in 40 rows (100, 107, 114, …); numbers to "
          + "predict need a regression loss, such as mean-squared-error, or targetKind \"values\"; or set data.target to another column"
      ), "\(error)")
    #expect(dataError { _ = try table((0..<40).map { "n\($0)" }) }.contains("found 40 distinct strings in 40 rows"))
    // Twenty classes may have a row each, and many a few rows each.
    #expect(try table((0..<20).map { "n\($0)" }).classes == 20)
    #expect(try table((0..<90).map { "\($0 % 30)" }, .automatic).classes == 30)
  }

  @Test func arraysBecomeClasses() throws {
    let x = Tensor.zeros([4, 3])
    func check(_ y: Tensor, _ names: [String], _ labels: [Int], _ kind: TargetKind = .labels) throws {
      let set = try arrays(["x": x, "y": y], kind)
      #expect(set.classNames == names)
      #expect(set.targets?.scalars(as: Int.self) == labels)
    }
    try check(Tensor([2, 1, 1, 500]), ["1", "2", "500"], [1, 0, 0, 2])
    try check(Tensor([Int8(-1), 1, 1, -1], shape: [4, 1]), ["-1", "1"], [0, 1, 1, 0])
    try check(Tensor([1.0, 0, 2, 0]), ["0", "1", "2"], [1, 0, 2, 0])
    try check(Tensor([0.5, 0, 2, 0], dtype: .float16), ["0", "0.5", "2"], [1, 0, 2, 0])
    try check(Tensor([1, 1, 1, 1], dtype: .bool), ["False", "True"], [1, 1, 1, 1])
    try check(Tensor([1, 0, 2, 0]), ["0", "1", "2"], [1, 0, 2, 0], .automatic)
    for dtype in [DType.bool, .uint8, .float32] {
      let oneHot = Tensor([[0, 1, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0]], dtype: dtype)
      try check(oneHot, ["0", "1", "2"], [1, 0, 1, 1])
      try check(oneHot, ["0", "1", "2"], [1, 0, 1, 1], .automatic)
      #expect(try arrays(["x": x, "y": oneHot], .values).targets?.shape == [4, 3])
    }
    let soft = Tensor([[0, 1], [0.5, 0.5], [0, 1], [1, 0]], dtype: .float32)
    #expect(try arrays(["x": x, "y": soft], .automatic).targets?.spec == TensorSpec([4, 2], .float32))
    // If the loss takes classes, rows may be distributions over them, which the loss checks; integers are not.
    #expect(try arrays(["x": x, "y": soft]).targets?.spec == TensorSpec([4, 2], .float32))
    let values = Tensor([[0, 1], [2.5, -1], [0, 1], [1, 0]], dtype: .float32)
    #expect(dataError { _ = try arrays(["x": x, "y": values]) }.contains("expected labels [n] or one-hot rows"))
    #expect(try arrays(["x": x, "y": values], .automatic).targets?.shape == [4, 2])
    let pairs = Tensor([0, 1, 2, 3, 0, 1, 1, 0], shape: [4, 2])
    #expect(dataError { _ = try arrays(["x": x, "y": pairs]) }.contains("expected labels [n] or one-hot rows"))
  }

  @Test func partsShareTheirClasses() throws {
    let set = try arrays([
      "X_train": Tensor.zeros([3, 2]), "y_train": Tensor([5, 3, 3]), "X_val": Tensor.zeros([1, 2]),
      "y_val": Tensor([9]), "X_test": Tensor.zeros([2, 2]), "Y_test": Tensor([4, 5]),
    ])
    #expect(set.classNames == ["3", "4", "5", "9"])
    #expect(set.targets?.scalars(as: Int.self) == [2, 0, 0, 3, 1, 2])
    #expect(set.parts == ["train": 0..<3, "validation": 3..<4, "test": 4..<6])
    let partition = try GivenSplit().partition(set, random: RandomSource(seed: 1))
    #expect(partition == Partition(train: [0, 1, 2], validation: [3], test: [4, 5]))
    let medical = try arrays([
      "train_images": Tensor.zeros([2, 4, 4]), "train_labels": Tensor([[0], [1]]),
      "test_images": Tensor.zeros([1, 4, 4]), "test_labels": Tensor([[1]]), "val_images": Tensor.zeros([1, 4, 4]),
      "val_labels": Tensor([[0]]),
    ])
    #expect(medical.parts == ["train": 0..<2, "validation": 2..<3, "test": 3..<4])
    #expect(medical.targets?.scalars(as: Int.self) == [0, 1, 0, 1])
  }

  /// In the bytes that `numpy.save` writes.
  @Test(
    arguments: [
      ("<U3", ["b", "a", "äé"].map { text in text.unicodeScalars.flatMap { [UInt8($0.value), 0, 0, 0] } }, 12),
      (">U3", ["b", "a", "äé"].map { text in text.unicodeScalars.flatMap { [0, 0, 0, UInt8($0.value)] } }, 12),
      ("|S4", ["b", "a", "äé"].map { Array($0.utf8) }, 4),
    ] as [(String, [[UInt8]], Int)])
  func arraysOfTextsBecomeClasses(_ code: String, _ elements: [[UInt8]], _ width: Int) throws {
    var header = "{'descr': '\(code)', 'fortran_order': False, 'shape': (3,), }"
    header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8)
    for element in elements { bytes += element + [UInt8](repeating: 0, count: width - element.count) }
    var writer = ZipWriter()
    try writer.append("kind.npy", bytes)
    try writer.append("numbers.npy", NPY.encode(Tensor.zeros([3, 2])))
    try withTemporaryFolder { folder in
      try write(writer.finished(), to: folder + "/set.npz")
      var environment = DataEnvironment(file: folder + "/set.npz")
      let set = try NPZData("set.npz").load(environment)
      #expect(set.classNames == ["a", "b", "äé"])
      #expect(set.targets?.scalars(as: Int.self) == [1, 0, 2])
      #expect(
        set.notes == [
          "inputs 'numbers' float32[3, 2] and targets 'kind' strings[3], chosen by shape; use data.inputs and data.targets "
            + "for others", "targets 'kind': 3 classes (a, b, äé)",
        ])
      environment.targetKind = .values
      #expect(
        dataError { _ = try NPZData("set.npz").load(environment) }.contains("expected numbers, found text (b, a, äé)"))
    }
  }
}
