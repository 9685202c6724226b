import AviaryCore
import AviaryFormats
import Testing

@Suite struct NPZTests {
  @Test(arguments: try StoredFile.all("npz"))
  func readsWhatNumPyWrote(_ file: StoredFile) throws {
    #expect(isIdentical(try NPZ.read(file.path), try file.tensors("arrays")))
  }

  @Test(arguments: try StoredFile.all("npz"), [ZipArchive.Method.stored, .deflated])
  func writesWhatItReads(_ file: StoredFile, _ method: ZipArchive.Method) throws {
    let tensors = try NPZ.read(file.path)
    let bytes = try NPZ.encode(tensors, method: method)
    #expect(isIdentical(try NPZ.decode(bytes), try file.tensors("arrays")))
    #expect(try NPZ.encode(tensors, method: method) == bytes)
    #expect(try ZipArchive(bytes).entries.allSatisfy { $0.method == method })
  }

  @Test func compressionCompresses() throws {
    let tensors: NamedTensors = ["zeros": Tensor.zeros([1000])]
    #expect(try NPZ.encode(tensors).count < NPZ.encode(tensors, method: .stored).count / 10)
  }

  @Test func namesAreLookedUp() throws {
    var tensors = try NPZ.read(StoredFile.root.appending(path: "npz/stored.npz").path)
    #expect(tensors["x"]?.shape == [3, 4])
    #expect(tensors["nothing"] == nil)
    let error = try #require(refusal { try tensors.tensor(named: "scaler") })
    #expect(error.kind == .noSuchName)
    #expect(error.description.contains("did you mean 'scalar'?"))
    #expect(error.source.hasSuffix("stored.npz"))
    let count = tensors.count
    tensors["x"] = nil
    #expect(tensors.count == count - 1)
    #expect(tensors["empty"]?.shape == [0, 2])
    tensors["y"] = Tensor([1])
    tensors["new"] = Tensor([2])
    #expect(tensors.names == ["y", "mask", "scalar", "fortran", "empty", "new"])
    #expect(tensors["y"]?.item() == 1)
  }

  @Test func errorsNameTheMember() throws {
    var writer = ZipWriter()
    try writer.append("x.npy", Array("nonsense".utf8))
    let error = try #require(refusal { try NPZ.decode(writer.finished(), source: "data.npz") })
    #expect(error.description.hasPrefix("data.npz: member 'x.npy', byte 0: expected an npy file"))
    writer = ZipWriter()
    try writer.append("notes.txt", [])
    #expect(refusal { try NPZ.decode(writer.finished()) }?.places == [.member("notes.txt")])
    let tensors: NamedTensors = ["b": Tensor([1.0]).cast(to: .bfloat16)]
    #expect(refusal { try NPZ.encode(tensors) }?.places == [.member("b")])
  }

  @Test func announcedSizesAreLimited() throws {
    let bytes = try NPZ.encode(["a": Tensor.zeros([1000]), "b": Tensor.zeros([1000])])
    #expect(try NPZ.decode(bytes, maximumByteCount: 9000).count == 2)
    let error = try #require(refusal { try NPZ.decode(bytes, maximumByteCount: 8000) })
    #expect(error.kind == .tooLarge)
    #expect(error.places == [.member("b.npy")])
  }
}

extension NPZTests {
  /// Sizes that agree do not make a small file a large data set.
  @Test func whatGrowsBeyondMeasureIsRefused() throws {
    let folder = try TemporaryFolder()
    let zeros: NamedTensors = [
      "x": Tensor.zeros([(1 << 28) + 1], dtype: .uint8), "y": Tensor.zeros([5], dtype: .uint8),
    ]
    try NPZ.write(zeros, to: folder.path("bomb.npz"))
    let file = try NPZFile(folder.path("bomb.npz"))
    let error = try #require(refusal { try file.tensor(named: "x") })
    #expect(error.kind == .tooLarge && error.expected.contains("at most 200 times"))
    #expect(error.remedy?.contains("numpy.savez") == true)
    #expect(try file.tensor(named: "y").shape == [5])
  }
}
