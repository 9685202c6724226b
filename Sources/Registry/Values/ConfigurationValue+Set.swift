extension ConfigurationValue {
  /// The value at a path; `nil` if there is none. Array elements are found by index only.
  public subscript(path path: ConfigurationPath) -> ConfigurationValue? {
    var value = self
    for step in path.components {
      let inner: ConfigurationValue?
      if case .array = value, case .index(let index) = step { inner = value[index] } else { inner = value[step.key] }
      guard let inner else { return nil }
      value = inner
    }
    return value
  }

  /// Changes the value at a path, as `--set stages.finetune.optimizer.name=adam` does.
  ///
  /// - Missing keys are added, with objects on the way to them.
  /// - An array element is addressed by its index or, if elements are objects with a `name`, by name. Indices beyond
  ///   the end are errors, except the next one, which appends.
  /// - A string on the way is a short specification: `optimizer.learningRate` turns `"adam"` into an object with a
  ///   name.
  /// - Changing the `name` of an object drops its other keys, because they belonged to another thing.
  ///
  /// - Throws: `ConfigurationError` if the path leads through a number or past the end of an array.
  public mutating func set(path: ConfigurationPath, to value: ConfigurationValue) throws(ConfigurationError) {
    try set(path.components[...], to: value, at: [])
  }

  /// Changes a value according to an argument `path=value`. The value is read as JSON; anything else is a string, so
  /// `optimizer.name=adam` needs no quotes.
  ///
  /// - Throws: `ConfigurationError` if `=` or the path is missing, and as `set(path:to:)` does.
  public mutating func set(_ argument: String) throws(ConfigurationError) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw ConfigurationError(.unexpected(expected: "path=value", found: ConfigurationValue.string(argument).summary))
    }
    let text = String(parts[1])
    let value = (try? ConfigurationValue(parsing: text)) ?? .string(text)
    try set(path: ConfigurationPath(parsing: String(parts[0])), to: value)
  }

  private mutating func set(
    _ steps: ArraySlice<ConfigurationPath.Component>, to value: ConfigurationValue, at path: ConfigurationPath
  ) throws(ConfigurationError) {
    guard let step = steps.first else {
      self = value
      return
    }
    let rest = steps.dropFirst()
    if let elements = arrayValue {
      try set(step, rest, to: value, in: elements, at: path)
    } else if objectValue != nil || self == .null || stringValue != nil {
      try setKey(step.key, rest, to: value, at: path)
    } else {
      throw ConfigurationError(.unexpected(expected: "an object with '\(step.key)'", found: summary), at: path)
    }
  }

  // Taken out and put back even after an error: a second reference would make every change copy all other elements.

  private mutating func set(
    _ step: ConfigurationPath.Component, _ rest: ArraySlice<ConfigurationPath.Component>, to value: ConfigurationValue,
    in elements: consuming [ConfigurationValue], at path: ConfigurationPath
  ) throws(ConfigurationError) {
    let count = elements.count
    let position = try Self.position(step, in: elements, at: path)
    self = .null
    if position == count { elements.append(.null) }
    do throws(ConfigurationError) {
      try elements[position].set(rest, to: value, at: path.appending(position))
    } catch {
      self = .array(Array(elements.prefix(count)))
      throw error
    }
    self = .array(elements)
  }

  private mutating func setKey(
    _ key: String, _ rest: ArraySlice<ConfigurationPath.Component>, to value: ConfigurationValue,
    at path: ConfigurationPath
  ) throws(ConfigurationError) {
    if key.isEmpty { throw ConfigurationError(.invalid("an empty key"), at: path.appending(key)) }
    var object = objectValue ?? [:]
    let other: ConfigurationValue? = objectValue == nil ? self : Optional.none
    if let name = stringValue { object["name"] = .string(name) }
    if rest.isEmpty, key == "name", let old = object["name"], old != value { object = [:] }
    self = .null
    var inner = object[key] ?? .null
    if object[key] != nil { object[key] = .null }
    do throws(ConfigurationError) {
      try inner.set(rest, to: value, at: path.appending(key))
    } catch {
      if object[key] != nil { object[key] = inner }
      self = other ?? .object(object)
      throw error
    }
    object[key] = inner
    self = .object(object)
  }

  private static func position(
    _ step: ConfigurationPath.Component, in elements: [ConfigurationValue], at path: ConfigurationPath
  ) throws(ConfigurationError) -> Int {
    let place = path.appending(ConfigurationPath([step]))
    if case .index(let index) = step {
      if index <= elements.count { return index }
      let expected = "an index from 0 to \(elements.count)"
      throw ConfigurationError(.unexpected(expected: expected, found: "\(index)"), at: path)
    }
    let positions = elements.indices.filter { elements[$0]["name"] == .string(step.key) }
    if positions.count > 1 {
      let list = positions.map(String.init).listed()
      throw ConfigurationError(.invalid("several elements have this name; use an index (\(list))"), at: place)
    }
    if let position = positions.first { return position }
    let names = elements.compactMap { $0["name"]?.stringValue }
    if names.isEmpty {
      throw ConfigurationError(.unexpected(expected: "an index in the list", found: "'\(step.key)'"), at: path)
    }
    throw ConfigurationError(.unknownName(kind: "element", name: step.key, known: names), at: path)
  }
}

extension ConfigurationPath.Component {
  /// The step as a key: objects may have keys that look like indices.
  fileprivate var key: String {
    switch self {
    case .key(let key): key
    case .index(let index): String(index)
    }
  }
}
