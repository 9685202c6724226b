import AviaryCore
import AviaryFormats
import Testing

@Suite struct SafetensorsTests {
  @Test(arguments: try StoredFile.all("safetensors"))
  func readsAndWritesTheBytesOfTheReference(_ file: StoredFile) throws {
    let read = try Safetensors(contentsOf: file.path)
    let expected = try file.tensors("tensors")
    #expect(read.tensors.names.sorted() == expected.map(\.name).sorted())
    for (name, tensor) in expected { #expect(isIdentical(try read.tensors.tensor(named: name), tensor)) }
    let metadata = file.contents["metadata"]?.objectValue.map {
      Dictionary(uniqueKeysWithValues: $0.map { ($0.key, $0.value.stringValue ?? "") })
    }
    #expect(read.metadata == metadata ?? [:])
    #expect(try read.encoded() == file.bytes())
  }

  @Test func dataIsAlignedAndOrdered() throws {
    let tensors: NamedTensors = [
      "b": Tensor([1.0], dtype: .float32), "a": Tensor([1.0], dtype: .float32), "z": Tensor([true, false, true]),
      "c": Tensor([7]),
    ]
    let bytes = try Safetensors(tensors, metadata: ["é\u{1}\"\\": "\t\u{1F}/"]).encoded()
    let length = Int(bytes[0]) | Int(bytes[1]) << 8
    #expect((8 + length) % 8 == 0)
    let read = try Safetensors(bytes)
    #expect(read.tensors.names == ["c", "a", "b", "z"])
    #expect(read.metadata == ["é\u{1}\"\\": "\t\u{1F}/"])
    #expect(bytes.offset(of: Array(#""é\u0001\"\\":"\t\u001f/""#.utf8)) != nil)
  }

  @Test func reservedNameIsRefused() {
    #expect(refusal { try Safetensors(["__metadata__": Tensor([1])]).encoded() } != nil)
  }

  /// A file of the given header and as many bytes of data.
  static func file(_ header: String, data: Int = 0) -> [UInt8] {
    .little(UInt64(header.utf8.count)) + header.utf8 + [UInt8](repeating: 1, count: data)
  }

  @Test(arguments: [
    (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, 2),
    (#"{ "a" : { "shape":[ 2 ] ,"extra":[1,{"x":-1.5e+3}],"data_offsets":[ 0 , 2 ],"dtype":"U8" } } "#, 2),
    (#"{"b":{"dtype":"U8","shape":[],"data_offsets":[1,2]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 2),
    (#"{"\u0061\ud83d\udc26":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#, 0),
    ("{}", 0),
  ])
  func headersWithinTheRules(_ header: String, data: Int) throws {
    let read = try Safetensors(Self.file(header, data: data))
    #expect(read.tensors.reduce(0) { $0 + $1.tensor.spec.byteCount } == data)
    #expect(header.contains("\\u") == (read.tensors.names == ["a🐦"]))
  }

  static let refused: [(header: String, words: String)] = [
    ("", "'{'"),
    (" {}", "begins with '{'"),
    ("[]", "begins with '{'"),
    ("{}x", "nothing after"),
    (#"{"a"}"#, "':'"),
    (#"{"a":1}"#, "'{'"),
    (#"{"a":{}}"#, "no 'dtype'"),
    (#"{"a":{"dtype":"U8","shape":[2]}}"#, "no 'data_offsets'"),
    (#"{"a":{"dtype":"U9","shape":[2],"data_offsets":[0,2]}}"#, "one of the dtypes"),
    (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,3]}}"#, "2 bytes apart"),
    (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}}"#, "2 bytes apart"),
    (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0]}}"#, "2 bytes apart"),
    (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,1,2]}}"#, "at most 2 numbers"),
    (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, "without gaps"),
    (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, "truncated"),
    (#"{"a":{"dtype":"U8","shape":[-2],"data_offsets":[0,2]}}"#, "whole number"),
    (#"{"a":{"dtype":"U8","shape":[2.0],"data_offsets":[0,2]}}"#, "whole number"),
    (#"{"a":{"dtype":"U8","shape":[02],"data_offsets":[0,2]}}"#, "whole number"),
    (#"{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,2]}}"#, "whole number"),
    (#"{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,2]}}"#, "fits in memory"),
    (#"{"a":{"dtype":"F64","shape":[0,2305843009213693952],"data_offsets":[0,0]}}"#, "fits in memory"),
    (#"{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}"#, "at most 8"),
    (#"{"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#, "twice"),
    (#"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{}}"#, "\"a\" twice"),
    (#"{"__metadata__":{"a":1}}"#, "a string"),
    (#"{"__metadata__":{"a":"1","a":"2"}}"#, "twice"),
    (#"{"__metadata__":[]}"#, "'{'"),
    ("{\"a\n\":{}}", "control character"),
    (#"{"\q":{}}"#, "a JSON escape"),
    (#"{"\ud83d":{}}"#, "surrogates"),
    (#"{"\ud83dA":{}}"#, "surrogates"),
    (#"{"\u00g0":{}}"#, "four hexadecimal"),
    (#"{"a"#, "the end of the string"),
    (#"{"a":{"x":tru}}"#, "a value"),
    (#"{"a":{"x":-}}"#, "a digit"),
    (#"{"a":{"x":1.}}"#, "a digit"),
    (#"{"a":{"x":"# + String(repeating: "[", count: 100_000), "levels of nesting"),
    (#"{"a":{"x":"# + String(repeating: #"{"y":"#, count: 100_000), "levels of nesting"),
  ]

  // By position: some headers are too long to be printed.
  @Test(arguments: refused.indices)
  func malformedHeaders(_ index: Int) throws {
    let (header, words) = Self.refused[index]
    let error = try #require(refusal { try Safetensors(Self.file(header), source: "w.safetensors") })
    #expect(error.source == "w.safetensors")
    #expect(error.description.contains(words), "\(error)")
  }

  @Test func overlapsAndLeftovers() throws {
    let two =
      #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#
    let error = try #require(refusal { try Safetensors(Self.file(two, data: 3)) })
    #expect(error.places.last == .member("b"))
    let one = #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#
    #expect(refusal { try Safetensors(Self.file(one, data: 3)) }?.found == "3")
  }

  @Test func absurdHeaders() {
    for length in [100_000_001, 1 << 62, UInt64.max] {
      #expect(refusal { try Safetensors(.little(length) + [0x7B]) }?.expected.contains("100000000 bytes") == true)
    }
    #expect(refusal { try Safetensors(.little(UInt64(99_000_000)) + [0x7B]) }?.expected.contains("99000000") == true)
    #expect(refusal { try Safetensors([1, 2, 3]) } != nil)
    let invalid = .little(UInt64(9)) + Array(#"{"xx":{}}"#.utf8)
    #expect(refusal { try Safetensors(invalid.replacing([0xFF], at: 10)) }?.expected == "a string in UTF-8")
  }
}
