import AviaryCore

/// The header of an npy file.
struct NPYHeader {
  /// The elements' type; for strings, that of their characters.
  var dtype: DType
  /// The number of characters per element, if the elements are strings.
  var textWidth: Int?
  var shape: Shape
  var isBigEndian: Bool
  var isFortranOrder: Bool
  /// The size of the elements in bytes.
  var byteCount: Int

  /// Reads magic number, version and dictionary, and leaves `reader` at the first element.
  init(_ reader: inout ByteReader) throws {
    let source = reader.source
    let magic = try reader.take(6, "the magic number of npy")
    guard reader.bytes[magic].elementsEqual(Self.magic) else {
      throw source.error(
        at: magic.lowerBound, expected: "an npy file, which begins with 93 'NUMPY'",
        found: quoted(byte: reader.bytes[magic.lowerBound]))
    }
    let major = try reader.integer(UInt8.self, "the version")
    let minor = try reader.integer(UInt8.self, "the version")
    guard (1...3).contains(major), minor == 0 else {
      throw source.error(
        .unsupported, at: magic.upperBound, expected: "version 1.0, 2.0 or 3.0", found: "\(major).\(minor)")
    }
    let length =
      major == 1
      ? try reader.count(UInt16.self, "the header's length") : try reader.count(UInt32.self, "the header's length")
    let range = try reader.take(length, "the header")
    var parser = PythonLiteralParser(ByteReader(reader.bytes, in: range, source: source))
    let fields = try Self.fields(of: try parser.parse(), at: range.lowerBound, source)
    try self.init(descr: fields.descr, order: fields.order, shape: fields.shape, at: range.lowerBound, source)
  }

  private static func fields(
    of literal: PythonLiteral, at offset: Int, _ source: FormatSource
  ) throws -> (descr: PythonLiteral, order: PythonLiteral, shape: PythonLiteral) {
    let expected = "a dictionary of 'descr', 'fortran_order' and 'shape'"
    guard case .dictionary(let pairs) = literal else {
      throw source.error(at: offset, expected: expected, found: quoted(literal.description))
    }
    func value(_ key: String) -> PythonLiteral? { pairs.first { $0.key == key }?.value }
    guard pairs.count == 3, let descr = value("descr"), let order = value("fortran_order"), let shape = value("shape")
    else {
      let keys = pairs.map { quoted($0.key) }.joined(separator: ", ")
      throw source.error(at: offset, expected: expected, found: keys.isEmpty ? "no keys" : "the keys \(keys)")
    }
    return (descr, order, shape)
  }

  private init(
    descr: PythonLiteral, order: PythonLiteral, shape: PythonLiteral, at offset: Int, _ source: FormatSource
  ) throws {
    let code = if case .string(let text) = descr { text } else { descr.description }
    guard let (dtype, isBigEndian, textWidth) = Self.elements(of: code) else {
      throw Self.unsupported(code, at: offset, source)
    }
    guard case .boolean(let isFortranOrder) = order else {
      throw source.error(at: offset, expected: "True or False for 'fortran_order'", found: quoted(order.description))
    }
    guard case .tuple(let parts) = shape else {
      throw source.error(at: offset, expected: "a tuple for 'shape'", found: quoted(shape.description))
    }
    let dimensions = try parts.map { part in
      guard case .integer(let dimension) = part, dimension >= 0 else {
        throw source.error(at: offset, expected: "dimensions of 0 or more", found: quoted(part.description))
      }
      return dimension
    }
    guard dimensions.count <= Shape.maximumRank else {
      throw source.error(
        .unsupported, at: offset, expected: "at most \(Shape.maximumRank) axes", found: "\(dimensions.count)")
    }
    guard let byteCount = checkedByteCount(of: dimensions + (textWidth.map { [$0] } ?? []), dtype) else {
      throw source.error(at: offset, expected: "a shape that fits in memory", found: quoted(shape.description))
    }
    self.dtype = dtype
    self.textWidth = textWidth
    self.isBigEndian = isBigEndian
    self.isFortranOrder = isFortranOrder
    self.shape = Shape(dimensions)
    self.byteCount = byteCount
  }

  /// Throws if the elements are not numbers.
  func checkNumbers(_ source: FormatSource) throws {
    if let textWidth {
      throw Self.unsupported(dtype == .uint8 ? "|S\(textWidth)" : "<U\(textWidth)", at: nil, source)
    }
  }

  private static func unsupported(_ code: String, at offset: Int?, _ source: FormatSource) -> FormatError {
    let remedy =
      switch code.first(where: { $0.isLetter || $0 == "[" }) {
      case "O": "save strings with .astype(str) and numbers with .astype(float)"
      case "[", "V": "save the records' fields as separate arrays"
      case "c": "save real and imaginary parts as separate arrays"
      default: "convert with .astype(…) before saving"
      }
    return source.error(
      .unsupported, at: offset, expected: "elements of bool, int8–int64, uint8–uint64, float16, float32 or float64",
      found: "the NumPy type \(quoted(code))", remedy: remedy)
  }

  /// The element type for NumPy's code, and its byte order: `<f4`, `>i8`, `|b1`, `=u2`; for strings (`<U12`, `|S12`),
  /// the type and number of characters.
  private static func elements(of code: String) -> (DType, isBigEndian: Bool, textWidth: Int?)? {
    let order = code.first.flatMap { "<>|=".contains($0) ? $0 : nil }
    let kind = order == nil ? code[...] : code.dropFirst()
    if kind.first == "U" || kind.first == "S", let width = Int(kind.dropFirst()), width >= 0 {
      return (kind.first == "U" ? .uint32 : .uint8, order == ">" && kind.first == "U", width)
    }
    guard let dtype = DType.allCases.first(where: { Self.code(of: $0)?.dropFirst() == kind }) else { return nil }
    guard order != "|" || dtype.byteCount == 1 else { return nil }
    return (dtype, order == ">" && dtype.byteCount > 1, nil)
  }

  /// NumPy's code for an element type in little-endian order; nil for bfloat16, which NumPy lacks.
  static func code(of dtype: DType) -> String? {
    switch dtype {
    case .bool: "|b1"
    case .int8: "|i1"
    case .uint8: "|u1"
    case .int16: "<i2"
    case .int32: "<i4"
    case .int64: "<i8"
    case .uint16: "<u2"
    case .uint32: "<u4"
    case .uint64: "<u8"
    case .float16: "<f2"
    case .float32: "<f4"
    case .float64: "<f8"
    case .bfloat16: nil
    }
  }

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
}
