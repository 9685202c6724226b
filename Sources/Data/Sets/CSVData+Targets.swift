import AviaryCore
import AviaryFormats

extension CSVData {
  private static let remedy = "leave the row out or fill the value in"
  private static let textRemedy =
    "texts are classes, which need a loss of classes, or targetKind \"labels\"; or choose another column by data.target"

  /// What the fields of a column are where numbers are expected.
  private struct Column {
    var texts: [String]
    /// The numbers, where all fields are finite numbers written as numbers are.
    var numbers: [Double]?
    /// Whether some fields can be nothing but names.
    var hasNames: Bool

    init(_ texts: [String], in table: CSVTable) {
      self.texts = texts
      var (numbers, others, codes) = ([Double](), 0, 0)
      for text in texts {
        switch table.kind(of: text) {
        case .number(let number) where number.isFinite:
          numbers.append(number)
          if ClassNumbering.hasLeadingZero(text) { codes += 1 }
        case .number, .missing: others += 1
        case .text: codes += 1
        }
      }
      // nan and inf among numbers are numbers that are missing; among themselves they are names.
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
      // A value is missing or infinite; the first of the missing ones is told with its line.
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

  /// Classes that are numbers. Different ways to write one number are the same class where these are decimals, such as 1 and
  /// 1.0, and different ones where they may be codes, such as 100 and 1e2, or have more digits than a number holds.
  private static func classes(_ values: [Double], _ texts: [String]) -> ClassNumbering {
    let distinct = Set(texts)
    let haveExponents = distinct.contains { $0.utf8.contains { $0 | 0x20 == UInt8(ascii: "e") } }
    let areLong = distinct.contains { $0.utf8.count { 0x30...0x39 ~= $0 } > 15 }
    if haveExponents || areLong, distinct.count > Set(values).count { return ClassNumbering(texts) }
    return ClassNumbering(values, texts: texts)
  }

  /// Columns as numbers; an error about a text ends with the remedy, by default that for features; in a file that a run
  /// is measured with, which cannot leave them out, with that for such files.
  func numbers(
    _ table: CSVTable, _ columns: [Int], textRemedy: String? = nil, measuredRemedy: String? = nil
  ) throws -> Tensor {
    do {
      return try table.numbers(columnsAt: columns)
    } catch var error as FormatError where error.expected == "a number" {
      // The table could read missing values as NaN, which nothing here could learn from.
      let isMissing = error.remedy != nil
      error.remedy = isMissing ? Self.remedy : textRemedy
      if textRemedy == nil, case .column(let column, let name)? = error.places.last {
        // Columns are counted from 0 where they are called by position.
        let call = name?.trimmingBlanks() ?? "\(column - 1)"
        let change =
          isMissing
          ? Self.remedy
          : error.found.contains(",") && error.found.contains { $0.isNumber }
            ? "write numbers without separators of thousands" : "write a number"
        error.remedy =
          measuredRemedy.map { "\(change)\($0)" }
          ?? "\(change), or leave the column out by --set 'data.ignore=[\"\(call)\"]'"
      }
      throw error
    }
  }
}

extension StringProtocol {
  /// Without blanks and tabs at its ends.
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
