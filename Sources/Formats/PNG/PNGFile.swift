/// The chunks of a PNG file, with their CRCs checked.
struct PNGFile {
  private(set) var layout: PNGLayout
  /// The compressed image data.
  private(set) var compressed: [UInt8] = []
  /// The palette's colors, three bytes each.
  private(set) var palette: [UInt8] = []
  /// The palette entries' alpha, as far as given, or the transparent color's samples, 16 bits each.
  private(set) var transparency: [UInt8] = []

  private struct Chunk {
    var kind: String
    var start: Int
    var data: Range<Int>
  }

  init(_ bytes: [UInt8], _ source: FormatSource) throws {
    guard bytes.starts(with: PNG.signature) else {
      throw source.error(
        at: 0, expected: "a PNG file, which begins with 89 'PNG'",
        found: bytes.first.map { quoted(byte: $0) } ?? "an empty file")
    }
    var reader = ByteReader(bytes, in: PNG.signature.count..<bytes.count, source: source)
    let first = try Self.chunk(&reader)
    guard first.kind == "IHDR" else {
      throw source.error(at: first.start, expected: "the chunk IHDR", found: quoted(first.kind))
    }
    layout = try Self.layout(bytes, first, source)
    var previous = first.kind
    while true {
      let chunk = try Self.chunk(&reader)
      if chunk.kind == "IEND" { break }
      try take(chunk, after: previous, bytes, source)
      previous = chunk.kind
    }
    guard !compressed.isEmpty else {
      throw source.error(at: reader.position, expected: "the chunk IDAT", found: "the end of the image")
    }
    guard layout.color != .palette || !palette.isEmpty else {
      throw source.error(at: reader.position, expected: "the chunk PLTE", found: "the end of the image")
    }
  }

  private mutating func take(_ chunk: Chunk, after previous: String, _ bytes: [UInt8], _ source: FormatSource) throws {
    func error(_ expected: String, _ found: String) -> FormatError {
      source.inside(.byte(chunk.start)).member(chunk.kind).error(expected: expected, found: found)
    }
    switch chunk.kind {
    case "IDAT":
      guard compressed.isEmpty || previous == "IDAT" else {
        throw error("image data in one run", "another chunk between")
      }
      compressed += bytes[chunk.data]
    case "PLTE":
      guard palette.isEmpty, compressed.isEmpty else { throw error("one palette before the image", "another") }
      let limit = layout.color == .palette ? 1 << layout.bitDepth : 256
      guard chunk.data.count % 3 == 0, 1...limit ~= chunk.data.count / 3 else {
        throw error("1 to \(limit) colors of 3 bytes", "\(chunk.data.count) bytes")
      }
      palette = Array(bytes[chunk.data])
    case "tRNS":
      let samples = layout.color.samples
      let isValid =
        layout.color == .palette
        ? 1...max(1, palette.count / 3) ~= chunk.data.count
        : samples % 2 == 1 && chunk.data.count == 2 * samples
      guard transparency.isEmpty, compressed.isEmpty, isValid else {
        throw error("one transparency of the palette's or a pixel's size before the image", "\(chunk.data.count) bytes")
      }
      transparency = Array(bytes[chunk.data])
      layout.hasTransparency = true
    default:
      // A lowercase first letter marks chunks that a reader may skip.
      guard chunk.kind.utf8.first! & 0x20 != 0 else {
        throw source.error(.unsupported, at: chunk.start, expected: "a known chunk", found: quoted(chunk.kind))
      }
    }
  }

  private static func chunk(_ reader: inout ByteReader) throws -> Chunk {
    let source = reader.source
    let start = reader.position
    let length = try reader.count(UInt32.self, bigEndian: true, "a chunk's length")
    let kind = try reader.take(4, "a chunk's name")
    guard reader.bytes[kind].allSatisfy({ (0x41...0x5A).contains($0 & ~0x20) }) else {
      throw source.error(at: kind.lowerBound, expected: "a chunk's name of four letters", found: "other bytes")
    }
    let name = String(decoding: reader.bytes[kind], as: UTF8.self)
    let data = try reader.take(length, "the contents of the chunk \(name)")
    let stored = try reader.integer(UInt32.self, bigEndian: true, "a chunk's CRC-32")
    let checksum = Checksum.crc32(reader.bytes, in: kind.lowerBound..<data.upperBound)
    guard checksum == stored else {
      throw source.inside(.byte(start)).member(name).error(
        expected: "contents with the CRC-32 \(hexadecimal(stored))", found: hexadecimal(checksum))
    }
    return Chunk(kind: name, start: start, data: data)
  }

  private static func layout(_ bytes: [UInt8], _ chunk: Chunk, _ source: FormatSource) throws -> PNGLayout {
    let source = source.inside(.byte(chunk.start)).member(chunk.kind)
    guard chunk.data.count == 13 else {
      throw source.error(expected: "13 bytes", found: "\(chunk.data.count)")
    }
    var reader = ByteReader(bytes, in: chunk.data, source: source)
    let width = try reader.count(UInt32.self, bigEndian: true, "the width")
    let height = try reader.count(UInt32.self, bigEndian: true, "the height")
    guard 1...0x7FFF_FFFF ~= width, 1...0x7FFF_FFFF ~= height else {
      throw source.error(expected: "a size from 1 to 2147483647", found: "\(width) × \(height)")
    }
    let bitDepth = try reader.count(UInt8.self, "the bit depth")
    let code = try reader.integer(UInt8.self, "the color type")
    guard let color = PNGLayout.Color(rawValue: code), color.bitDepths.contains(bitDepth) else {
      throw source.error(expected: "a bit depth that fits the color type", found: "type \(code), \(bitDepth) bits")
    }
    let compression = try reader.integer(UInt8.self, "the compression")
    let filter = try reader.integer(UInt8.self, "the filters")
    let interlace = try reader.integer(UInt8.self, "the interlacing")
    guard compression == 0, filter == 0, interlace <= 1 else {
      throw source.error(
        .unsupported, expected: "compression 0, filters 0, interlacing 0 or 1",
        found: "\(compression), \(filter), \(interlace)")
    }
    return PNGLayout(width: width, height: height, bitDepth: bitDepth, color: color, isInterlaced: interlace == 1)
  }
}
