import Aviary

/// A command's arguments, sorted into options and positional arguments.
struct Arguments {
  /// The values of options that take one, in order.
  private var values: [String: [String]] = [:]
  private var flags: Set<String> = []
  private(set) var positional: [String] = []

  /// Parses the arguments. `--name value` and `--name=value` are equivalent; everything after `--` is positional.
  ///
  /// - Parameters:
  ///   - arguments: what follows the command's name.
  ///   - valued: options that take a value, and whether they may be repeated.
  ///   - known: options without a value.
  /// - Throws: ``UsageError`` for an unknown option, a missing value or a repeated option.
  init(_ arguments: [String], valued: [String: Bool], flags known: Set<String>) throws {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        positional += rest
        break
      }
      guard argument.hasPrefix("--") else {
        if argument.hasPrefix("-"), argument.count > 1 { throw UsageError("unknown option '\(argument)'") }
        positional.append(argument)
        continue
      }
      let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      if known.contains(name) {
        guard parts.count == 1 else { throw UsageError("the option --\(name) takes no value") }
        flags.insert(name)
      } else if let repeats = valued[name] {
        guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
          throw UsageError("the option --\(name) needs a value")
        }
        guard repeats || values[name] == nil else { throw UsageError("the option --\(name) is given twice") }
        values[name, default: []].append(value)
      } else {
        let options = known.union(valued.keys).sorted()
        let near = Suggestion.nearest(to: name, in: options).map { "; did you mean '--\($0)'?" } ?? ""
        throw UsageError("unknown option '--\(name)'\(near)")
      }
    }
  }

  func has(_ flag: String) -> Bool { flags.contains(flag) }

  func value(_ name: String) -> String? { values[name]?.last }

  func all(_ name: String) -> [String] { values[name] ?? [] }

  /// An integer from `minimum` to `maximum`; nil if the option is missing.
  func integer(_ name: String, atLeast minimum: Int, atMost maximum: Int = .max) throws -> Int? {
    guard let text = value(name) else { return nil }
    guard let number = Int(text), minimum...maximum ~= number else {
      let isTooLarge = Int(text) == nil && !text.isEmpty && text.allSatisfy(\.isNumber)
      let range = maximum == .max && !isTooLarge ? "of at least \(minimum)" : "from \(minimum) to \(maximum)"
      throw UsageError("--\(name): expected a whole number \(range), found '\(text)'")
    }
    return number
  }
}
