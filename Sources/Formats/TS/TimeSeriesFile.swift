/// Files of time series with the suffix `.ts`, in which the UEA and UCR archives keep theirs: UTF-8 text, plain or in gzip.
///
/// ```swift
/// let file = try TimeSeriesFile.read("BasicMotions_TRAIN.ts")
/// file.series[0].channels.count        // 6
/// file.series[0].label                 // "Standing"
/// ```
///
/// Lines that begin with `#` are comments, those with `@` name properties. After `@data` each line is a series: its channels
/// with `:` between them, a channel's numbers with `,` between them, and at the end the class or the number to predict, where
/// there is one. A `?` or `NaN` stands for a value that is missing.
public struct TimeSeriesFile: Sendable {
  /// One series.
  public struct Series: Sendable {
    /// Each channel's numbers in the order of time, all channels equally many; NaN where one is missing.
    public var channels: [[Double]]
    /// The class, or the number to predict, as it is written; nil where the file has none.
    public var label: String?

    /// How many steps it has.
    public var count: Int { channels.first?.count ?? 0 }
  }

  /// `@problemName`.
  public var name: String?
  /// The names of the classes in the order of `@classLabel`; nil where there are none, or the header does not say.
  public var classNames: [String]?
  /// Whether each series has a number to predict: `@targetLabel true`.
  public var hasValues = false
  /// The series, in the file's order.
  public var series: [Series] = []

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: where it is.
  ///   - maximumByteCount: the most bytes that compressed data may become, by default 1 GiB.
  /// - Returns: its series.
  /// - Throws: ``FormatError`` with the line, and what was expected there.
  public static func read(_ path: String, maximumByteCount: Int = 1 << 30) throws -> TimeSeriesFile {
    try decode(FileBytes.read(path), source: path, maximumByteCount: maximumByteCount)
  }

  /// Reads the bytes of a file, as ``read(_:maximumByteCount:)`` does.
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
  /// Whether the header says if there are classes.
  private var isLabelled: Bool?
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
    guard isData else { throw source.error(expected: "a line @data, after which the series stand", found: "none") }
    guard !file.series.isEmpty else { throw source.error(expected: "series after @data", found: "none") }
  }

  /// Takes in a property; true for `@data`.
  private mutating func property(_ text: String) throws -> Bool {
    let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
    switch words[0].lowercased() {
    case "@data": return true
    case "@problemname": file.name = words.dropFirst().joined(separator: " ")
    case "@timestamps": hasTimestamps = try flag(words)
    case "@classlabel":
      isLabelled = try flag(words)
      if isLabelled == true, words.count > 2 { file.classNames = Array(words[2...]) }
    case "@targetlabel":
      file.hasValues = try flag(words)
      isLabelled = file.hasValues
    default: break
    }
    guard !hasTimestamps else {
      throw error(
        .unsupported, expected: "@timestamps false", found: quoted(text),
        remedy: "write the series' values alone, at equal distances in time")
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
    if isLabelled ?? false {
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
        throw error(expected: "a number, or ? where one is missing", found: quoted(word))
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
