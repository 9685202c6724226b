import AviaryCore
import AviaryData
import AviaryFormats
import AviaryTestSupport
import Testing

@Suite struct DigitsTests {
  @Test func embeddedImagesAreScikitLearns() throws {
    let set = try DigitsData().load()
    #expect(set.name == "digits")
    #expect(set.inputs.spec == TensorSpec([1797, 8, 8, 1], .uint8))
    #expect(set.classNames == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
    let labels = try #require(set.labels).scalars(as: Int.self)
    // As described in scikit-learn's documentation of load_digits.
    #expect(
      (0..<10).map { digit in labels.count { $0 == digit } } == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    #expect(labels.prefix(10) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(set.inputs[0].scalars(as: Int.self).prefix(16) == [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0])
    #expect(set.inputs.max().item() == 16)
    // The digest of the pixels as printed by Assets/Digits/make_digits.py.
    let digest = "8f26b2bd9d135c256808f68f14fdabddde6d9c7f869ae419704b051f0f14b3b3"
    #expect(sha256(set.inputs.scalars(as: UInt8.self)) == digest)
  }

  @Test func fileTakesTheirPlace() throws {
    try withTemporaryFolder { folder in
      let images = Tensor((0..<24).map { UInt8($0) }, shape: [2, 3, 4])
      try NPZ.write(["x": images, "y": Tensor([UInt8(1), 0], shape: [2])], to: folder + "/own.npz")
      let set = try dataRegistries().make(.dataSet, "digits").load(DataEnvironment(file: folder + "/own.npz"))
      #expect(set.inputs.spec == TensorSpec([2, 3, 4, 1], .uint8))
      #expect(set.labels?.scalars(as: Int.self) == [1, 0])
    }
  }
}
