/// The `.ts` format for time series, used by the UEA and UCR archives: UTF-8 text, plain or gzip-compressed.
///
/// ```swift
/// let file = try TimeSeriesFile.read("BasicMotions_TRAIN.ts")
/// file.series[0].channels.count        // 6
/// file.series[0].label                 // "Standing"
/// ```
///
/// Lines that begin with `#` are comments; those that begin with `@` state properties. After `@data`, each line is a
/// series: its channels separated by `:`, the numbers of a channel separated by `,`, and at the end the class or the
/// number to predict, if any. `?` and `NaN` stand for missing values.
public struct TimeSeriesFile: Sendable {
  /// One series.
  public struct Series: Sendable {
    /// The numbers of each channel in order of time, equally many in all channels; NaN for missing values.
    public var channels: [[Double]]
    /// The class or the number to predict, as written; nil if the file has none.
    public var label: String?

    /// The number of steps.
    public var count: Int { channels.first?.count ?? 0 }
  }

  /// The value of `@problemName`.
  public var name: String?
  /// The class names in the order of `@classLabel`; nil if there are none, or the header does not list them.
  public var classNames: [String]?
  /// Whether each series has a number to predict (`@targetLabel true`).
  public var hasValues = false
  /// The series, in the file's order.
  public var series: [Series] = []

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - maximumByteCount: the maximum decompressed size, by default 1 GiB.
  /// - Returns: the contents.
  /// - Throws: ``FormatError`` naming the line.
  public static func read(_ path: String, maximumByteCount: Int = 1 << 30) throws -> TimeSeriesFile {
    try decode(FileBytes.read(path), source: path, maximumByteCount: maximumByteCount)
  }

  /// Reads the bytes of a file like ``read(_:maximumByteCount:)``.
  public static func decode(
    _ bytes: [UInt8], source: String = "time series", maximumByteCount: Int = 1 << 30
  ) throws -> TimeSeriesFile {
    let text =
      Gzip.isGzip(bytes)
      ? try Gzip.decode(bytes, source: source, maximumByteCount: maximumByteCount) : bytes
    var reader = TimeSeriesReader(source: FormatSource(source))
    try text.withUnsafeBufferPointer { try reader.read($0) }
    return reader.file
  }
}

/// Reads line by line.
private struct TimeSeriesReader {
  let source: FormatSource
  var file = TimeSeriesFile()
  private var hasTimestamps = false
  /// Whether the header states if there are classes.
  private var isLabeled: Bool?
  private var line = 0

  init(source: FormatSource) { self.source = source }

  private func error(
    _ kind: FormatError.Kind = .malformed, expected: String, found: String, remedy: String? = nil
  ) -> FormatError {
    source.inside(.line(line)).error(kind, expected: expected, found: found, remedy: remedy)
  }

  mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    var isData = false
    // A byte order mark may come first.
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
      line += 1
      let range = trimmed(bytes, start..<end)
      start = end + 1
      guard let first = range.first.map({ bytes[$0] }), first != UInt8(ascii: "#"), first != UInt8(ascii: "%") else {
        continue
      }
      if isData {
        file.series.append(try series(bytes, range))
      } else if first == UInt8(ascii: "@") {
        isData = try property(text(bytes, range))
      } else {
        throw error(
          expected: "a property that begins with @, or @data before the series", found: quoted(text(bytes, range)))
      }
    }
    guard isData else { throw source.error(expected: "a line @data before the series", found: "none") }
    guard !file.series.isEmpty else { throw source.error(expected: "series after @data", found: "none") }
  }

  /// Reads a property; returns true for `@data`.
  private mutating func property(_ text: String) throws -> Bool {
    let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
    switch words[0].lowercased() {
    case "@data": return true
    case "@problemname": file.name = words.dropFirst().joined(separator: " ")
    case "@timestamps": hasTimestamps = try flag(words)
    case "@classlabel":
      isLabeled = try flag(words)
      if isLabeled == true, words.count > 2 { file.classNames = Array(words[2...]) }
    case "@targetlabel":
      file.hasValues = try flag(words)
      isLabeled = file.hasValues
    default: break
    }
    guard !hasTimestamps else {
      throw error(
        .unsupported, expected: "@timestamps false", found: quoted(text),
        remedy: "write only the values, at equal intervals in time")
    }
    return false
  }

  private func flag(_ words: [String]) throws -> Bool {
    switch words.dropFirst().first?.lowercased() {
    case "true": return true
    case "false": return false
    default:
      throw error(expected: "true or false after \(words[0])", found: quoted(words.dropFirst().joined(separator: " ")))
    }
  }

  private func series(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) throws -> TimeSeriesFile.Series {
    var parts = pieces(bytes, range, UInt8(ascii: ":"))
    var label: String?
    if isLabeled ?? false {
      guard parts.count > 1 else {
        throw error(
          expected: "channels with : between them, and the class at the end", found: quoted(text(bytes, range)))
      }
      label = text(bytes, trimmed(bytes, parts.removeLast()))
      if let names = file.classNames, let label, !names.contains(label) {
        throw error(expected: "a class of \(names.prefix(10).joined(separator: ", "))", found: quoted(label))
      }
    }
    let channels = try parts.map { try numbers(bytes, $0) }
    guard let first = channels.first, let others = channels.firstIndex(where: { $0.count != first.count }) else {
      let count = file.series.first?.channels.count ?? channels.count
      guard channels.count == count else { throw error(expected: "\(count) channels", found: "\(channels.count)") }
      return TimeSeriesFile.Series(channels: channels, label: label)
    }
    throw error(
      expected: "channels of equal length, \(first.count) numbers as in the first",
      found: "\(channels[others].count) in channel \(others + 1)")
  }

  private func numbers(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) throws -> [Double] {
    try pieces(bytes, range, UInt8(ascii: ",")).map { piece in
      let piece = trimmed(bytes, piece)
      if let number = DecimalNumber.parse(bytes, piece.lowerBound, piece.upperBound, as: Double.self) { return number }
      let word = text(bytes, piece)
      guard word == "?" || word.lowercased() == "nan" else {
        throw error(expected: "a number, or ? for a missing one", found: quoted(word))
      }
      return .nan
    }
  }

  private func pieces(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ mark: UInt8) -> [Range<Int>] {
    var (pieces, start): ([Range<Int>], Int) = ([], range.lowerBound)
    for place in range where bytes[place] == mark {
      pieces.append(start..<place)
      start = place + 1
    }
    return pieces + [start..<range.upperBound]
  }

  private func trimmed(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Range<Int> {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, isBlank(bytes[start]) { start += 1 }
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  private func text(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }
}
