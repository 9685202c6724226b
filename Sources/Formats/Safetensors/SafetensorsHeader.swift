import AviaryCore

/// The JSON header of a safetensors file: the tensors' places, and metadata.
struct SafetensorsHeader {
  /// The header's entry for one tensor.
  struct Entry {
    var name: String
    var dtype: DType
    var shape: Shape
    /// The tensor's bytes, counted from the end of the header.
    var range: Range<Int>
    /// The entry's offset in the header.
    var place: Int
  }

  /// Longer headers are refused, as in the reference implementation.
  static let maximumByteCount = 100_000_000

  private(set) var entries: [Entry] = []
  private(set) var metadata: [String: String] = [:]
  private let source: FormatSource

  /// Reads the header in `range`, followed by `dataCount` bytes.
  init(_ bytes: [UInt8], in range: Range<Int>, dataCount: Int, source: FormatSource) throws {
    self.source = source
    guard range.isEmpty || bytes[range.lowerBound] == UInt8(ascii: "{") else {
      throw source.error(
        at: range.lowerBound, expected: "a header that begins with '{'", found: quoted(byte: bytes[range.lowerBound]))
    }
    var scanner = JSONScanner(bytes, in: range, source: source)
    var names: Set<String> = []
    try scanner.object { scanner, name, place in
      guard names.insert(name).inserted else {
        throw source.error(at: place, expected: "each name once", found: "\(quoted(name)) twice")
      }
      if name == "__metadata__" {
        try readMetadata(&scanner)
      } else {
        entries.append(try entry(name, place, &scanner))
      }
    }
    try scanner.expectEnd()
    try checkExtents(dataCount)
  }

  private mutating func readMetadata(_ scanner: inout JSONScanner) throws {
    try scanner.object { [source] scanner, key, place in
      guard metadata.updateValue(try scanner.string(), forKey: key) == nil else {
        throw source.member("__metadata__").error(at: place, expected: "each key once", found: "\(quoted(key)) twice")
      }
    }
  }

  private func entry(_ name: String, _ place: Int, _ scanner: inout JSONScanner) throws -> Entry {
    let source = self.source.inside(.byte(place)).member(name)
    var code: String?
    var dimensions: [Int]?
    var offsets: [Int]?
    try scanner.object { scanner, key, _ in
      func unlessRepeated<Value>(_ value: Value?, _ read: () throws -> Value) throws -> Value {
        guard value == nil else { throw source.error(expected: "each key once", found: "\(quoted(key)) twice") }
        return try read()
      }
      switch key {
      case "dtype": code = try unlessRepeated(code) { try scanner.string() }
      case "shape":
        dimensions = try unlessRepeated(dimensions) {
          try Self.counts(&scanner, "a dimension", atMost: Shape.maximumRank, source)
        }
      case "data_offsets":
        offsets = try unlessRepeated(offsets) { try Self.counts(&scanner, "an offset", atMost: 2, source) }
      default: try scanner.skipValue()
      }
    }
    guard let code, let dimensions, let offsets else {
      let missing = code == nil ? "dtype" : dimensions == nil ? "shape" : "data_offsets"
      throw source.error(expected: "'dtype', 'shape' and 'data_offsets'", found: "no '\(missing)'")
    }
    guard let dtype = Self.codes.first(where: { $0.code == code })?.dtype else {
      throw source.error(
        .unsupported, expected: "one of the dtypes " + Self.codes.map(\.code).joined(separator: ", "),
        found: quoted(code))
    }
    guard let count = checkedByteCount(of: dimensions, dtype) else {
      throw source.error(expected: "a shape that fits in memory", found: "\(dimensions)")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] - offsets[0] == count else {
      throw source.error(
        expected: "'data_offsets' that are \(count) bytes apart, for \(dtype.name)\(dimensions)", found: "\(offsets)")
    }
    return Entry(
      name: name, dtype: dtype, shape: Shape(dimensions), range: offsets[0]..<offsets[1], place: place)
  }

  private static func counts(
    _ scanner: inout JSONScanner, _ what: String, atMost limit: Int, _ source: FormatSource
  ) throws -> [Int] {
    var result: [Int] = []
    try scanner.array { scanner in
      guard result.count < limit else {
        throw source.error(.unsupported, expected: "at most \(limit) numbers, each \(what)", found: "more")
      }
      result.append(try scanner.count(what))
    }
    return result
  }

  /// Sorts the entries by the order of their bytes, which must cover the data without gaps and overlaps.
  private mutating func checkExtents(_ dataCount: Int) throws {
    entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw source.inside(.byte(entry.place)).member(entry.name).error(
          expected: "data from offset \(end), without gaps and overlaps",
          found: "\(entry.range.lowerBound)")
      }
      end = entry.range.upperBound
    }
    guard end == dataCount else {
      throw source.error(
        expected: "\(end) bytes of data, as the header says", found: "\(dataCount)",
        remedy: dataCount < end ? "the file may be truncated" : nil)
    }
  }

  /// The format's names of our types, in the order of its own declaration, which is the reverse of the order in files.
  static let codes: [(code: String, dtype: DType)] = [
    ("BOOL", .bool), ("U8", .uint8), ("I8", .int8), ("I16", .int16), ("U16", .uint16), ("F16", .float16),
    ("BF16", .bfloat16), ("I32", .int32), ("U32", .uint32), ("F32", .float32), ("F64", .float64), ("I64", .int64),
    ("U64", .uint64),
  ]
}
