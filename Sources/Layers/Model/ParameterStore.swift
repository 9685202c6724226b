import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The weights, biases and running statistics of a model, by name, in two flat buffers of one dtype.
///
/// ```swift
/// model.parameters["0.dense.weight"]          // a view, float32[784, 500]
/// model.parameters.trainable                  // all trained numbers, one vector: what an optimizer updates
/// model.parameters.entries(matching: "*.bias")
/// ```
///
/// A store is a value: a copy is a snapshot, and costs nothing until one of the two is written.
public struct ParameterStore: Sendable {
  /// One named parameter.
  public struct Entry: Sendable {
    /// The full name: `"2.dense.weight"`.
    public let name: String
    /// Its shape.
    public let shape: Shape
    /// True of what optimizers change; false of state, such as running statistics.
    public let isTrainable: Bool
    /// Where it begins in its buffer, in elements.
    public let offset: Int
    /// What is added to the loss for it.
    public let regularizer: (any Regularizer)?
    /// What is imposed on it after each update.
    public let constraint: (any Constraint)?

    /// How many numbers it has.
    public var elementCount: Int { shape.elementCount }
  }

  /// float32 or float64.
  public let dtype: DType
  /// In the order of declaration.
  public let entries: [Entry]
  // No observers on the two: an optimizer updates them in place, and an observer would make every update copy them.
  /// All trained numbers: a vector, whose length and dtype never change.
  public var trainable: Tensor
  /// All numbers that are not trained: a vector, whose length and dtype never change.
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

  /// Sets the value of an entry. Traps where shape or dtype differ.
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

  /// The entry of a name, or nil.
  public func entry(named name: String) -> Entry? { entries.first { $0.name == name } }

  /// The value of a name. Traps where there is none, or where a new value's shape or dtype differ.
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

  /// The entries whose names match a pattern, in which `*` stands for any characters: `"*.bias"`, `"0.*"`.
  public func entries(matching pattern: String) -> [Entry] { NamePattern(pattern).matching(entries) }

  /// The number of trained numbers.
  public var trainableCount: Int { trainable.elementCount }

  /// Takes in the state that a pass has computed. Traps on the index of no entry, and where shape or dtype differ.
  public mutating func apply(_ updates: [Int: Tensor], file: StaticString = #fileID, line: UInt = #line) {
    for (index, value) in updates {
      require(entries.indices.contains(index), "the entry \(index) of \(entries.count)", file, line)
      set(entries[index], to: value, file: file, line: line)
    }
  }

  /// Imposes the constraints, after an update.
  public mutating func applyConstraints() {
    for entry in entries { if let value = constrained(entry) { set(entry, to: value) } }
  }

  /// What the constraint makes of an entry's value; nil where there is none, or the value obeys already.
  private func constrained(_ entry: Entry) -> Tensor? {
    guard let constraint = entry.constraint else { return nil }
    let value = value(of: entry)
    let result = constraint(value)
    return result.box === value.box ? nil : result
  }

  /// All values as variables, in the order of the entries: tracked those that `isTracked` chooses, constants the rest.
  public func variables(tracking isTracked: (Entry) -> Bool) -> [Variable] {
    entries.map { entry in
      isTracked(entry) ? Variable(tracking: value(of: entry)) : Variable(value(of: entry))
    }
  }
}

/// A name with `*` for any run of characters.
struct NamePattern {
  let parts: [Substring]

  init(_ pattern: String) { parts = pattern.split(separator: "*", omittingEmptySubsequences: false) }

  func matching(_ entries: [ParameterStore.Entry]) -> [ParameterStore.Entry] { entries.filter { matches($0.name) } }

  func matches(_ name: String) -> Bool {
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
