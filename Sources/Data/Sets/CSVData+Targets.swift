import AviaryCore
import AviaryFormats

extension CSVData {
  private static let remedy = "remove the row or fill in the value"
  private static let textRemedy =
    "text means classes, which need a classification loss or targetKind \"labels\"; or set data.target differently"

  /// The fields of a column that should hold numbers.
  private struct Column {
    var texts: [String]
    /// The numbers, if all fields are finite numbers.
    var numbers: [Double]?
    /// Whether some fields can only be names.
    var hasNames: Bool

    init(_ texts: [String], in table: CSVTable) {
      self.texts = texts
      var (numbers, others, codes) = ([Double](), 0, 0)
      for text in texts {
        switch table.kind(of: text) {
        case .number(let number) where number.isFinite:
          numbers.append(number)
          if ClassNumbering.hasLeadingZero(text) { codes += 1 }
        // A number too large for float64, such as 1e400, is a code.
        case .number where text.utf8.contains { 0x30...0x39 ~= $0 }: codes += 1
        case .number, .missing: others += 1
        case .text: codes += 1
        }
      }
      // Among numbers, nan and inf are missing values; among themselves they are names.
      hasNames = codes > 0 || numbers.isEmpty && Set(texts).count > 1
      self.numbers = hasNames || others > 0 ? nil : numbers
    }
  }

  /// The targets in a column, as the environment and the configuration want them.
  func targets(
    _ table: CSVTable, _ column: Int, named name: String?, _ reading: TargetReading, _ path: String
  ) throws -> FoundTargets {
    let target = name.map { "target '\($0)'" } ?? "the target in column \(column + 1)"
    let texts = try table.texts(columnAt: column).map { $0.trimmingBlanks() }
    let place = { (row: Int) in "row \(row), \(target)" }
    if reading.kind == .values {
      return FoundTargets(try numbers(table, [column], textRemedy: Self.textRemedy))
    }
    let found = Column(texts, in: table)
    if found.hasNames {
      if let row = texts.firstIndex(where: \.isEmpty) {
        throw table.error(
          atRow: row, column: column, expected: "a class", found: "a missing value", remedy: Self.remedy)
      }
      return try reading.labels(ClassNumbering(texts), source: path, target: target, place: place)
    }
    guard let values = found.numbers else {
      // A value is missing or infinite; the error names the first missing one's line.
      return FoundTargets(try numbers(table, [column], textRemedy: Self.textRemedy))
    }
    if reading.areNumbered {
      return FoundTargets(try TargetReading.wholeNumbers(Tensor(values, shape: [values.count]), path, place))
    }
    let classes = Self.classes(values, texts)
    if reading.kind == .automatic {
      let areWhole = texts.allSatisfy { Int($0) != nil }
      guard areWhole, TargetReading.looksLikeClasses(classes) else {
        return FoundTargets(Tensor(values, shape: [values.count, 1]))
      }
    }
    return try reading.labels(classes, source: path, target: target, place: place)
  }

  /// Numeric classes. Different spellings of a number are the same class if they are decimals, such as 1 and 1.0, but
  /// different classes if they may be codes, such as 100 and 1e2, or have more digits than a number holds.
  private static func classes(_ values: [Double], _ texts: [String]) -> ClassNumbering {
    let distinct = Set(texts)
    let haveExponents = distinct.contains { $0.utf8.contains { $0 | 0x20 == UInt8(ascii: "e") } }
    let areLong = distinct.contains { $0.utf8.count { 0x30...0x39 ~= $0 } > 15 }
    if haveExponents || areLong, distinct.count > Set(values).count { return ClassNumbering(texts) }
    return ClassNumbering(values, texts: texts)
  }

  /// Columns as numbers. An error about text ends with a remedy, by default the one for features, or `measuredRemedy`
  /// for a file being evaluated, which cannot exclude columns.
  func numbers(
    _ table: CSVTable, _ columns: [Int], textRemedy: String? = nil, measuredRemedy: String? = nil
  ) throws -> Tensor {
    do {
      return try table.numbers(columnsAt: columns)
    } catch var error as FormatError where error.expected == "a number" {
      // The table could read missing values as NaN, but nothing here can learn from them.
      let isMissing = error.remedy != nil
      error.remedy = isMissing ? Self.remedy : textRemedy
      if textRemedy == nil, case .column(let column, let name)? = error.places.last {
        // Columns named by index count from 0.
        let call = name?.trimmingBlanks() ?? "\(column - 1)"
        let isLong = error.found.contains(",") && error.found.contains { $0.isNumber }
        let change =
          isMissing
          ? Self.remedy : isLong ? "write numbers without thousands separators" : "write a number"
        // Texts may well be classes.
        let target = isMissing || isLong ? "" : ", or make it the target with --set 'data.target=\(call)'"
        error.remedy =
          measuredRemedy.map { "\(change)\($0)" }
          ?? "\(change), or exclude the column with --set 'data.ignore=[\"\(call)\"]'\(target)"
      }
      throw error
    }
  }
}

extension StringProtocol {
  /// The text without leading and trailing blanks and tabs.
  func trimmingBlanks() -> String {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    let text = String(self)
    let bytes = text.utf8
    guard let first = bytes.first, let last = bytes.last, isBlank(first) || isBlank(last) else { return text }
    guard let start = bytes.firstIndex(where: { !isBlank($0) }), let end = bytes.lastIndex(where: { !isBlank($0) })
    else {
      return ""
    }
    return String(text[start...end])
  }
}
