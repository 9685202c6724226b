extension Tensor: CustomStringConvertible {
  /// Shape, type and values, abridged as in NumPy: with more than 1000 elements, only the first and last three of each
  /// axis.
  ///
  /// ```
  /// float32[2, 3]
  /// [[1, 2, 3],
  ///  [4, 5, 6]]
  /// ```
  public var description: String {
    if elementCount == 0 { return "\(spec)\n[]" }
    let abridged = elementCount > 1000
    var cells: [String] = []
    collectCells(axis: 0, position: [], abridged: abridged, into: &cells)
    let width = cells.map(\.count).max() ?? 0
    var remaining = cells[...]
    return "\(spec)\n" + rows(axis: 0, abridged: abridged, width: width, cells: &remaining)
  }

  private func shown(_ axis: Int, _ abridged: Bool) -> [Int?] {
    let length = shape[axis]
    if !abridged || length <= 6 { return (0..<length).map { $0 } }
    return [0, 1, 2, nil, length - 3, length - 2, length - 1]
  }

  private func collectCells(axis: Int, position: [Int], abridged: Bool, into cells: inout [String]) {
    guard axis < rank else {
      cells.append(cell(position))
      return
    }
    for case let index? in shown(axis, abridged) {
      collectCells(axis: axis + 1, position: position + [index], abridged: abridged, into: &cells)
    }
  }

  private func cell(_ position: [Int]) -> String {
    var element = self
    for index in position { element = element[index] }
    if dtype == .bool { return element.item() != 0 ? "true" : "false" }
    if dtype == .uint64 { return String(element.scalars(as: UInt64.self)[0]) }
    if dtype.isInteger { return String(element.scalars(as: Int64.self)[0]) }
    return dtype == .float64 ? Tensor.abridged(element.item()) : Tensor.abridged(Float(element.item()))
  }

  /// The shortest decimal form, without a fraction for whole numbers.
  private static func abridged<Number: BinaryFloatingPoint & CustomStringConvertible>(_ value: Number) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private func rows(axis: Int, abridged: Bool, width: Int, cells: inout ArraySlice<String>) -> String {
    guard axis < rank else {
      let text = cells.removeFirst()
      return String(repeating: " ", count: width - text.count) + text
    }
    let parts = shown(axis, abridged).map { index in
      index == nil ? "…" : rows(axis: axis + 1, abridged: abridged, width: width, cells: &cells)
    }
    let isLast = axis == rank - 1
    let separator =
      isLast
      ? ", "
      : "," + String(repeating: "\n", count: rank - axis - 1) + String(repeating: " ", count: axis + 1)
    return "[" + parts.joined(separator: separator) + "]"
  }
}

extension Tensor: Equatable {
  /// Whether shape, type and every element agree; NaN equals nothing.
  public static func == (left: Tensor, right: Tensor) -> Bool {
    guard left.spec == right.spec else { return false }
    if left.dtype.isDifferentiable || left.dtype.isInteger || left.dtype == .bool {
      return (left .== right).all().item() != 0
    }
    return left.cast(to: .float32) == right.cast(to: .float32)
  }
}
