import AviaryRegistry

/// A setting of a recipe, from an argument `path=value`.
struct RecipeSetting {
  let path: ConfigurationPath
  let value: ConfigurationValue

  /// Reads the value as JSON, or as a string if it is not JSON and does not begin with a brace or bracket.
  init(_ argument: String) throws {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw ConfigurationError(
        .unexpected(expected: "path=value, such as optimizer.name=adam", found: "'\(argument)'"))
    }
    path = ConfigurationPath(parsing: parts[0])
    do {
      value = try ConfigurationValue(parsing: parts[1])
    } catch {
      // A value that begins like an object or list is meant as one; a typo must not turn it into a string.
      guard parts[1].first != "{", parts[1].first != "[" else {
        throw ConfigurationError(.invalid("invalid JSON: \(error)"), at: path)
      }
      value = .string(parts[1])
    }
  }

  /// Whether a document contains this setting, whatever else its objects and lists hold.
  func holds(in document: ConfigurationValue) -> Bool {
    guard let found = document.found(at: path.components[...]) else { return false }
    return found.includes(value)
  }

  /// The order of changes: outer paths first, a name before the settings of what it names, and list elements in order.
  fileprivate func precedes(_ other: RecipeSetting) -> Bool {
    func rank(_ change: RecipeSetting) -> [Int] {
      let steps = change.path.components
      let isName = steps.count > 1 && steps.last == .key("name")
      let positions = steps.compactMap { step in if case .index(let index) = step { index } else { nil } }
      return [steps.count - (isName ? 1 : 0), isName ? 1 : 0] + positions
    }
    return rank(self).lexicographicallyPrecedes(rank(other))
  }
}

extension Recipe {
  /// Makes several changes, each an argument `path=value`. Outer paths come first, and a name before the settings of
  /// what it names, so the order of arguments does not matter.
  ///
  /// ```swift
  /// try recipe.set(["optimizer.learningRate=0.5", "optimizer.name=sgd"])        // SGD with a rate of 0.5
  /// ```
  ///
  /// Throws `ConfigurationError` naming the argument if one is invalid by itself, or both arguments if one undoes the
  /// other.
  public mutating func set(_ arguments: [String]) throws {
    let changes = try arguments.map { argument in
      (argument: argument, change: try ConfigurationError.locating(in: argument) { try RecipeSetting(argument) })
    }
    var made: [(argument: String, change: RecipeSetting)] = []
    for next in changes.sorted(by: { $0.change.precedes($1.change) }) {
      try ConfigurationError.locating(in: next.argument) { try set(next.change.path, to: next.change.value) }
      for earlier in made where !earlier.change.holds(in: document) {
        throw ConfigurationError(
          .invalid("'\(earlier.argument)' and '\(next.argument)' contradict each other; use only one"))
      }
      made.append(next)
    }
  }

  /// Throws if an argument no longer holds after a later change of the recipe, named by `cause`.
  package func check(_ arguments: [String], after cause: String) throws {
    for argument in arguments where try !RecipeSetting(argument).holds(in: document) {
      throw ConfigurationError(.invalid("'\(argument)' and '\(cause)' contradict each other; use only one"))
    }
  }
}

extension ConfigurationValue {
  /// The value at a path; list elements are found by index or name, as in changes.
  fileprivate func found(at steps: ArraySlice<ConfigurationPath.Component>) -> ConfigurationValue? {
    guard let step = steps.first else { return self }
    let inner: ConfigurationValue?
    switch (self, step) {
    case (.array, .index(let index)): inner = self[index]
    case (.array(let elements), .key(let key)): inner = elements.first { $0["name"]?.stringValue == key }
    case (.string(let name), .key("name")): inner = .string(name)
    case (_, .key(let key)): inner = self[key]
    case (_, .index(let index)): inner = self[String(index)]
    }
    return inner?.found(at: steps.dropFirst())
  }

  /// Whether another value is part of this one: its keys with these values, its elements at these indices, and a name
  /// for an object of this name.
  fileprivate func includes(_ other: ConfigurationValue) -> Bool {
    switch (self, other) {
    case (.object(let own), .object(let other)):
      other.allSatisfy { own[$0.key]?.includes($0.value) == true }
    case (.array(let own), .array(let other)):
      own.count >= other.count && zip(own, other).allSatisfy { $0.includes($1) }
    case (.object, .string): self["name"] == other
    case (.string, .object(let object)): object.count == 1 && object["name"] == self
    default: self == other
    }
  }
}
