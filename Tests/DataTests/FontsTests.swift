import AviaryCore
import AviaryData
import AviaryFormats
import AviaryRegistry
import Testing

@Suite struct FontsTests {
  @Test func embeddedImagesAreSound() throws {
    let set = try FontsData().load()
    #expect(set.name == "fonts")
    #expect(set.inputs.spec == TensorSpec([2790, 36, 36, 1], .uint8))
    let labels = try #require(set.labels).scalars(as: Int.self)
    #expect(labels == (0..<5).flatMap { [Int](repeating: $0, count: 558) })
    #expect(set.classNames?.count == 5)
    #expect(Set(set.classNames ?? []).count == 5)
    #expect(set.classes == 5)
    // Ink on an empty ground in every image.
    let images = set.inputs.reshaped(to: [2790, -1])
    #expect(images.max(axes: [1]).scalars(as: Int.self).allSatisfy { $0 > 100 })
    #expect(images.min(axes: [1]).scalars(as: Int.self).allSatisfy { $0 == 0 })
  }

  @Test func splitsEvenly() throws {
    let set = try FontsData().load()
    let partition = try StratifiedSplit(test: 0.2).partition(set, random: RandomSource(seed: 1))
    #expect(partition.test.count == 558)
    let labels = set.subset(partition.test).labels?.scalars(as: Int.self) ?? []
    // 111.6 of each class.
    #expect((0..<5).map { label in labels.count { $0 == label } }.sorted() == [111, 111, 112, 112, 112])
  }

  @Test func fileTakesTheirPlace() throws {
    try withTemporaryFolder { folder in
      let images = Tensor((0..<24).map { UInt8($0) }, shape: [2, 3, 4])
      let path = folder + "/own.npz"
      try NPZ.write(["arr_0": images, "arr_1": Tensor([UInt8(1), 0], shape: [2])], to: path)
      let environments: [(ConfigurationObject, DataEnvironment)] = [
        ([:], DataEnvironment(file: path)), (["file": .string(path)], DataEnvironment()),
        (["file": "own.npz"], DataEnvironment(folder: folder)), (["file": "other.npz"], DataEnvironment(file: path)),
      ]
      for (configuration, environment) in environments {
        let set = try dataRegistries().make(.dataSet, "fonts", configuration).load(environment)
        #expect(set.name == "own.npz")
        #expect(set.inputs.spec == TensorSpec([2, 3, 4, 1], .uint8))
        #expect(set.inputs.scalars(as: UInt8.self) == images.scalars(as: UInt8.self))
        #expect(set.targets?.scalars(as: Int.self) == [1, 0])
        #expect(set.targets?.dtype == .int64)
        #expect(set.classNames == ["0", "1"])
      }
      try NPZ.write(["arr_0": images], to: path)
      #expect(dataError { _ = try FontsData().load(DataEnvironment(file: path)) }.contains("no targets"))
      try NPZ.write(["arr_0": Tensor.zeros([2, 9]), "arr_1": Tensor([1, 0], shape: [2])], to: path)
      #expect(
        dataError { _ = try FontsData().load(DataEnvironment(file: path)) }.contains(
          "array 'arr_0': expected images [n, height, width], found float32[2, 9]"))
    }
  }
}
