import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The weights, biases and running statistics of a model, by name, in two flat buffers of one dtype.
///
/// ```swift
/// model.parameters["0.dense.weight"]          // a view, float32[784, 500]
/// model.parameters.trainable                  // all trained values, the vector that an optimizer updates
/// model.parameters.entries(matching: "*.bias")
/// ```
///
/// A store is a value: a copy is a snapshot, and costs nothing until one of the two changes.
public struct ParameterStore: Sendable {
  /// One named parameter.
  public struct Entry: Sendable {
    /// The full name: `"2.dense.weight"`.
    public let name: String
    public let shape: Shape
    /// Whether it is trained; false for state, such as running statistics.
    public let isTrainable: Bool
    /// The index of its first element in its buffer.
    public let offset: Int
    /// The penalty on it, added to the loss.
    public let regularizer: (any Regularizer)?
    /// The constraint on it after each update.
    public let constraint: (any Constraint)?

    /// The number of elements.
    public var elementCount: Int { shape.elementCount }
  }

  /// The element type, float32 or float64.
  public let dtype: DType
  /// The entries in order of declaration.
  public let entries: [Entry]
  // Without observers, which would copy the vectors whenever an optimizer updates them in place.
  /// All trained values: a vector, whose length and dtype never change.
  public var trainable: Tensor
  /// All values that are not trained: a vector, whose length and dtype never change.
  public var state: Tensor

  init(dtype: DType, entries: [Entry], trainable: Tensor, state: Tensor) {
    self.dtype = dtype
    self.entries = entries
    self.trainable = trainable
    self.state = state
  }

  /// The value of an entry: a view of the buffer.
  public func value(of entry: Entry) -> Tensor {
    (entry.isTrainable ? trainable : state).flatView(from: entry.offset, shape: entry.shape)
  }

  /// Sets the value of an entry. Traps if shape or dtype differ.
  public mutating func set(_ entry: Entry, to value: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    require(
      value.spec == TensorSpec(entry.shape, dtype), "\(entry.name) is \(dtype.name)\(entry.shape), not \(value.spec)",
      file, line)
    if entry.isTrainable {
      trainable.replace(from: entry.offset, with: value)
    } else {
      state.replace(from: entry.offset, with: value)
    }
  }

  /// The entry with a name, or nil.
  public func entry(named name: String) -> Entry? { entries.first { $0.name == name } }

  /// The value with a name. Traps if there is none, or if a new value's shape or dtype differ.
  public subscript(name: String, file file: StaticString = #fileID, line line: UInt = #line) -> Tensor {
    get { value(of: existing(name, file, line)) }
    set { set(existing(name, file, line), to: newValue, file: file, line: line) }
  }

  private func existing(_ name: String, _ file: StaticString, _ line: UInt) -> Entry {
    guard let entry = entry(named: name) else {
      trap("there is no parameter '\(name)'; \(Suggestion.hint(for: name, known: entries.map(\.name)))", file, line)
    }
    return entry
  }

  /// The entries whose names match a pattern, in which `*` matches any characters: `"*.bias"`, `"0.*"`.
  public func entries(matching pattern: String) -> [Entry] { NamePattern(pattern).matching(entries) }

  /// The number of trained values.
  public var trainableCount: Int { trainable.elementCount }

  /// Applies the state computed by a pass. Traps on an index without an entry, and if shape or dtype differ.
  public mutating func apply(_ updates: [Int: Tensor], file: StaticString = #fileID, line: UInt = #line) {
    for (index, value) in updates {
      require(entries.indices.contains(index), "there is no entry \(index); the store has \(entries.count)", file, line)
      set(entries[index], to: value, file: file, line: line)
    }
  }

  /// Enforces the constraints after an update.
  public mutating func applyConstraints() {
    for entry in entries { if let value = constrained(entry) { set(entry, to: value) } }
  }

  /// The constrained value of an entry; nil if it has no constraint or the value is allowed.
  private func constrained(_ entry: Entry) -> Tensor? {
    guard let constraint = entry.constraint else { return nil }
    let value = value(of: entry)
    let result = constraint(value)
    return result.box === value.box ? nil : result
  }

  /// All values as variables, in the order of the entries: tracked if `isTracked` selects them, otherwise constant.
  public func variables(tracking isTracked: (Entry) -> Bool) -> [Variable] {
    entries.map { entry in
      isTracked(entry) ? Variable(tracking: value(of: entry)) : Variable(value(of: entry))
    }
  }
}

/// A name pattern in which `*` matches any characters.
package struct NamePattern {
  let parts: [Substring]

  package init(_ pattern: String) { parts = pattern.split(separator: "*", omittingEmptySubsequences: false) }

  func matching(_ entries: [ParameterStore.Entry]) -> [ParameterStore.Entry] { entries.filter { matches($0.name) } }

  package func matches(_ name: String) -> Bool {
    guard parts.count > 1 else { return name == parts[0] }
    guard name.hasPrefix(parts[0]) else { return false }
    var rest = name.dropFirst(parts[0].count)
    for part in parts[1..<(parts.count - 1)] {
      guard let range = rest.firstRange(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
  }
}
