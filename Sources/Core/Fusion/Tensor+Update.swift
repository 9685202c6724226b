extension Tensor {
  /// Computes new elements of an array from its old ones and those of another array in one pass over memory, in place:
  /// the basis of an optimizer's update. The closure describes one element, like the rule in a paper:
  /// ```swift
  /// Tensor.update(&parameters, &velocity, reading: gradient) { θ, v, g in
  ///   v = momentum * v + g
  ///   θ -= learningRate * v
  /// }
  /// ```
  ///
  /// The closure runs once per call, not per element: it records arithmetic that the kernel then performs for all
  /// elements. A uniquely owned array is changed in place; a shared one is copied once first. There are overloads for
  /// one to four changed arrays, and one for lists of arrays.
  ///
  /// - Parameters:
  ///   - array: the array to change, float32 or float64.
  ///   - input: an array to read, of the same dtype and element count.
  ///   - body: assigns the new value of the array's element.
  ///
  /// Traps on arrays that differ in dtype or element count, on other dtypes, and on more than 16 live values.
  public static func update(
    _ array: inout Tensor, reading input: Tensor, _ body: (_ value: inout FusedValue, _ read: FusedValue) -> Void
  ) {
    let program = FusedProgram()
    var value = program.load(0)
    body(&value, program.load(1))
    program.store(value, 0)
    let input = input.prepared(like: array)
    array.makeUnique()
    program.run(array.spec, [array.pointer, input.pointer])
    withExtendedLifetime(input) {}
  }

  /// Changes two arrays in one pass; see ``update(_:reading:_:)-(Tensor,_,_)``.
  public static func update(
    _ first: inout Tensor, _ second: inout Tensor, reading input: Tensor,
    _ body: (_ first: inout FusedValue, _ second: inout FusedValue, _ read: FusedValue) -> Void
  ) {
    let program = FusedProgram()
    var (a, b) = (program.load(0), program.load(1))
    body(&a, &b, program.load(2))
    program.store(a, 0)
    program.store(b, 1)
    let input = input.prepared(like: first)
    first.makeUnique()
    second.makeUnique(like: first)
    program.run(first.spec, [first.pointer, second.pointer, input.pointer])
    withExtendedLifetime(input) {}
  }

  /// Changes three arrays in one pass; see ``update(_:reading:_:)-(Tensor,_,_)``.
  public static func update(
    _ first: inout Tensor, _ second: inout Tensor, _ third: inout Tensor, reading input: Tensor,
    _ body: (
      _ first: inout FusedValue, _ second: inout FusedValue, _ third: inout FusedValue, _ read: FusedValue
    ) -> Void
  ) {
    let program = FusedProgram()
    var (a, b, c) = (program.load(0), program.load(1), program.load(2))
    body(&a, &b, &c, program.load(3))
    program.store(a, 0)
    program.store(b, 1)
    program.store(c, 2)
    let input = input.prepared(like: first)
    first.makeUnique()
    second.makeUnique(like: first)
    third.makeUnique(like: first)
    program.run(first.spec, [first.pointer, second.pointer, third.pointer, input.pointer])
    withExtendedLifetime(input) {}
  }

  /// Changes four arrays in one pass; see ``update(_:reading:_:)-(Tensor,_,_)``.
  public static func update(
    _ first: inout Tensor, _ second: inout Tensor, _ third: inout Tensor, _ fourth: inout Tensor,
    reading input: Tensor,
    _ body: (
      _ first: inout FusedValue, _ second: inout FusedValue, _ third: inout FusedValue, _ fourth: inout FusedValue,
      _ read: FusedValue
    ) -> Void
  ) {
    let program = FusedProgram()
    var (a, b, c, d) = (program.load(0), program.load(1), program.load(2), program.load(3))
    body(&a, &b, &c, &d, program.load(4))
    program.store(a, 0)
    program.store(b, 1)
    program.store(c, 2)
    program.store(d, 3)
    let input = input.prepared(like: first)
    first.makeUnique()
    second.makeUnique(like: first)
    third.makeUnique(like: first)
    fourth.makeUnique(like: first)
    program.run(first.spec, [first.pointer, second.pointer, third.pointer, fourth.pointer, input.pointer])
    withExtendedLifetime(input) {}
  }

  /// Changes any number of arrays, reading any number of others, up to 16 in total; see
  /// ``update(_:reading:_:)-(Tensor,_,_)``. Arrays with another owner besides the list are copied.
  public static func update(
    _ arrays: inout [Tensor], reading inputs: [Tensor] = [],
    _ body: (_ values: inout [FusedValue], _ read: [FusedValue]) -> Void, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    guard let first = arrays.first?.spec else { return }
    require(arrays.count + inputs.count <= 16, "a fused update has at most 16 arrays", file, line)
    let program = FusedProgram()
    var values = arrays.indices.map { program.load($0) }
    body(&values, inputs.indices.map { program.load(arrays.count + $0) })
    require(values.count == arrays.count, "a fused update must return one value for each of its arrays", file, line)
    for (index, value) in values.enumerated() { program.store(value, index) }
    for array in arrays { array.requireMatch(arrays[0]) }
    let inputs = inputs.map { $0.prepared(like: arrays[0]) }
    for index in arrays.indices { arrays[index].makeUnique() }
    program.run(first, arrays.map(\.pointer) + inputs.map(\.pointer))
    withExtendedLifetime(inputs) {}
  }

  /// Changes one array without reading others; see ``update(_:reading:_:)-(Tensor,_,_)``.
  public static func update(_ array: inout Tensor, _ body: (_ value: inout FusedValue) -> Void) {
    let program = FusedProgram()
    var value = program.load(0)
    body(&value)
    program.store(value, 0)
    array.makeUnique()
    program.run(array.spec, [array.pointer])
  }
}

extension Tensor {
  /// The array to read, with its elements in row-major order.
  private func prepared(like other: Tensor) -> Tensor {
    requireMatch(other)
    return contiguous()
  }

  private mutating func makeUnique(like other: Tensor) {
    requireMatch(other)
    makeUnique()
  }

  private func requireMatch(_ other: Tensor) {
    require(
      dtype == other.dtype && elementCount == other.elementCount,
      "the arrays of a fused update must agree in dtype and element count, but are \(other.spec) and \(spec)")
  }
}
