import AviaryCore
import AviaryRegistry

/// Numbers written in English words and in digits: "four hundred twelve" is to be translated into "412", character by
/// character.
///
/// There are two inputs: the words, and the digits written so far, for the decoder (teacher forcing).
///
/// Shapes: inputs uint8 [count, longest], the characters of the words, with lengths; further input `previous` uint8
/// [count, digits + 1], for each target the preceding symbol, beginning with a start symbol; targets int64 [count,
/// digits + 1], the digits and an end symbol. ``DataSet/symbols`` are the letters, ``DataSet/classNames`` the digits
/// and the end symbol.
public struct WrittenNumbersData: DataSource, Registrable {
  public static let name = "written-numbers"
  public static let card = Card(
    "Numbers in English words and in digits: one sequence to translate into another.",
    references: ["Sutskever, Vinyals, Le: Sequence to sequence learning with neural networks (2014), arXiv:1409.3215"],
    tags: ["sequence", "text", "toy"])

  @Field("Maximum number of digits: numbers are below 10 to this power", .in(1...9)) var digits = 4
  @Field("Number of rows, drawn without repetition; at most all numbers", .in(1...1_000_000)) var count = 10_000
  var own = OwnSeed()

  public init() {}

  /// Numbers of up to `digits` digits. Traps on values out of range.
  public init(
    digits: Int = 4, count: Int = 10_000, seed: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.digits = digits
    self.count = count
    own.seed = seed
    self = required(file: file, line: line)
  }

  /// The characters of the words.
  static let letters = [" ", "-"] + "abcdefghijklmnopqrstuvwxyz".map(String.init)
  /// The digits and the end symbol.
  static let classNames = (0...9).map(String.init) + ["<end>"]
  /// The name of the decoder's input.
  public static let previous = "previous"

  public func load(_ environment: DataEnvironment) throws -> DataSet {
    try environment.refuseFile(for: Self.name)
    try environment.checkMemory(of: Self.name, [count, 4 * digits + 40])
    let numbers = drawn(own.source(else: environment.random))
    let words = numbers.map { Self.words($0).map { Self.place(of: $0) } }
    let (steps, longest) = (digits + 1, words.map(\.count).max() ?? 1)
    let end = Self.classNames.count - 1
    var (inputs, previous, targets): ([UInt8], [UInt8], [Int]) = ([], [], [])
    for (number, word) in zip(numbers, words) {
      inputs += word + [UInt8](repeating: 0, count: longest - word.count)
      let written = String(number).compactMap(\.wholeNumberValue)
      let labels = written + [end] + [Int](repeating: 0, count: digits - written.count)
      targets += labels
      // The start symbol follows the digits and the end symbol.
      previous += [UInt8(end + 1)] + labels.dropLast().map(UInt8.init)
    }
    var set = DataSet(
      name: Self.name, inputs: Tensor(inputs, shape: [numbers.count, longest]),
      targets: Tensor(targets, shape: [numbers.count, steps]), classNames: Self.classNames)
    set.lengths = words.map(\.count)
    set.symbols = Self.letters
    set.furtherInputs[Self.previous] = FurtherInput(
      Tensor(previous, shape: [numbers.count, steps]), lengths: numbers.map { String($0).count + 1 },
      symbols: Self.classNames + ["<start>"])
    return try set.validated()
  }

  private func drawn(_ random: RandomSource) -> [Int] {
    let limit = (0..<digits).reduce(1) { power, _ in power * 10 }
    if limit <= 1_000_000 { return Array(random["numbers"].permutation(limit).scalars(as: Int.self).prefix(count)) }
    var (numbers, seen, step): ([Int], Set<Int>, Int) = ([], [], 0)
    while numbers.count < count {
      let drawn = (random["numbers"].at(step: step).uniform([count], dtype: .float64) * Double(limit)).floor()
      for number in drawn.scalars(as: Int.self) where numbers.count < count && seen.insert(number).inserted {
        numbers.append(number)
      }
      step += 1
    }
    return numbers
  }

  private static func place(of letter: Character) -> UInt8 { UInt8(letters.firstIndex(of: String(letter)) ?? 0) }

  private static let small = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
  ]
  private static let tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

  /// A number below 10⁹ in English words: `four thousand three hundred twenty-one`.
  static func words(_ number: Int) -> String {
    func part(_ count: Int, _ name: String, _ rest: Int) -> String {
      words(count) + " " + name + (rest > 0 ? " " + words(rest) : "")
    }
    switch number {
    case ..<20: return small[number]
    case ..<100: return tens[number / 10 - 2] + (number % 10 > 0 ? "-" + small[number % 10] : "")
    case ..<1000: return part(number / 100, "hundred", number % 100)
    case ..<1_000_000: return part(number / 1000, "thousand", number % 1000)
    default: return part(number / 1_000_000, "million", number % 1_000_000)
    }
  }
}
