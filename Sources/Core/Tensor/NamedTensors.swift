/// Tensors by name, in order: what a file of several tensors holds, a model's parameters, what a transform has learned.
///
/// ```swift
/// var arrays: NamedTensors = ["x": images, "y": labels]
/// arrays["y"]                       // an optional: nil where there is none of the name
/// for (name, tensor) in arrays { … }
/// ```
///
/// Looking up a name takes constant time. A name that is assigned again keeps its place.
public struct NamedTensors: Sendable, RandomAccessCollection, ExpressibleByDictionaryLiteral {
  /// A name and its tensor.
  public typealias Element = (name: String, tensor: Tensor)

  private var entries: [Element] = []
  private var places: [String: Int] = [:]
  /// What the tensors were read from: the beginning of error messages.
  public var source: String

  /// No tensors.
  public init(source: String = "tensors") { self.source = source }

  /// Pairs of a name and a tensor. Traps on a name given twice.
  public init(dictionaryLiteral elements: (String, Tensor)...) {
    self.init(elements)
  }

  /// Pairs of a name and a tensor, in order, such as `NamedTensors(names.map { ($0, Tensor.zeros([3])) })`. Traps on a name
  /// given twice.
  public init(
    _ elements: some Sequence<(String, Tensor)>, source: String = "tensors", file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(source: source)
    for (name, tensor) in elements {
      require(places[name] == nil, "two tensors named '\(name)'", file, line)
      self[name] = tensor
    }
  }

  /// The position of the first tensor.
  public var startIndex: Int { 0 }
  /// One past the last tensor.
  public var endIndex: Int { entries.count }
  /// The name and tensor at a position. Traps where there is none.
  public subscript(position: Int) -> Element {
    require(entries.indices.contains(position), "the position \(position) among \(entries.count) named tensors")
    return entries[position]
  }

  /// The names in order.
  public var names: [String] { entries.map(\.name) }

  /// The tensor of the given name, or nil. Assigning a new name appends it, assigning nil removes it.
  public subscript(name: String) -> Tensor? {
    get { places[name].map { entries[$0].tensor } }
    set {
      switch (places[name], newValue) {
      case (let place?, let tensor?): entries[place].tensor = tensor
      case (nil, let tensor?):
        places[name] = entries.count
        entries.append((name, tensor))
      case (let place?, nil):
        entries.remove(at: place)
        places[name] = nil
        for index in place..<entries.count { places[entries[index].name] = index }
      case (nil, nil): break
      }
    }
  }
}

extension NamedTensors: Equatable {
  /// Whether both have the same names in the same order, with equal tensors; the sources may differ.
  public static func == (left: Self, right: Self) -> Bool {
    left.names == right.names && left.entries.elementsEqual(right.entries) { $0.tensor == $1.tensor }
  }
}
