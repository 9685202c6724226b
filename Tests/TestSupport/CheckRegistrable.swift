import AviaryRegistry

/// Checks the laws of every registered thing. Returns one sentence per violation; empty if all hold.
///
///     @Test(arguments: registries.entries) func keepsTheLaws(_ entry: Entry) {
///       #expect(checkRegistrable(entry, in: registries) == [])
///     }
///
/// 1. It can be made from its defaults, or, if fields are required, from the example in the defaults.
/// 2. Its configuration survives being written and read, and every field of the schema is written.
/// 3. An unknown key, a value of a wrong type, `null`, a missing required field and an invalid choice are refused, with
///    the path; a number out of range is refused with the path of a field, or accepted, but never traps.
/// 4. Its card has a summary, each field a text of one line, and no entry is empty.
/// 5. Its name and aliases find it and nothing else.
/// 6. Resolving is idempotent and gives something that can be made.
/// 7. Random configurations allowed by the schema are mostly accepted, or refused with a path; the thing made from one
///    is written so that reading gives the same.
/// 8. The ends of a field's range are accepted, and values one step beyond are refused with the field's path, as is a
///    list that is too short; inside objects, too.
///
/// The caller decides whether the card must have a formula, as for optimizers, losses and activations.
public func checkRegistrable(
  _ entry: Entry, in registries: Registries, requiresFormula: Bool = false
) -> [String] {
  var laws = RegistrableLaws(entry: entry, registries: registries)
  laws.checkDefaults()
  laws.checkRoundTrip()
  laws.checkUnknownKeys()
  for field in entry.schema {
    laws.checkTypes(of: field)
    laws.checkExtremes(of: field)
    laws.checkRule(of: field)
  }
  laws.checkRandomConfigurations()
  laws.checkCard(requiresFormula: requiresFormula)
  laws.checkNames()
  laws.checkResolving()
  return laws.violations
}

private struct RegistrableLaws {
  let entry: Entry
  let registries: Registries
  var violations: [String] = []

  /// The smallest configuration that should work.
  var minimum: ConfigurationObject {
    var minimum = ConfigurationObject()
    for field in entry.required { minimum[field] = entry.defaults[field] }
    return minimum
  }

  mutating func expect(_ condition: Bool, _ message: String) {
    if !condition { violations.append("\(entry.kind) '\(entry.name)': \(message)") }
  }

  /// The error that making it from a configuration gives; `nil` if it can be made.
  func failure(_ configuration: ConfigurationObject) -> (any Error)? {
    do {
      try registries.check(Specification(entry.name, configuration), ofKind: entry.kind)
      return nil
    } catch {
      return error
    }
  }

  /// The configuration with every default; nil where it cannot be read.
  func completed(_ configuration: ConfigurationObject) -> ConfigurationObject? {
    try? registries.resolved(Specification(entry.name, configuration), ofKind: entry.kind).configuration
  }

  mutating func expectFailure(_ configuration: ConfigurationObject, at path: ConfigurationPath, _ what: String) {
    let error = failure(configuration)
    let found = (error as? ConfigurationError)?.path
    expect(found == path, "\(what) should be refused at '\(path)', but: \(error.map { "\($0)" } ?? "no error")")
  }
}

extension RegistrableLaws {
  mutating func checkDefaults() {
    if let error = failure(minimum) { expect(false, "cannot be made from its defaults: \(error)") }
    if let error = failure(entry.defaults) { expect(false, "cannot be made from its defaults at length: \(error)") }
    let normalized = completed(minimum)
    expect(normalized == entry.defaults, "its defaults are not what an empty configuration becomes")
    for field in entry.required {
      var configuration = minimum
      configuration[field] = nil
      expectFailure(configuration, at: ConfigurationPath([.key(field)]), "leaving out the required '\(field)'")
    }
  }

  mutating func checkRoundTrip() {
    for prettyPrinted in [false, true] {
      let text = ConfigurationValue.object(entry.defaults).json(prettyPrinted: prettyPrinted)
      let read = try? ConfigurationValue(parsing: text).objectValue
      expect(read == entry.defaults, "its defaults change when written and read")
      let normalized = read.flatMap { completed($0) }
      expect(normalized == entry.defaults, "its written defaults mean something else when read")
    }
    let names = Set(entry.schema.map(\.name))
    expect(names.count == entry.schema.count, "a field of its schema appears twice")
    expect(
      names == Set(entry.defaults.keys),
      "it reads the fields \(names.sorted()) and writes \(entry.defaults.keys.sorted())")
  }

  mutating func checkUnknownKeys() {
    var configuration = minimum
    configuration["no such key"] = 1
    let path = ConfigurationPath([.key("no such key")])
    expectFailure(configuration, at: path, "an unknown key")
    guard case .unknownKey(let known)? = (failure(configuration) as? ConfigurationError)?.problem else { return }
    expect(Set(known) == Set(entry.schema.map(\.name)), "an unknown key is answered by \(known), not by its fields")
  }

  mutating func checkTypes(of field: SchemaField) {
    let path = ConfigurationPath([.key(field.name)])
    if field.type == .any { return }
    var configuration = minimum
    let wrong: ConfigurationValue = field.type == .boolean ? "wrong" : true
    configuration[field.name] = wrong
    expectFailure(configuration, at: path, "\(wrong) for \(field.type)")
    if case .choice = field.type {
      configuration[field.name] = "no such choice"
      expectFailure(configuration, at: path, "a choice not on offer")
    }
    configuration[field.name] = .null
    if !field.isOptional { expectFailure(configuration, at: path, "null") }
    if case .object = field.type {
      configuration[field.name] = ["no such key": 1]
      expectFailure(configuration, at: path.appending("no such key"), "an unknown key inside '\(field.name)'")
    }
  }

  static func extremes(of type: FieldType) -> [ConfigurationValue] {
    switch type {
    case .integer: [0, -1, .integer(.max), .integer(.min)]
    case .number, .numberOrSpecification: [0, -1, 1e308, -1e308, .number(.leastNonzeroMagnitude)]
    case .string: [""]
    case .array(.integer): [[], [-1], [0], [.integer(.max), .integer(.max)]]
    case .array(.number): [[], [-1], [1e308, 1e308]]
    case .array: [[]]
    case .either(let first, let second): extremes(of: first) + extremes(of: second)
    default: []
    }
  }

  mutating func checkExtremes(of field: SchemaField) {
    let names = Set(entry.schema.map(\.name))
    for extreme in Self.extremes(of: field.type) {
      var configuration = minimum
      configuration[field.name] = extreme
      guard let error = failure(configuration) else { continue }
      guard let error = error as? ConfigurationError, case .key(let key)? = error.path.components.first else {
        expect(false, "\(field.name) = \(extreme) gives an error without a path: \(error)")
        continue
      }
      expect(names.contains(key), "\(field.name) = \(extreme) gives an error at '\(error.path)', which is no field")
    }
  }

  mutating func checkCard(requiresFormula: Bool) {
    let card = entry.card
    expect(card.summary.count >= 3 && card.summary.hasSuffix("."), "its card needs a summary that is a sentence")
    expect(!card.summary.contains("\n"), "its card's summary has more than one line")
    if requiresFormula { expect(card.formula != nil, "its card needs a formula") }
    expect(card.formula?.isEmpty != true, "its card's formula is empty")
    for field in entry.schema {
      let isLine = field.text.count >= 3 && !field.text.contains("\n") && !field.text.hasSuffix(".")
      expect(isLine, "the text of '\(field.name)' is not a line without a full stop: '\(field.text)'")
    }
    expect(!(card.references + card.tags).contains(""), "its card has an empty reference or tag")
  }

  mutating func checkNames() {
    for name in [entry.name] + entry.aliases {
      expect(name == name.lowercased(), "'\(name)' is not lower-case")
      let found = try? registries.entry(ofKind: entry.kind, named: name)
      expect(found?.name == entry.name, "'\(name)' finds \(found?.name ?? "nothing")")
    }
    let others = registries.entries(ofKind: entry.kind).filter { $0.name == entry.name }
    expect(others.count == 1, "\(others.count) entries have this name")
  }

  mutating func checkResolving() {
    do {
      let once = try registries.resolved(Specification(entry.name, minimum), ofKind: entry.kind)
      let twice = try registries.resolved(once, ofKind: entry.kind)
      expect(once == twice, "resolving \(once.value) again gives \(twice.value)")
      let keys = Set(once.configuration.keys)
      expect(keys == Set(entry.defaults.keys), "resolving gives the keys \(keys.sorted())")
    } catch {
      expect(false, "cannot be resolved: \(error)")
    }
  }
}

extension RegistrableLaws {
  mutating func checkRandomConfigurations() {
    var generator = ConfigurationGenerator(registries)
    var taken = 0
    let draws = entry.schema.isEmpty ? 1 : 40
    for _ in 0..<draws {
      let configuration = generator.object(entry.schema, depth: 2)
      if let error = failure(configuration) {
        let path = (error as? ConfigurationError)?.path.components ?? []
        expect(!path.isEmpty, "\(ConfigurationValue.object(configuration)) gives an error without a path: \(error)")
        continue
      }
      taken += 1
      guard let complete = completed(configuration) else {
        expect(false, "\(ConfigurationValue.object(configuration)) can be made and not be resolved")
        continue
      }
      let text = ConfigurationValue.object(complete).json()
      let again = (try? ConfigurationValue(parsing: text).objectValue).flatMap { completed($0) }
      expect(again == complete, "what it writes, \(text), is read as something else")
      for field in entry.schema where field.type.isPlain {
        guard let given = configuration[field.name], let written = complete[field.name] else { continue }
        expect(given == written, "\(field.name) = \(given) is written as \(written)")
      }
    }
    expect(taken * 10 >= draws, "it takes \(taken) of \(draws) random configurations that its schema allows")
  }

  /// What the rule of a field, or of a field of an object inside `outer`, allows at its edges and refuses beyond them.
  mutating func checkRule(of field: SchemaField, inside outer: [SchemaField] = []) {
    for inner in field.type.objectFields ?? [] { checkRule(of: inner, inside: outer + [field]) }
    guard let rule = field.rule else { return }
    switch (field.type, field.defaultValue) {
    case (.array, let example) where rule.minimumCount > 0:
      let few = Array((example?.arrayValue ?? []).prefix(rule.minimumCount - 1))
      expectRefusal(of: .array(few), field, outer, "\(few.count) elements")
    case (.string, _) where rule.minimumCount > 0: expectRefusal(of: "", field, outer, "no text")
    default: break
    }
    guard let isWhole = field.type.holdsWholeNumbers else { return }
    for (edge, beyond) in rule.edges(isWhole: isWhole) {
      func value(_ number: Double) -> ConfigurationValue {
        let value: ConfigurationValue = isWhole ? .integer(Int(number)) : .number(number)
        return if case .array = field.type { .array([value]) } else { value }
      }
      if let error = failure(configuration(with: value(edge), field, outer)) {
        // Conditions that involve several fields are not checked here.
        let error = error as? ConfigurationError
        let isByItself = error.map { $0.path == path(field, outer) && "\($0)".contains(" \(rule), found") } ?? true
        expect(!isByItself, "\(path(field, outer)): \(edge) is refused, and its rule is \(rule)")
      }
      expectRefusal(of: value(beyond), field, outer, "\(beyond)")
    }
  }

  private mutating func expectRefusal(
    of value: ConfigurationValue, _ field: SchemaField, _ outer: [SchemaField], _ what: String
  ) {
    let path = path(field, outer)
    let error = failure(configuration(with: value, field, outer)) as? ConfigurationError
    let isThere = error.map { $0.path.components.starts(with: path.components) } ?? false
    expect(isThere, "\(what) should be refused at '\(path)', but: \(error.map { "\($0)" } ?? "no such error")")
  }

  /// The smallest configuration with a value for a field, or for a field of the first object inside `outer`.
  private func configuration(
    with value: ConfigurationValue, _ field: SchemaField, _ outer: [SchemaField]
  ) -> ConfigurationObject {
    var (value, name) = (value, field.name)
    for place in outer.reversed() {
      var object = ConfigurationObject()
      for inner in place.type.objectFields ?? [] where inner.isRequired { object[inner.name] = inner.defaultValue }
      object[name] = value
      value = if case .array = place.type { [.object(object)] } else { .object(object) }
      name = place.name
    }
    var configuration = minimum
    configuration[name] = value
    return configuration
  }

  private func path(_ field: SchemaField, _ outer: [SchemaField]) -> ConfigurationPath {
    ConfigurationPath(
      outer.flatMap { place -> [ConfigurationPath.Component] in
        if case .array = place.type { [.key(place.name), .index(0)] } else { [.key(place.name)] }
      } + [.key(field.name)])
  }
}

extension Rule {
  /// The ends of the range, each with the next number beyond.
  fileprivate func edges(isWhole: Bool) -> [(edge: Double, beyond: Double)] {
    func step(_ number: Double, up: Bool) -> Double {
      isWhole ? number + (up ? 1 : -1) : up ? number.nextUp : number.nextDown
    }
    return [(lower, false), (upper, true)].compactMap { end, up in
      end.map { end in
        end.isIncluded ? (end.value, step(end.value, up: up)) : (step(end.value, up: !up), end.value)
      }
    }
  }
}

extension FieldType {
  /// Whether values are written as they are read, and not made into something.
  fileprivate var isPlain: Bool {
    switch self {
    case .boolean, .integer, .number, .string, .choice: true
    case .array(let element): element.isPlain
    default: false
    }
  }

  /// The fields of the object that this is, or that its elements are.
  fileprivate var objectFields: [SchemaField]? {
    switch self {
    case .object(let fields): fields
    case .array(let element): element.objectFields
    case .either(let first, let second): first.objectFields ?? second.objectFields
    default: nil
    }
  }

  /// Whether numbers of the field, or of its list, are whole; nil where it holds none.
  fileprivate var holdsWholeNumbers: Bool? {
    switch self {
    case .integer, .array(.integer): true
    case .number, .array(.number), .numberOrSpecification: false
    default: nil
    }
  }
}
