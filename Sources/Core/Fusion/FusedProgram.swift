import AviaryKernels

/// The recording of a fused pass: values in the order they came about, then instructions over the kernel's registers.
final class FusedProgram {
  private struct Step {
    var op: aviary_program_op
    var operands: [Int]
    var constant: Double
  }

  private var steps: [Step] = []

  func load(_ array: Int) -> FusedValue {
    steps.append(Step(op: AVIARY_PROGRAM_LOAD, operands: [], constant: Double(array)))
    return FusedValue(index: steps.count - 1, program: self)
  }

  func append(_ op: aviary_program_op, _ operands: [Int], _ constant: Double) -> FusedValue {
    steps.append(Step(op: op, operands: operands, constant: constant))
    return FusedValue(index: steps.count - 1, program: self)
  }

  /// The kernel's instructions: a register is free again after its value's last use; stores come last, so that every
  /// load sees the old elements.
  func compiled(storing results: [Int]) -> [aviary_instruction] {
    var lastUse = [Int](repeating: -1, count: steps.count)
    for (index, step) in steps.enumerated() { for operand in step.operands { lastUse[operand] = index } }
    for result in results { lastUse[result] = steps.count }
    var free = Array((0..<UInt8(AVIARY_PROGRAM_REGISTERS)).reversed())
    var register = [UInt8](repeating: 0, count: steps.count)
    var code: [aviary_instruction] = []
    for (index, step) in steps.enumerated() where lastUse[index] >= 0 {
      let operands = step.operands.map { register[$0] }
      for operand in Set(step.operands) where lastUse[operand] == index { free.append(register[operand]) }
      guard let target = free.popLast() else {
        preconditionFailure("a fused update keeps more than 16 values alive at once")
      }
      register[index] = target
      var instruction = aviary_instruction()
      instruction.op = step.op.rawValue
      instruction.destination = target
      instruction.constant = step.constant
      if step.op == AVIARY_PROGRAM_LOAD {
        instruction.a = UInt8(step.constant)
      } else {
        if operands.count > 0 { instruction.a = operands[0] }
        if operands.count > 1 { instruction.b = operands[1] }
        if operands.count > 2 { instruction.c = operands[2] }
      }
      code.append(instruction)
    }
    for (place, result) in results.enumerated() {
      var store = aviary_instruction()
      store.op = AVIARY_PROGRAM_STORE.rawValue
      store.destination = UInt8(place)
      store.a = register[result]
      code.append(store)
    }
    return code
  }
}
