import AviaryCore
import AviaryData
import AviaryFormats
import AviaryRegistry
import Testing

@Suite struct IndexSplitTests {
  private func partition(_ configuration: ConfigurationObject, folder: String? = nil) throws -> Partition {
    try dataRegistries().make(.split, "indices", configuration)
      .partition(countingSet(6), in: DataEnvironment(folder: folder))
  }

  @Test func listsAreTakenAsTheyAre() throws {
    #expect(try partition(["test": [5, 0]]) == Partition(train: [1, 2, 3, 4], test: [5, 0]))
    #expect(
      try partition(["train": [3, 1], "validation": [2], "test": []]) == Partition(train: [3, 1], validation: [2]))
  }

  @Test func filesAreRead() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("# the judges\n5\n0 # and the first\n\n", to: folder + "/test.txt")
      try NPY.write(Tensor([Int32(4), 2], shape: [2]), to: folder + "/validation.npy")
      let found = try partition(["testFile": "test.txt", "validationFile": "validation.npy"], folder: folder)
      #expect(found == Partition(train: [1, 3], validation: [4, 2], test: [5, 0]))
      #expect(try partition(["testFile": .string(folder + "/test.txt")]).test == [5, 0])
    }
  }

  @Test func listsThatDoNotFitAreRefused() throws {
    #expect(
      dataError { _ = try partition(["test": [1, 6]]) }.contains(
        "test, entry 1: expected a row from 0 to 5 of 'counting', found 6"))
    #expect(dataError { _ = try partition(["test": [1, 1]]) }.contains("test, entry 1: row 1 is already in test"))
    #expect(
      dataError { _ = try partition(["test": [1], "train": [0, 1]]) }.contains(
        "train, entry 1: row 1 is already in test"))
    #expect(dataError { _ = try partition(["test": [0, 1, 2, 3, 4, 5]]) }.contains("leave no training rows"))
    #expect(dataError { _ = try partition(["train": []]) }.contains("leave no training rows"))
  }

  @Test func filesThatDoNotFitAreRefused() throws {
    try withTemporaryFolder { folder in
      func message(_ name: String) -> String {
        dataError { _ = try partition(["testFile": .string(name)], folder: folder) }
      }
      try AtomicFile.write("1\ntwo\n", to: folder + "/words.txt")
      #expect(message("words.txt").hasSuffix("words.txt: line 2: expected a whole number, found \"two\""))
      try AtomicFile.write([0xFF, 0xFE, 0x31], to: folder + "/bytes.txt")
      #expect(message("bytes.txt").contains("expected a text file of integers or an npy file"))
      try NPY.write(Tensor([1.0, 2.0], shape: [2]), to: folder + "/floats.npy")
      #expect(message("floats.npy").contains("expected a one-dimensional array of integers, found float64[2]"))
      try AtomicFile.write(Array(NPY.encode(Tensor([1, 2], shape: [2])).dropLast()), to: folder + "/short.npy")
      #expect(message("short.npy").contains("short.npy: byte 128"))
      #expect(message("none.txt").contains("no such file, nor '\(folder)/none.txt'"))
      #expect(message("/none.txt").contains("/none.txt: no such file; check the path"))
      try AtomicFile.write("9223372036854775808", to: folder + "/huge.txt")
      #expect(message("huge.txt").contains("line 1"))
      try AtomicFile.write("9223372036854775807", to: folder + "/large.txt")
      #expect(message("large.txt").contains("expected a row from 0 to 5"))
    }
  }
}
