/// The block before a member's contents.
struct TarHeader {
  enum Kind {
    case file
    /// Folders, links, devices, pipes.
    case withoutContents
    /// Pax: name and size of the next member, or of all.
    case extended, globalExtended
    /// GNU tar: the name of the next member, or of the link's target.
    case longName, longLink
  }

  var name: String
  var size: Int
  var kind: Kind

  /// Reads the header in the 512 bytes from `start`, which must exist.
  init(_ bytes: [UInt8], at start: Int, _ source: FormatSource) throws {
    let block = bytes[start..<(start + Tar.blockSize)]
    func field(_ range: Range<Int>) -> ArraySlice<UInt8> {
      block[(start + range.lowerBound)..<(start + range.upperBound)]
    }
    func text(_ range: Range<Int>) -> String { String(decoding: field(range).prefix { $0 != 0 }, as: UTF8.self) }
    func number(_ range: Range<Int>, _ what: String) throws -> Int {
      if let value = Self.number(field(range)) { return value }
      throw source.error(at: start + range.lowerBound, expected: "\(what) in octal digits", found: quoted(text(range)))
    }
    let sum = try number(148..<156, "a header's checksum")
    // The checksum's own field counts as blanks.
    let found = block.reduce(0) { $0 + Int($1) } - field(148..<156).reduce(0) { $0 + Int($1) } + 8 * 0x20
    guard sum == found else {
      throw source.error(at: start, expected: "a header whose bytes add up to \(sum)", found: "\(found)")
    }
    size = try number(124..<136, "a member's size")
    let isPOSIX = field(257..<263).elementsEqual(Array("ustar\0".utf8))
    let folder = isPOSIX ? text(345..<500) : ""
    name = folder.isEmpty ? text(0..<100) : folder + "/" + text(0..<100)
    let type = block[start + 156]
    switch type {
    // Before there was a type for folders, their names ended like this.
    case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): kind = name.hasSuffix("/") ? .withoutContents : .file
    case UInt8(ascii: "1")...UInt8(ascii: "6"): kind = .withoutContents
    case UInt8(ascii: "x"): kind = .extended
    case UInt8(ascii: "g"): kind = .globalExtended
    case UInt8(ascii: "L"): kind = .longName
    case UInt8(ascii: "K"): kind = .longLink
    default:
      throw source.error(
        .unsupported, at: start + 156, expected: "a file, folder or link",
        found: "a member of type \(quoted(byte: type))",
        remedy: "pack the archive again with tar --format=ustar")
    }
  }

  /// Octal digits between blanks, up to a zero; or, for large numbers in GNU tar, 0x80 and a big-endian integer.
  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    if field.first == 0x80 {
      return field.dropFirst().reduce(Optional(0)) { value, byte in
        value.flatMap { $0 >> (Int.bitWidth - 9) == 0 ? $0 << 8 | Int(byte) : nil }
      }
    }
    let digits = field.prefix { $0 != 0 }.drop { $0 == 0x20 }
    let end = digits.firstIndex(of: 0x20) ?? digits.endIndex
    guard digits[end...].allSatisfy({ $0 == 0x20 }) else { return nil }
    // At most 12 octal digits, so no overflow.
    return digits[..<end].reduce(Optional(0)) { value, byte in
      (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte)
        ? value.map { $0 * 8 + Int(byte - UInt8(ascii: "0")) } : nil
    }
  }
}

/// The records of a pax header, each `LENGTH KEY=VALUE\n`, where the length counts the whole record.
struct PaxRecords {
  var path: String?
  var size: Int?

  init(_ bytes: [UInt8], in range: Range<Int>, _ source: FormatSource) throws {
    var position = range.lowerBound
    while position < range.upperBound {
      let rest = bytes[position..<range.upperBound]
      let digits = rest.prefix { $0 != 0x20 }.prefix(12)
      guard let length = Int(String(decoding: digits, as: UTF8.self)), length > digits.count + 2, length <= rest.count,
        bytes[position + length - 1] == UInt8(ascii: "\n"),
        let equals = rest[(position + digits.count)..<(position + length)].firstIndex(of: UInt8(ascii: "="))
      else {
        throw source.error(at: position, expected: "a record 'LENGTH KEY=VALUE'", found: quoted(byte: bytes[position]))
      }
      let key = String(decoding: bytes[(position + digits.count + 1)..<equals], as: UTF8.self)
      let value = String(decoding: bytes[(equals + 1)..<(position + length - 1)], as: UTF8.self)
      if key == "path" { path = value }
      if key == "size" {
        guard let count = Int(value), count >= 0 else {
          throw source.error(at: position, expected: "a size", found: quoted(value))
        }
        size = count
      }
      position += length
    }
  }
}
