import AviaryCore

/// Classes numbered from 0: the distinct ones of a column of targets, numbers by size and texts by the alphabet.
struct ClassNumbering {
  /// The classes as they are written, in the order of their numbers.
  var names: [String]
  /// For each row the number of its class.
  var labels: [Int]
  /// Whether the classes are numbers.
  var areNumbers = true

  /// Whole numbers. Those that are 0, 1, …, k − 1 already keep their numbers.
  init(_ values: [Int]) { (names, labels) = Self.numbered(values) { String($0) } }

  /// Numbers, none of them NaN, written as in `texts`, or as short as they can be.
  init(_ values: [Double], texts: [String]? = nil) {
    guard let texts else {
      (names, labels) = Self.numbered(values) { Int(exactly: $0).map(String.init) ?? "\($0)" }
      return
    }
    let written = Dictionary(zip(values, texts)) { first, _ in first }
    (names, labels) = Self.numbered(values) { written[$0] ?? "\($0)" }
  }

  /// Texts.
  init(_ texts: [String]) {
    (names, labels) = Self.numbered(texts) { $0 }
    areNumbers = false
  }

  /// Classes whose numbers are known.
  init(names: [String], labels: [Int]) {
    self.names = names
    self.labels = labels
  }

  private static func numbered<Value: Hashable & Comparable>(
    _ values: [Value], _ name: (Value) -> String
  ) -> (names: [String], labels: [Int]) {
    let distinct = Set(values).sorted()
    let labels = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($0.element, $0.offset) })
    return (distinct.map(name), values.map { labels[$0] ?? 0 })
  }

  /// Labels int64 [n].
  var tensor: Tensor { Tensor(labels, shape: [labels.count]) }

  /// Whether there are too many classes for that: more than 20, and more than every other row has one of its own.
  var hasTooMany: Bool { names.count > 20 && 2 * names.count > labels.count }

  /// The same rows numbered as `known` classes are, which keep their order and number.
  ///
  /// A class is found by its name; a number by its value, too, so that 1 is 1.0. Where the known names are no numbers and
  /// the classes are whole numbers, these are the labels themselves. Throws ``DataError`` with the first row of a class
  /// that is not known; `place` says where a row is.
  func matched(to known: [String], source: String, place: (Int) -> String) throws -> ClassNumbering {
    let positions = Dictionary(known.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    let values = Dictionary(
      known.enumerated().compactMap { entry in Self.value(entry.element).map { ($0, entry.offset) } }
    ) { first, _ in first }
    let found = names.map { name in
      if let position = positions[name] { return position as Int? }
      guard areNumbers, let value = Self.value(name) else { return nil }
      if values.isEmpty { return Int(exactly: value).flatMap { known.indices.contains($0) ? $0 : nil } }
      return values[value]
    }
    if let row = labels.firstIndex(where: { found[$0] == nil }) {
      throw DataError(
        source,
        "\(place(row)): the class '\(names[labels[row]])' is not one of those learned from: \(Self.list(known)); "
          + "leave its rows out, or train with them")
    }
    return ClassNumbering(names: known, labels: labels.map { found[$0] ?? 0 })
  }

  private static func value(_ name: String) -> Double? {
    guard !hasLeadingZero(name), name.utf8.allSatisfy({ $0 < 0x40 || $0 | 0x20 == UInt8(ascii: "e") }) else {
      return nil
    }
    return Double(name)
  }

  /// Whether a number is written as no number is, but as codes are: `007`.
  static func hasLeadingZero(_ text: String) -> Bool {
    let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    guard digits.first == UInt8(ascii: "0"), let second = digits.dropFirst().first else { return false }
    return 0x30...0x39 ~= second
  }

  /// The first names, for messages.
  static func list(_ names: [String], upTo count: Int = 10) -> String {
    names.prefix(count).joined(separator: ", ") + (names.count > count ? ", …" : "")
  }
}
