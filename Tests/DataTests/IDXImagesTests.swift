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

/// `mnist` and `fashion-mnist`, from small files of the same form.
@Suite struct IDXImagesTests {
  private static let labels = [
    "mnist": [5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 7], "fashion-mnist": [9, 0, 0, 3, 0, 2, 7, 2, 5, 5],
  ]

  /// Writes the four files of a set: training images 1, 2, 3 …, test images 101, 102, all pixels of an image equal.
  private func writeFiles(_ name: String, into folder: String, gzip: Bool = true, dotted: Bool = false) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let labels = Self.labels[name] ?? []
    func tensor(_ values: [Int], _ isImage: Bool) -> Tensor {
      let bytes = values.flatMap { [UInt8](repeating: UInt8($0), count: isImage ? 6 : 1) }
      return Tensor(bytes, shape: isImage ? [values.count, 2, 3] : [values.count])
    }
    let parts = [
      ("train-images", 3, tensor(Array(1...labels.count), true)), ("train-labels", 1, tensor(labels, false)),
      ("t10k-images", 3, tensor([101, 102], true)), ("t10k-labels", 1, tensor([8, 6], false)),
    ]
    for (stem, rank, values) in parts {
      let bytes = try IDX.encode(values)
      let file = "\(folder)/\(stem)\(dotted ? "." : "-")idx\(rank)-ubyte"
      try write(gzip ? Gzip.encode(bytes) : bytes, to: gzip ? file + ".gz" : file)
    }
  }

  private func load(
    _ name: String, _ folder: String, _ configuration: ConfigurationObject = [:], file: String? = nil
  ) throws -> DataSet {
    let source = try dataRegistries().make(.dataSet, name, configuration)
    return try source.load(DataEnvironment(folder: folder, file: file))
  }

  private func expect(_ set: DataSet, is name: String) {
    let labels = Self.labels[name] ?? []
    #expect(set.name == name)
    #expect(set.inputs.spec == TensorSpec([labels.count + 2, 2, 3, 1], .uint8))
    let images = (Array(1...labels.count) + [101, 102]).flatMap { [Int](repeating: $0, count: 6) }
    #expect(set.inputs.scalars(as: Int.self) == images)
    #expect(set.labels?.scalars(as: Int.self) == labels + [8, 6])
    #expect(set.parts == ["train": 0..<labels.count, "test": labels.count..<(labels.count + 2)])
    #expect(set.classes == 10)
  }

  @Test(arguments: ["mnist", "fashion-mnist"])
  func filesAreFound(_ name: String) throws {
    try withTemporaryFolder { folder in
      try writeFiles(name, into: folder + "/\(name)")
      expect(try load(name, folder), is: name)
      // Directly in the data folder.
      expect(try load(name, folder + "/\(name)"), is: name)
      expect(try load(name, "/nowhere", ["folder": .string(folder + "/\(name)/")]), is: name)
      expect(try load(name, folder, ["folder": .string(name)]), is: name)
      try writeFiles(name, into: folder + "/plain", gzip: false)
      expect(try load(name, folder, ["folder": "plain"]), is: name)
      try writeFiles(name, into: folder + "/dotted", gzip: false, dotted: true)
      expect(try load(name, folder + "/dotted"), is: name)
    }
  }

  /// A run remembers a folder that is named in the recipe.
  @Test func foldersAreRemembered() throws {
    try withTemporaryFolder { folder in
      try writeFiles("mnist", into: folder + "/recipes/own")
      let found = FoundFiles()
      var environment = DataEnvironment(folder: folder)
      (environment.recipeFolder, environment.found) = (folder + "/recipes", found)
      let source = try dataRegistries().make(.dataSet, "mnist", ["folder": "own"])
      #expect(try source.load(environment).count == 13)
      #expect(found.paths["own"]?.hasSuffix("/recipes/own") == true)
      var later = DataEnvironment(folder: "/nowhere")
      later.known = found.paths
      #expect(try source.load(later).count == 13)
    }
  }

  @Test func classesHaveNames() throws {
    try withTemporaryFolder { folder in
      for name in ["mnist", "fashion-mnist"] { try writeFiles(name, into: folder + "/\(name)") }
      #expect(try load("mnist", folder).classNames == (0...9).map(String.init))
      let clothes = try #require(try load("fashion-mnist", folder).classNames)
      #expect(clothes.count == 10 && clothes.first == "T-shirt/top" && clothes.last == "Ankle boot")
    }
  }

  /// The files of the two sets have the same names, so a folder with another name does not identify the set.
  @Test func setsAreNotTakenForOneAnother() throws {
    try withTemporaryFolder { folder in
      try writeFiles("mnist", into: folder)
      #expect(
        dataError { _ = try load("fashion-mnist", folder) }.contains(
          "are of another set: expected the first labels [9, 0, 0, 3, 0, 2, 7, 2, 5, 5], found [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]"
        ))
      // A folder given explicitly is used.
      #expect(try load("fashion-mnist", folder, ["folder": .string(folder)]).count == 13)
    }
  }

  @Test func missingFilesAreNamed() throws {
    try withTemporaryFolder { folder in
      let message = dataError { _ = try load("mnist", folder) }
      #expect(
        message == "mnist: train-images-idx3-ubyte.gz is not in '\(folder)/mnist' nor in '\(folder)'; "
          + "fetch it with 'aviary data fetch mnist', or set AVIARY_DATA to the folder with 'mnist'")
      try writeFiles("fashion-mnist", into: folder + "/fashion-mnist")
      try FileManager.default.removeItem(atPath: folder + "/fashion-mnist/t10k-labels-idx1-ubyte.gz")
      #expect(
        dataError { _ = try load("fashion-mnist", folder) }.hasPrefix(
          "fashion-mnist: t10k-labels-idx1-ubyte.gz is not in '\(folder)/fashion-mnist'; "))
    }
  }

  @Test func damagedFilesAreNamed() throws {
    try withTemporaryFolder { folder in
      func expect(_ file: String, _ bytes: [UInt8], _ message: String) throws {
        try writeFiles("mnist", into: folder + "/mnist", gzip: false)
        try write(bytes, to: folder + "/mnist/\(file)")
        let found = dataError { _ = try load("mnist", folder) }
        #expect(found.hasPrefix("\(folder)/mnist") && found.contains(message), "\(found)")
      }
      let images = try IDX.encode(Tensor.zeros([11, 2, 3], dtype: .uint8))
      try expect("train-images-idx3-ubyte", Array(images.dropLast()), "train-images-idx3-ubyte: ")
      try expect("train-images-idx3-ubyte", [], "train-images-idx3-ubyte: ")
      let flat = try IDX.encode(Tensor.zeros([11, 6], dtype: .uint8))
      try expect("train-images-idx3-ubyte", flat, "expected uint8 of 3 axes, found uint8[11, 6]")
      let few = try IDX.encode(Tensor.zeros([3], dtype: .uint8))
      try expect("train-labels-idx1-ubyte", few, "expected a label for each of 11 images, found 3")
      let wide = try IDX.encode(Tensor.zeros([2, 3, 3], dtype: .uint8))
      try expect("t10k-images-idx3-ubyte", wide, "training and test images differ in size")
      try writeFiles("mnist", into: folder + "/mnist", gzip: false)
      let labels = try IDX.encode(Tensor([UInt8(3), 10], shape: [2]))
      try write(labels, to: folder + "/mnist/t10k-labels-idx1-ubyte")
      #expect(dataError { _ = try load("mnist", folder) }.contains("target of row 12: expected a label from 0 to 9"))
    }
  }

  /// Keras keeps MNIST in such an archive.
  @Test func archiveTakesTheirPlace() throws {
    try withTemporaryFolder { folder in
      let arrays: NamedTensors = [
        "x_train": Tensor.zeros([3, 2, 2], dtype: .uint8), "y_train": Tensor([UInt8(1), 0, 2], shape: [3]),
        "x_test": Tensor.ones([1, 2, 2], dtype: .uint8), "y_test": Tensor([UInt8(2)], shape: [1]),
      ]
      try NPZ.write(arrays, to: folder + "/mnist.npz")
      let set = try load("mnist", folder, file: folder + "/mnist.npz")
      #expect(set.inputs.spec == TensorSpec([4, 2, 2, 1], .uint8))
      #expect(set.labels?.scalars(as: Int.self) == [1, 0, 2, 2])
      #expect(set.parts == ["train": 0..<3, "test": 3..<4])
    }
  }
}
