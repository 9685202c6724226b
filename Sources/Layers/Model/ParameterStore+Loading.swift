import AviaryCore
import AviaryRegistry

extension ParameterStore {
  /// All values by name, in the order of the entries, for saving.
  public var namedValues: NamedTensors { NamedTensors(entries.map { ($0.name, value(of: $0)) }, source: "parameters") }

  /// Loads values by name, in the store's dtype or another floating-point type, which is cast.
  ///
  /// - Parameters:
  ///   - values: tensors by the entries' names.
  ///   - names: the pattern of entries to load, by default all; others are unchanged.
  /// - Throws: ``ParameterMismatch`` if a value is missing, matches none of those entries, or has another shape or a
  ///   dtype that is not floating-point. Then nothing changes.
  public mutating func load(_ values: NamedTensors, into names: String = "*") throws {
    let wanted = entries(matching: names)
    let known = Set(wanted.map(\.name))
    var mismatch = ParameterMismatch()
    mismatch.missing = wanted.map(\.name).filter { values[$0] == nil }
    let meant = mismatch.missing.isEmpty ? wanted.map(\.name) : mismatch.missing
    // Limits the search for similar names, which is slow, to the names that are shown.
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

/// Values that do not match a model's parameters: missing, unexpected, or of another shape.
public struct ParameterMismatch: Error, Sendable, CustomStringConvertible {
  /// Parameters without a value.
  public var missing: [String] = []
  /// Values for no parameter; the first of them with a similar name, if any.
  public var unexpected: [(name: String, suggestion: String?)] = []
  /// Values of another shape or dtype.
  public var misshapen: [(name: String, expected: TensorSpec, found: TensorSpec)] = []

  /// The maximum number of each kind that the description lists.
  static let shown = 10

  var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && misshapen.isEmpty }

  /// A line for each of the first of every kind, and the number of the rest.
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
          "'\(name)' is not a parameter of the model" + (suggestion.map { "; did you mean '\($0)'?" } ?? "")
        }, more: "are not parameters of the model")
      + shown(
        misshapen, { name, expected, found in "'\(name)' is \(found), expected \(expected)" },
        more: "have another shape or type")
    return "the values do not match the model's parameters:\n  " + lines.joined(separator: "\n  ")
  }
}
