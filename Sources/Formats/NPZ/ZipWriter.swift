/// Builds a zip archive in memory. Equal members give equal bytes: times are 1980-01-01, as in NumPy's archives.
public struct ZipWriter: Sendable {
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var names: Set<String> = []
  private let isAlways64: Bool

  /// An archive without members.
  public init() { self.init(isAlways64: false) }

  /// `isAlways64` writes every size in zip64 form, not only those that need it.
  package init(isAlways64: Bool) { self.isAlways64 = isAlways64 }

  /// Adds a member.
  ///
  /// - Parameters:
  ///   - name: its path in the archive, at most 65535 bytes in UTF-8.
  ///   - contents: its bytes.
  ///   - method: how to store them.
  /// - Throws: ``FormatError`` for a name that is taken or too long.
  public mutating func append(_ name: String, _ contents: [UInt8], method: ZipArchive.Method = .deflated) throws {
    let source = FormatSource("zip archive").member(name)
    guard name.utf8.count <= 0xFFFF else {
      throw source.error(.unsupported, expected: "a name of at most 65535 bytes", found: "\(name.utf8.count)")
    }
    guard names.insert(name).inserted else {
      throw source.error(expected: "members with different names", found: "two of this one")
    }
    let stored = method == .stored ? contents : Deflate.deflate(contents, .raw)
    let checksum = Checksum.crc32(contents)
    let offset = bytes.count
    let is64 = isAlways64 || [stored.count, contents.count, offset].contains { $0 >= ZipSizes.inExtraField }
    let common = Self.common(name, method, checksum, is64 ? nil : (stored.count, contents.count), is64)

    bytes.append(integer: ZipDirectory.localSignature)
    bytes += common
    bytes.append(integer: UInt16(is64 ? 20 : 0))
    bytes += name.utf8
    if is64 { bytes += Self.extraField([contents.count, stored.count]) }
    bytes += stored

    directory.append(integer: ZipDirectory.entrySignature)
    directory.append(integer: UInt16(is64 ? 45 : 20))
    directory += common
    directory.append(integer: UInt16(is64 ? 28 : 0))
    directory += [UInt8](repeating: 0, count: 2 + 8)
    directory.append(integer: UInt32(is64 ? ZipSizes.inExtraField : offset))
    directory += name.utf8
    if is64 { directory += Self.extraField([contents.count, stored.count, offset]) }
  }

  /// The archive's bytes.
  public func finished() -> [UInt8] {
    var result = bytes + directory
    let count = names.count
    if isAlways64 || count >= 0xFFFF || directory.count >= ZipSizes.inExtraField || bytes.count >= ZipSizes.inExtraField
    {
      let place = result.count
      result.append(integer: ZipDirectory.end64Signature)
      result.append(integer: UInt64(44))
      result.append(integer: UInt16(45))
      result.append(integer: UInt16(45))
      result.append(integer: UInt64(0))
      for value in [count, count, directory.count, bytes.count] { result.append(integer: UInt64(value)) }
      result.append(integer: ZipDirectory.locator64Signature)
      result.append(integer: UInt32(0))
      result.append(integer: UInt64(place))
      result.append(integer: UInt32(1))
    }
    result.append(integer: ZipDirectory.endSignature)
    result.append(integer: UInt32(0))
    for _ in 0..<2 { result.append(integer: UInt16(min(count, 0xFFFF))) }
    for value in [directory.count, bytes.count] { result.append(integer: UInt32(min(value, ZipSizes.inExtraField))) }
    result.append(integer: UInt16(0))
    return result
  }

  /// The common part of a member's two headers, from the version needed to the name's length.
  private static func common(
    _ name: String, _ method: ZipArchive.Method, _ checksum: UInt32, _ sizes: (stored: Int, plain: Int)?, _ is64: Bool
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(integer: UInt16(is64 ? 45 : 20))
    let isASCII = name.utf8.allSatisfy { $0 < 0x80 }
    bytes.append(integer: UInt16(isASCII ? 0 : 0x800))
    bytes.append(integer: method.rawValue)
    bytes.append(integer: UInt16(0))
    bytes.append(integer: UInt16(1 << 5 | 1))
    bytes.append(integer: checksum)
    bytes.append(integer: UInt32(sizes?.stored ?? ZipSizes.inExtraField))
    bytes.append(integer: UInt32(sizes?.plain ?? ZipSizes.inExtraField))
    bytes.append(integer: UInt16(name.utf8.count))
    return bytes
  }

  private static func extraField(_ values: [Int]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(integer: UInt16(1))
    bytes.append(integer: UInt16(8 * values.count))
    for value in values { bytes.append(integer: UInt64(value)) }
    return bytes
  }
}
