import AviaryCore
import AviaryDataAssets
import AviaryFormats
import AviaryRegistry

/// A text divided into pieces of equal length, in which each symbol's label is the next symbol, for training language
/// models.
///
/// Piece i has the symbols i·steps ..< (i + 1)·steps of the text. The pieces keep their order; the parts `train`,
/// `validation` and `test` are the text's beginning, middle and end.
///
/// Shapes: inputs int32 [pieces, steps], indices into the vocabulary; targets int64 [pieces, steps]. The vocabulary,
/// ``DataSet/classNames``, has the characters in the order of their code points, or the words from the most frequent to
/// the rarest. It is saved with a run and used to read other files.
public struct TextData: DataSource, Registrable {
  /// The symbols of a text.
  public enum Unit: String, CaseIterable, FieldValue, Sendable {
    /// Characters as readers see them, including line breaks.
    case characters
    /// Words, punctuation marks and line breaks.
    case words
  }

  public static let name = "text"
  public static let card = Card(
    "A text in pieces of equal length, to predict each next symbol: your own file, or Shakespeare's sonnets.",
    tags: ["sequence", "text", "embedded", "file"])

  @Field(
    "Text file in UTF-8, also relative to the recipe or AVIARY_DATA; by default the embedded sonnets", .nonEmpty)
  var file: String?
  @Field("Unit of the text: characters or words") public private(set) var unit = Unit.characters
  @Field("Number of symbols per piece", .in(1...100_000)) var steps = 100
  @Field("Maximum number of words; rarer ones become one symbol", .in(2...1_000_000)) var vocabulary = 10_000
  @Field("Fraction of the text, at its end, to use for testing", .in(0..<1)) var test = 0.1
  @Field("Fraction of the text before that to use for validation", .in(0..<1)) var validation = 0.1

  public init() {}

  /// The pieces of a file or of the embedded text. Traps on values out of range.
  public init(
    _ file: String? = nil, unit: Unit = .characters, steps: Int = 100, test: Double = 0.1, validation: Double = 0.1,
    sourceFile: StaticString = #fileID, line: UInt = #line
  ) {
    self.file = file
    self.unit = unit
    self.steps = steps
    self.test = test
    self.validation = validation
    self = required(file: sourceFile, line: line)
  }

  public func validate() throws {
    guard test + validation < 1 else {
      throw ConfigurationError(
        .invalid("test and validation leave no text for training; together they must be below 1"),
        at: [.key("validation")])
    }
  }

  /// The symbol for words outside the vocabulary.
  public static let unknown = "<unknown>"

  /// Reads the text.
  public func load(_ environment: DataEnvironment) throws -> DataSet {
    let (source, text) = try text(environment)
    let units = symbols(of: text)
    let known = environment.schema?.classNames
    let names = known ?? vocabulary(of: units)
    let numbers = try numbered(units, names, source, isKnown: known != nil)
    let count = (numbers.count - 1) / steps
    guard count > 0 else {
      throw DataError(
        source,
        "it has \(numbers.count) \(unit.rawValue), but a piece needs \(steps + 1); set data.steps to a smaller number")
    }
    let used = count * steps
    var set = DataSet(
      name: source.split(separator: "/").last.map(String.init) ?? source,
      inputs: Tensor(numbers[..<used].map { Int32(truncatingIfNeeded: $0) }, shape: [count, steps]),
      targets: Tensor(Array(numbers[1...used]), shape: [count, steps]), classNames: names,
      parts: parts(of: count, isWhole: environment.file != nil && known != nil))
    set.symbols = names
    set.notes.append(
      "\(numbers.count) \(unit.rawValue), \(names.count) of them distinct, in \(count) pieces of \(steps)")
    return try set.validated()
  }

  private func text(_ environment: DataEnvironment) throws -> (source: String, text: String) {
    guard let name = environment.file ?? file else {
      var count = 0
      let bytes = UnsafeBufferPointer(start: aviary_asset_sonnets(&count), count: count)
      return ("sonnets", String(decoding: bytes, as: UTF8.self))
    }
    let (path, bytes) = try environment.read(name)
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard let text = String(validating: bytes[start...], as: UTF8.self) else {
      throw DataError(path, "expected a text in UTF-8, found another encoding; save it as UTF-8")
    }
    return (path, text)
  }

  /// The symbols of a text. A line break is one symbol, however it is encoded.
  func symbols(of text: String) -> [String] {
    guard unit == .words else { return text.map { $0 == "\r\n" || $0 == "\r" ? "\n" : String($0) } }
    var (symbols, word): ([String], String) = ([], "")
    for character in text {
      if character.isLetter || character.isNumber || character == "'" || character == "’" || character == "-" {
        word.append(character)
        continue
      }
      if !word.isEmpty { symbols.append(word) }
      word = ""
      if character.isNewline {
        symbols.append("\n")
      } else if !character.isWhitespace {
        symbols.append(String(character))
      }
    }
    return word.isEmpty ? symbols : symbols + [word]
  }

  private func vocabulary(of symbols: [String]) -> [String] {
    guard unit == .words else {
      return Set(symbols).sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    }
    var counts: [String: Int] = [:]
    for symbol in symbols { counts[symbol, default: 0] += 1 }
    let ordered = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    return ordered.count <= vocabulary ? ordered + [Self.unknown] : ordered.prefix(vocabulary - 1) + [Self.unknown]
  }

  private func numbered(_ symbols: [String], _ names: [String], _ source: String, isKnown: Bool) throws -> [Int] {
    let numbers = Dictionary(names.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    let other = unit == .words ? numbers[Self.unknown] : nil
    return try symbols.enumerated().map { place, symbol in
      guard let number = numbers[symbol] ?? other else {
        let line = symbols[..<place].count { $0 == "\n" } + 1
        throw DataError(
          source,
          "line \(line): the character \(symbol.debugDescription) is not among the \(names.count) of the training; remove it, "
            + "or train with it")
      }
      return number
    }
  }

  /// The indices of a text's symbols in a vocabulary. Throws ``DataError`` for characters that are not in it.
  public func numbers(of text: String, in vocabulary: [String]) throws -> [Int] {
    try numbered(symbols(of: text), vocabulary, "the text", isKnown: true)
  }

  /// A word to append to a text: with a leading space, unless it is a punctuation mark or begins a line.
  public static func spaced(_ word: String, after text: String) -> String {
    guard let first = word.first, first.isLetter || first.isNumber || first == "<", let last = text.last else {
      return word
    }
    return last.isNewline ? word : " " + word
  }

  private func parts(of count: Int, isWhole: Bool) -> [String: Range<Int>] {
    let (tests, validations) = (Int(Double(count) * test), Int(Double(count) * validation))
    guard !isWhole, count - tests - validations > 0 else { return ["train": 0..<count] }
    let first = count - tests - validations
    return ["train": 0..<first, "validation": first..<(first + validations), "test": (first + validations)..<count]
  }
}
