import AviaryCore
import AviaryRegistry

extension ParameterStore {
  /// All values by name, in the order of the entries: what is saved.
  public var namedValues: NamedTensors { NamedTensors(entries.map { ($0.name, value(of: $0)) }, source: "parameters") }

  /// Takes in values by name, in the store's dtype or another floating one, which is cast.
  ///
  /// - Parameters:
  ///   - values: tensors by the entries' names.
  ///   - names: the entries that have to be given, all unless chosen otherwise; others stay as they are.
  /// - Throws: ``ParameterMismatch`` where a value is missing, is for no entry of those names, or has another shape or a
  ///   dtype that is not floating. Nothing changes then.
  public mutating func load(_ values: NamedTensors, into names: String = "*") throws {
    let wanted = entries(matching: names)
    let known = Set(wanted.map(\.name))
    var mismatch = ParameterMismatch()
    mismatch.missing = wanted.map(\.name).filter { values[$0] == nil }
    let meant = mismatch.missing.isEmpty ? wanted.map(\.name) : mismatch.missing
    // Looking for a near name takes its time, and no more than these are told.
    mismatch.unexpected = values.names.filter { !known.contains($0) }.sorted().enumerated()
      .map { ($1, $0 < ParameterMismatch.shown ? Suggestion.nearest(to: $1, in: meant) : nil) }
    for entry in wanted {
      guard let value = values[entry.name] else { continue }
      if value.shape != entry.shape || !value.dtype.isFloatingPoint {
        mismatch.misshapen.append((entry.name, TensorSpec(entry.shape, dtype), value.spec))
      }
    }
    guard mismatch.isEmpty else { throw mismatch }
    for entry in wanted { if let value = values[entry.name] { set(entry, to: value.cast(to: dtype)) } }
  }
}

/// Values that do not fit a model's parameters: what is missing, what is too much, and what has another shape.
public struct ParameterMismatch: Error, Sendable, CustomStringConvertible {
  /// Parameters without a value.
  public var missing: [String] = []
  /// Values for no parameter; the first of them with the name that was probably meant.
  public var unexpected: [(name: String, suggestion: String?)] = []
  /// Values of another shape or dtype.
  public var misshapen: [(name: String, expected: TensorSpec, found: TensorSpec)] = []

  /// How many of each kind the description names.
  static let shown = 10

  var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && misshapen.isEmpty }

  /// One line for each of the first of every kind, and how many more there are.
  public var description: String {
    func shown<Element>(_ all: [Element], _ line: (Element) -> String, more: String) -> [String] {
      let rest = all.count - ParameterMismatch.shown
      return all.prefix(ParameterMismatch.shown).map(line) + (rest > 0 ? ["\(rest) more \(more)"] : [])
    }
    let lines =
      shown(missing, { "'\($0)' is missing" }, more: "are missing")
      + shown(
        unexpected,
        { name, suggestion in
          "'\(name)' is no parameter of the model" + (suggestion.map { "; did you mean '\($0)'?" } ?? "")
        }, more: "are no parameters of the model")
      + shown(
        misshapen, { name, expected, found in "'\(name)' is \(found), expected \(expected)" },
        more: "have another shape or type")
    return "the values do not fit the model's parameters:\n  " + lines.joined(separator: "\n  ")
  }
}
