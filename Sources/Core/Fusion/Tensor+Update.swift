extension Tensor {
  /// Computes new elements of an array from its old ones and those of another in ONE pass over memory, in place: what an
  /// optimizer's update is made of. The closure is written for one element, as the rule stands in its paper:
  ///
  /// ```swift
  /// Tensor.update(&parameters, &velocity, reading: gradient) { θ, v, g in
  ///   v = momentum * v + g
  ///   θ -= learningRate * v
  /// }
  /// ```
  ///
  /// The closure runs once a call, not once an element: it records arithmetic, which the kernel then performs for all
  /// elements. An array that owns its memory alone is changed where it lies; one that shares it is copied first, once.
  /// There are forms for one to four arrays that change, and one for lists of arrays.
  ///
  /// - Parameters:
  ///   - array: the array to change, float32 or float64.
  ///   - input: an array that is only read, of the same dtype and element count.
  ///   - body: assigns the new value of the array's element.
  ///
  /// Traps on arrays that differ in dtype or element count, on other dtypes, and on more than 16 values alive at once.
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

  /// Changes two arrays in one pass: see ``update(_:reading:_:)-(Tensor,_,_)``.
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

  /// Changes three arrays in one pass: see ``update(_:reading:_:)-(Tensor,_,_)``.
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

  /// Changes four arrays in one pass: see ``update(_:reading:_:)-(Tensor,_,_)``.
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

  /// Changes any number of arrays, reading any number of others, up to 16 in all: see
  /// ``update(_:reading:_:)-(Tensor,_,_)``. Arrays that have another owner beside the list are copied.
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
    require(values.count == arrays.count, "a fused update gives one value for each of its arrays", file, line)
    for (index, value) in values.enumerated() { program.store(value, index) }
    for array in arrays { array.requireMatch(arrays[0]) }
    let inputs = inputs.map { $0.prepared(like: arrays[0]) }
    for index in arrays.indices { arrays[index].makeUnique() }
    program.run(first, arrays.map(\.pointer) + inputs.map(\.pointer))
    withExtendedLifetime(inputs) {}
  }

  /// Changes one array, reading nothing else: see ``update(_:reading:_:)-(Tensor,_,_)``.
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
  /// An array to read beside another, its elements in row-major order.
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
      "the arrays of a fused update agree in dtype and element count: \(other.spec) and \(spec)")
  }
}
