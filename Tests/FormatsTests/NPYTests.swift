import AviaryCore
import AviaryFormats
import Testing

@Suite struct NPYTests {
  @Test(arguments: try StoredFile.all("npy"))
  func readsWhatNumPyWrote(_ file: StoredFile) throws {
    guard file.contents["unsupported"] == nil else {
      let error = try #require(refusal { try NPY.read(file.path) })
      #expect(error.kind == .unsupported)
      #expect(error.source == file.path)
      return
    }
    #expect(isIdentical(try NPY.read(file.path), try file.tensor()))
  }

  @Test(arguments: try StoredFile.all("npy"))
  func writesTheBytesOfNumPy(_ file: StoredFile) throws {
    guard file.contents["unsupported"] == nil else { return }
    let bytes = try file.bytes()
    let written = try NPY.encode(file.tensor())
    let isNumPysOwnForm =
      bytes[6] == 1 && file.contents["fortranOrder"] == false
      && file.contents["descr"]?.stringValue?.first != ">"
    #expect(written == bytes || !isNumPysOwnForm)
    #expect(isIdentical(try NPY.decode(written), try file.tensor()))
  }

  @Test func viewsAreWrittenInRowMajorOrder() throws {
    let tensor = Tensor([[1, 2, 3], [4, 5, 6]], dtype: .int32).transposed()
    #expect(isIdentical(try NPY.decode(NPY.encode(tensor)), Tensor([[1, 4], [2, 5], [3, 6]], dtype: .int32)))
  }

  @Test func bytesOfBoolBecomeZeroAndOne() throws {
    let bytes = try NPY.encode(Tensor([true, false, true]))
    let tensor = try NPY.decode(bytes.replacing([7, 0, 255], at: bytes.count - 3))
    #expect(tensor.withBytes { Array($0) } == [1, 0, 1])
  }

  @Test func bfloat16IsRefused() throws {
    let error = try #require(refusal { try NPY.encode(Tensor([1.5]).cast(to: .bfloat16)) })
    #expect(error.kind == .unsupported)
    #expect(error.description.contains("bfloat16"))
  }

  /// An npy file of the given header.
  static func file(_ header: String, data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
    let length: [UInt8] = version == 1 ? .little(UInt16(header.utf8.count)) : .little(UInt32(header.utf8.count))
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + header.utf8 + data
  }

  @Test(arguments: [
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", 8),
    ("{\"shape\":(2L),\"fortran_order\":True,\"descr\":\"=f4\",}", nil),
    (" {'fortran_order':False,'shape':(1,2,),'descr':'<f4'} \n", 8),
    ("{'descr': '|u1', 'fortran_order': True, 'shape': ()}", 1),
    ("{'descr': '>u1', 'fortran_order': False, 'shape': (3, 0, 5)}", 0),
  ])
  func headersAsPythonMayWriteThem(_ header: String, count: Int?) throws {
    let bytes = Self.file(header, data: [UInt8](repeating: 0, count: count ?? 0))
    if count == nil {
      // (2L) is a number in parentheses, not a tuple.
      let error = try #require(refusal { try NPY.decode(bytes) })
      #expect(error.expected.contains("tuple"))
    } else {
      #expect(try NPY.decode(bytes).spec.byteCount == count)
    }
  }

  static let refused: [(header: String, words: String)] = [
    ("", "a Python value"),
    ("{", "a key in quotes"),
    ("[]", "dictionary of 'descr'"),
    ("{'descr': '<f4'}", "the keys \"descr\""),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}", "\"more\""),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} 1", "the end of the header"),
    ("{'descr': '<f4', 'descr': '<f4', 'shape': (2,)}", "twice"),
    ("{'descr': '<f4', 'fortran_order': 1, 'shape': (2,)}", "True or False"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': [2]}", "a tuple"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", "0 or more"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2.5,)}", "comma or ')'"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (True,)}", "0 or more"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}", "at most 8 axes"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,)}", "fits in memory"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4611686018427387904, 8)}", "fits in memory"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,)}", "4000000000000 bytes"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", "64 bits"),
    ("{'descr': '<f3', 'fortran_order': False, 'shape': (2,)}", "NumPy type \"<f3\""),
    ("{'descr': '|f4', 'fortran_order': False, 'shape': (2,)}", "NumPy type"),
    ("{'descr': '', 'fortran_order': False, 'shape': (2,)}", "NumPy type"),
    ("{'descr': 3, 'fortran_order': False, 'shape': (2,)}", "NumPy type"),
    (String(repeating: "(", count: 5000), "levels of nesting"),
    (String(repeating: "{'a':", count: 5000), "levels of nesting"),
    ("{'descr': '<f4\\", "more of the header"),
    ("{'descr' '<f4'}", "a colon"),
    ("{'descr': Nope}", "True, False or None"),
  ]

  @Test(arguments: refused)
  func malformedHeaders(_ header: String, _ words: String) throws {
    let error = try #require(refusal { try NPY.decode(Self.file(header), source: "x.npy") })
    #expect(error.description.hasPrefix("x.npy: byte "))
    #expect(error.description.contains(words), "\(error)")
  }

  @Test func sizesBeyondTheFile() throws {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}"
    for count in [0, 1, 23, 25, 100] {
      let error = try #require(refusal { try NPY.decode(Self.file(header, data: .init(repeating: 0, count: count))) })
      #expect(error.kind == .malformed)
    }
    let longHeader = [0x93] + Array("NUMPY".utf8) + [2, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x7B]
    #expect(refusal { try NPY.decode(longHeader) }?.expected == "the header of 4294967295 bytes")
    #expect(refusal { try NPY.decode(Self.file("{}", version: 9)) }?.kind == .unsupported)
  }
}
