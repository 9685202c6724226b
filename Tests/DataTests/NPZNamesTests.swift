import AviaryCore
import AviaryData
import AviaryFormats
import Testing

/// Inputs and targets are found by names, else by shapes, and other arrays do not matter.
@Suite struct NPZNamesTests {
  private let x = Tensor.zeros([4, 3])
  private let y = Tensor([0, 1, 0, 1])

  private func load(_ arrays: NamedTensors, targetKind: TargetKind = .automatic) throws -> DataSet {
    try withTemporaryFolder { folder in
      try NPZ.write(arrays, to: folder + "/set.npz")
      var environment = DataEnvironment(file: folder + "/set.npz")
      environment.targetKind = targetKind
      return try NPZData("set.npz").load(environment)
    }
  }

  @Test(arguments: [
    ("X", "Y"), ("Images", "Labels"), ("features", "labels"), ("data", "labels"), ("inputs", "y"),
    ("X_train", "Y_train"),
    ("train_images", "train_labels"), ("train_x", "train_y"), ("xtrain", "ytrain"), ("trainData", "trainLabels"),
  ])
  func namesAreKnown(_ inputs: String, _ targets: String) throws {
    let set = try load([targets: y, "aaa": Tensor.zeros([4, 3]), inputs: x + 1])
    #expect(set.inputs.sum().item() == 12)
    #expect(set.targets?.scalars(as: Int.self) == [0, 1, 0, 1])
    #expect(set.notes == ["targets '\(targets)': 2 classes (0, 1)"])
  }

  @Test func shapesDecide() throws {
    let swapped = try load(["arr_0": y, "arr_1": x])
    #expect(swapped.inputs.shape == [4, 3] && swapped.classes == 2)
    #expect(swapped.notes[0].hasPrefix("inputs 'arr_1' float32[4, 3] and targets 'arr_0' int64[4], chosen by shape"))
    let images = try load(["b": x, "a": Tensor.zeros([4, 5, 5])], targetKind: .values)
    #expect(images.inputs.shape == [4, 5, 5] && images.targets?.shape == [4, 3])
    let line = try load(["b": y, "a": Tensor([0.5, 1, 1.5, 2])])
    #expect(line.inputs.shape == [4] && line.classes == 2)
    // numpy.savez(file, x, y)
    #expect(try load(["arr_0": x, "arr_1": x + 1], targetKind: .values).inputs.sum().item() == 0)
    #expect(
      dataError { _ = try load(["b": x, "a": x]) }.contains(
        "cannot tell inputs and targets by name or shape: 'b' float32[4, 3], 'a' float32[4, 3]; name "
          + "them with data.inputs and data.targets"))
    #expect(
      dataError { _ = try load(["b": x, "a": x, "c": y]) }.contains("cannot tell inputs and targets by name or shape"))
  }

  @Test func testRowsWithoutTargetsAreLeftOut() throws {
    let set = try load(["x_train": x, "y_train": y, "x_test": x])
    #expect(set.count == 4 && set.parts.isEmpty)
    #expect(set.notes[0] == "'x_test' has no targets and is ignored")
  }

  /// Only requested arrays are read, and their sizes are known in advance.
  @Test func otherArraysDoNotMatter() throws {
    func npy(_ descr: String, _ shape: String, _ contents: [UInt8]) -> [UInt8] {
      var header = "{'descr': \(descr), 'fortran_order': False, 'shape': \(shape), }"
      header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
      return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8) + contents
    }
    var writer = ZipWriter()
    try writer.append("x.npy", NPY.encode(x))
    try writer.append("y.npy", NPY.encode(y))
    try writer.append("meta.npy", npy("'|O'", "()", [1, 2, 3]))
    try writer.append("notes.txt", [])
    try withTemporaryFolder { folder in
      let path = folder + "/set.npz"
      func message(_ writer: ZipWriter) throws -> String {
        try write(writer.finished(), to: path)
        return dataError { _ = try NPZData(path).load() }
      }
      try write(writer.finished(), to: path)
      #expect(try NPZData(path).load().count == 4)
      #expect(
        dataError { _ = try NPZData(path, inputs: "x", targets: "meta").load() }.hasSuffix(
          "found the NumPy type \"|O\"; save strings with .astype(str) and numbers with .astype(float)"))
      var records = ZipWriter()
      try records.append("x.npy", npy("[('a', '<f4')]", "(2,)", [UInt8](repeating: 0, count: 8)))
      #expect(try message(records).hasSuffix("; save the records' fields as separate arrays"))
      // The header announces more than the archive's directory, or another number of rows than the targets.
      var short = ZipWriter()
      try short.append("x.npy", npy("'<f4'", "(1000000000, 4)", [UInt8](repeating: 0, count: 8)))
      #expect(
        try message(short).hasSuffix(
          "member 'x.npy', byte 128: expected the elements of float32[1000000000, 4] of 16000000000 bytes, found 8 bytes"
        ))
      var rows = ZipWriter()
      try rows.append("x.npy", NPY.encode(Tensor.zeros([100_000, 4])))
      try rows.append("y.npy", NPY.encode(y))
      #expect(try message(rows).contains("expected a target for each of the 100000 rows of 'x', found int64[4]"))
    }
  }
}
