import AviaryKernels

/// The recording of a fused pass: values in order of creation, then instructions over the kernel's registers.
///
/// Each call of ``Tensor/update(_:reading:_:)`` makes one, so recording must cost no more than the arithmetic of a few
/// hundred elements: the steps are in one block of memory, and compiling uses only the stack.
final class FusedProgram {
  private struct Step {
    var op: aviary_program_op
    var operandCount: UInt8
    /// The array of a load and of a store.
    var array: UInt8 = 0
    /// The steps whose values are read.
    var a: Int32 = 0
    var b: Int32 = 0
    var c: Int32 = 0
    var constant = 0.0
  }

  // Plain memory, because appending to an array in a class takes twice as long.
  private var steps = UnsafeMutablePointer<Step>.allocate(capacity: 48)
  private var capacity = 48
  private var count = 0

  deinit { steps.deallocate() }

  private func record(_ step: Step) {
    if count == capacity {
      let larger = UnsafeMutablePointer<Step>.allocate(capacity: 2 * capacity)
      larger.update(from: steps, count: count)
      steps.deallocate()
      steps = larger
      capacity *= 2
    }
    steps[count] = step
    count += 1
  }

  private func append(_ step: Step) -> FusedValue {
    record(step)
    return FusedValue(index: Int32(truncatingIfNeeded: count - 1), program: self)
  }

  func load(_ array: Int) -> FusedValue {
    append(Step(op: AVIARY_PROGRAM_LOAD, operandCount: 0, array: UInt8(array)))
  }

  func constant(_ value: Double) -> FusedValue {
    append(Step(op: AVIARY_PROGRAM_CONSTANT, operandCount: 0, constant: value))
  }

  func store(_ value: FusedValue, _ array: Int) {
    record(Step(op: AVIARY_PROGRAM_STORE, operandCount: 1, array: UInt8(array), a: value.index))
  }

  func append(_ op: aviary_program_op, _ a: FusedValue, constant: Double = 0) -> FusedValue {
    append(Step(op: op, operandCount: 1, a: a.index, constant: constant))
  }

  func append(_ op: aviary_program_op, _ a: FusedValue, _ b: FusedValue) -> FusedValue {
    append(Step(op: op, operandCount: 2, a: a.index, b: b.index))
  }

  func append(_ op: aviary_program_op, _ a: FusedValue, _ b: FusedValue, _ c: FusedValue) -> FusedValue {
    append(Step(op: op, operandCount: 3, a: a.index, b: b.index, c: c.index))
  }

  /// Runs the program over arrays with equal dtype and element count, the stored ones first.
  func run(_ spec: TensorSpec, _ arrays: [UnsafeMutableRawPointer]) {
    let loads = arrays.map { UnsafeRawPointer($0) }
    withUnsafeTemporaryAllocation(of: aviary_instruction.self, capacity: count) { code in
      let length = compile(into: code)
      let known = aviary_run_program(
        spec.dtype.code, spec.shape.elementCount, code.baseAddress!, length, loads, arrays)
      require(known, "a fused update supports float32 and float64, not \(spec.dtype.name)")
    }
  }

  /// Emits the kernel's instructions, reusing a register after its value's last use and skipping unused values. Returns
  /// the number of instructions.
  private func compile(into code: UnsafeMutableBufferPointer<aviary_instruction>) -> Int {
    let steps = UnsafeBufferPointer(start: steps, count: count)
    return withUnsafeTemporaryAllocation(of: Int32.self, capacity: count) { lastUse in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { register in
        markUses(steps, lastUse)
        var free: UInt32 = 1 << UInt32(AVIARY_PROGRAM_REGISTERS) - 1
        var length = 0
        for index in steps.indices {
          let step = steps[index]
          let isStore = step.op == AVIARY_PROGRAM_STORE
          if lastUse[index] < 0 && !isStore { continue }
          var instruction = aviary_instruction()
          instruction.op = step.op.rawValue
          instruction.constant = step.constant
          instruction.a = step.array
          func use(_ operand: Int32) -> UInt8 {
            let found = register[Int(operand)]
            if lastUse[Int(operand)] == index { free |= 1 << UInt32(found) }
            return found
          }
          if step.operandCount > 0 { instruction.a = use(step.a) }
          if step.operandCount > 1 { instruction.b = use(step.b) }
          if step.operandCount > 2 { instruction.c = use(step.c) }
          if isStore {
            instruction.destination = step.array
          } else {
            require(free != 0, "a fused update keeps more than 16 values alive at once")
            register[index] = UInt8(free.trailingZeroBitCount)
            free &= free - 1
            instruction.destination = register[index]
          }
          code[length] = instruction
          length += 1
        }
        return length
      }
    }
  }

  /// For each value, the last step that uses it, or −1.
  private func markUses(_ steps: UnsafeBufferPointer<Step>, _ lastUse: UnsafeMutableBufferPointer<Int32>) {
    lastUse.initialize(repeating: -1)
    var index = steps.count - 1
    // Backwards, so that values used only by unused values also count as unused.
    while index >= 0 {
      let step = steps[index]
      if lastUse[index] >= 0 || step.op == AVIARY_PROGRAM_STORE {
        let user = Int32(truncatingIfNeeded: index)
        if step.operandCount > 0, lastUse[Int(step.a)] < 0 { lastUse[Int(step.a)] = user }
        if step.operandCount > 1, lastUse[Int(step.b)] < 0 { lastUse[Int(step.b)] = user }
        if step.operandCount > 2, lastUse[Int(step.c)] < 0 { lastUse[Int(step.c)] = user }
      }
      index -= 1
    }
  }
}
