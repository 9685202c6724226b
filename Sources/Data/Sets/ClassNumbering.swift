import AviaryCore

/// Classes numbered from 0: the distinct values of a target column, numbers in ascending order and strings
/// alphabetically.
struct ClassNumbering {
  /// The class names as written, in the order of their numbers.
  var names: [String]
  /// The class number of each row.
  var labels: [Int]
  /// Whether the classes are numbers.
  var areNumbers = true

  /// Integers. Those that are 0, 1, …, k − 1 keep their numbers.
  init(_ values: [Int]) { (names, labels) = Self.numbered(values) { String($0) } }

  /// Numbers (none of them NaN), written as in `texts`, or as short as possible.
  init(_ values: [Double], texts: [String]? = nil) {
    guard let texts else {
      (names, labels) = Self.numbered(values) { Int(exactly: $0).map(String.init) ?? "\($0)" }
      return
    }
    let written = Dictionary(zip(values, texts)) { first, _ in first }
    (names, labels) = Self.numbered(values) { written[$0] ?? "\($0)" }
  }

  /// Strings.
  init(_ texts: [String]) {
    (names, labels) = Self.numbered(texts) { $0 }
    areNumbers = false
  }

  /// Classes with known numbers.
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

  /// Whether there are too many classes: more than 20, and more than half as many as rows.
  var hasTooMany: Bool { names.count > 20 && 2 * names.count > labels.count }

  /// The same rows, numbered like the `known` classes.
  ///
  /// A class is found by its name, a number also by its value, so that 1 matches 1.0. With `placesAreClasses`, if the
  /// known names are not numbers and the classes are integers, these are the labels themselves. Throws ``DataError``
  /// for the first row of an unknown class; `place` describes a row's position.
  func matched(
    to known: [String], placesAreClasses: Bool, source: String, place: (Int) -> String
  ) throws -> ClassNumbering {
    let positions = Dictionary(known.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    let values = Dictionary(
      known.enumerated().compactMap { entry in Self.value(entry.element).map { ($0, entry.offset) } }
    ) { first, _ in first }
    let found = names.map { name in
      if let position = positions[name] { return position as Int? }
      guard areNumbers, let value = Self.value(name) else { return nil }
      if values.isEmpty, placesAreClasses {
        return Int(exactly: value).flatMap { known.indices.contains($0) ? $0 : nil }
      }
      return values[value]
    }
    if let row = labels.firstIndex(where: { found[$0] == nil }) {
      throw DataError(
        source,
        "\(place(row)): the class '\(names[labels[row]])' is not among those of the training: \(Self.list(known)); "
          + "remove its rows, or train with them")
    }
    return ClassNumbering(names: known, labels: labels.map { found[$0] ?? 0 })
  }

  private static func value(_ name: String) -> Double? {
    guard !hasLeadingZero(name), name.utf8.allSatisfy({ $0 < 0x40 || $0 | 0x20 == UInt8(ascii: "e") }) else {
      return nil
    }
    return Double(name)
  }

  /// Whether a number is written like a code: `007`.
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
