/// Tensors by name, in order: the contents of a file, a model's parameters, the statistics of a transform.
///
/// ```swift
/// var arrays: NamedTensors = ["x": images, "y": labels]
/// arrays["y"]                       // an optional: nil if there is no such name
/// for (name, tensor) in arrays { … }
/// ```
///
/// Looking up a name takes constant time. A reassigned name keeps its place.
public struct NamedTensors: Sendable, RandomAccessCollection, ExpressibleByDictionaryLiteral {
  /// A name and its tensor.
  public typealias Element = (name: String, tensor: Tensor)

  private var entries: [Element] = []
  private var places: [String: Int] = [:]
  /// The origin of the tensors, which starts error messages.
  public var source: String

  public init(source: String = "tensors") { self.source = source }

  /// Pairs of a name and a tensor. Traps on a duplicate name.
  public init(dictionaryLiteral elements: (String, Tensor)...) {
    self.init(elements)
  }

  /// Pairs of a name and a tensor, in order, such as `NamedTensors(names.map { ($0, Tensor.zeros([3])) })`. Traps on a
  /// duplicate name.
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

  public var startIndex: Int { 0 }
  public var endIndex: Int { entries.count }
  /// The name and tensor at a position. Traps if there is none.
  public subscript(position: Int) -> Element {
    require(entries.indices.contains(position), "there is no position \(position) among \(entries.count) named tensors")
    return entries[position]
  }

  /// The names in order.
  public var names: [String] { entries.map(\.name) }

  /// The tensor with the given name, or nil. Assigning to a new name appends; assigning nil removes.
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
  /// Whether both have the same names in the same order with equal tensors; the sources may differ.
  public static func == (left: Self, right: Self) -> Bool {
    left.names == right.names && left.entries.elementsEqual(right.entries) { $0.tensor == $1.tensor }
  }
}
