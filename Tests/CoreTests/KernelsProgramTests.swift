import AviaryKernels
import Foundation
import Testing

@Suite struct KernelsProgramTests {
  func step(_ op: aviary_program_op, _ d: UInt8 = 0, _ a: UInt8 = 0, _ b: UInt8 = 0, _ c: UInt8 = 0, k: Double = 0)
    -> aviary_instruction
  { aviary_instruction(op: op.rawValue, destination: d, a: a, b: b, c: c, constant: k) }

  /// Runs a program over arrays of which the first `written` are its outputs too, and returns them all.
  func run<Scalar: VectorScalar>(_ code: [aviary_instruction], on arrays: [[Scalar]], written: Int) -> [[Scalar]] {
    let n = arrays[0].count
    let buffers = arrays.map { array in
      let buffer = UnsafeMutablePointer<Scalar>.allocate(capacity: n + 1)
      buffer.initialize(from: array, count: n)
      buffer[n] = 77
      return buffer
    }
    defer { buffers.forEach { $0.deallocate() } }
    let inputs = buffers.map { UnsafeRawPointer($0) },
      outputs = buffers.prefix(written).map { UnsafeMutableRawPointer($0) }
    let valid = aviary_program_is_valid(code, code.count, inputs.count, outputs.count)
    #expect(valid)
    expectDone(aviary_run_program(Scalar.type, n, code, code.count, inputs, outputs))
    #expect(buffers.allSatisfy { $0[n] == 77 })
    return buffers.map { Array(UnsafeBufferPointer(start: $0, count: n)) }
  }

  /// The same, one element after the other in double precision.
  func reference(_ code: [aviary_instruction], on arrays: [[Double]]) -> [[Double]] {
    var arrays = arrays
    for i in arrays[0].indices {
      var r = [Double](repeating: 0, count: 16)
      for s in code {
        let a = r[Int(s.a)], b = r[Int(s.b)], c = r[Int(s.c)], k = s.constant
        switch aviary_program_op(rawValue: s.op) {
        case AVIARY_PROGRAM_STORE:
          arrays[Int(s.destination)][i] = a
          continue
        case AVIARY_PROGRAM_LOAD: r[Int(s.destination)] = arrays[Int(s.a)][i]
        case AVIARY_PROGRAM_CONSTANT: r[Int(s.destination)] = k
        case AVIARY_PROGRAM_COPY: r[Int(s.destination)] = a
        case AVIARY_PROGRAM_ADD: r[Int(s.destination)] = a + b
        case AVIARY_PROGRAM_SUBTRACT: r[Int(s.destination)] = a - b
        case AVIARY_PROGRAM_MULTIPLY: r[Int(s.destination)] = a * b
        case AVIARY_PROGRAM_DIVIDE: r[Int(s.destination)] = a / b
        case AVIARY_PROGRAM_MAXIMUM: r[Int(s.destination)] = max(a, b)
        case AVIARY_PROGRAM_MINIMUM: r[Int(s.destination)] = min(a, b)
        case AVIARY_PROGRAM_ADD_CONSTANT: r[Int(s.destination)] = a + k
        case AVIARY_PROGRAM_SUBTRACT_FROM_CONSTANT: r[Int(s.destination)] = k - a
        case AVIARY_PROGRAM_MULTIPLY_CONSTANT: r[Int(s.destination)] = a * k
        case AVIARY_PROGRAM_DIVIDE_CONSTANT_BY: r[Int(s.destination)] = k / a
        case AVIARY_PROGRAM_MAXIMUM_CONSTANT: r[Int(s.destination)] = max(a, k)
        case AVIARY_PROGRAM_MINIMUM_CONSTANT: r[Int(s.destination)] = min(a, k)
        case AVIARY_PROGRAM_MULTIPLY_ADD: r[Int(s.destination)] = a * b + c
        case AVIARY_PROGRAM_MULTIPLY_CONSTANT_ADD: r[Int(s.destination)] = a * k + b
        case AVIARY_PROGRAM_NEGATE: r[Int(s.destination)] = -a
        case AVIARY_PROGRAM_ABS: r[Int(s.destination)] = abs(a)
        case AVIARY_PROGRAM_SIGN: r[Int(s.destination)] = a > 0 ? 1 : a < 0 ? -1 : a
        case AVIARY_PROGRAM_SQUARE: r[Int(s.destination)] = a * a
        case AVIARY_PROGRAM_SQRT: r[Int(s.destination)] = a.squareRoot()
        case AVIARY_PROGRAM_RSQRT: r[Int(s.destination)] = 1 / a.squareRoot()
        case AVIARY_PROGRAM_RECIPROCAL: r[Int(s.destination)] = 1 / a
        case AVIARY_PROGRAM_EXP: r[Int(s.destination)] = exp(a)
        case AVIARY_PROGRAM_LOG: r[Int(s.destination)] = log(a)
        case AVIARY_PROGRAM_TANH: r[Int(s.destination)] = tanh(a)
        case AVIARY_PROGRAM_SIGMOID: r[Int(s.destination)] = 1 / (1 + exp(-a))
        case AVIARY_PROGRAM_RELU: r[Int(s.destination)] = max(a, 0)
        case AVIARY_PROGRAM_POWER_CONSTANT: r[Int(s.destination)] = pow(a, k)
        case AVIARY_PROGRAM_GREATER: r[Int(s.destination)] = a > b ? 1 : 0
        case AVIARY_PROGRAM_GREATER_EQUAL: r[Int(s.destination)] = a >= b ? 1 : 0
        case AVIARY_PROGRAM_GREATER_CONSTANT: r[Int(s.destination)] = a > k ? 1 : 0
        case AVIARY_PROGRAM_SELECT: r[Int(s.destination)] = c != 0 ? a : b
        default: Issue.record("unknown operation \(s.op)")
        }
      }
    }
    return arrays
  }

  func compare<Scalar: VectorScalar>(
    _ scalar: Scalar.Type, _ code: [aviary_instruction], arrays: Int, written: Int, lengths: [Int], _ note: String
  ) {
    forEachInstructionSet { isa in
      for n in lengths {
        let data = (0..<arrays).map { array -> [Scalar] in
          let signed: [Scalar] = numbers(n, seed: UInt64(array + 20))
          return signed.map { abs($0) + 0.25 }
        }
        let result = run(code, on: data, written: written)
        let exact = reference(code, on: data.map { $0.map { Double($0) } })
        for (array, (x, y)) in zip(result, exact).enumerated() {
          let worst = zip(x, y).map { abs(Double($0) - $1) / max(1, abs($1)) }.max() ?? 0
          #expect(worst <= 8 * Double(Scalar.ulpOfOne), "\(isa) \(note) n = \(n) array \(array)")
        }
      }
    }
  }

  @Test func everyOperation() {
    for raw in AVIARY_PROGRAM_COPY.rawValue...AVIARY_PROGRAM_SELECT.rawValue {
      let op = aviary_program_op(rawValue: raw)
      let code = [
        step(AVIARY_PROGRAM_LOAD, 1, 0), step(AVIARY_PROGRAM_LOAD, 2, 1), step(AVIARY_PROGRAM_LOAD, 3, 2),
        step(op, 4, 1, 2, 3, k: 0.75), step(AVIARY_PROGRAM_STORE, 0, 4),
      ]
      compare(Float.self, code, arrays: 3, written: 1, lengths: [1, 15, 17, 600], "operation \(raw)")
      compare(Double.self, code, arrays: 3, written: 1, lengths: [1, 7, 9, 600], "operation \(raw)")
    }
  }

  /// Adam's update in place: parameters, first and second moment; then the gradient.
  var adam: [aviary_instruction] {
    [
      step(AVIARY_PROGRAM_LOAD, 0, 0), step(AVIARY_PROGRAM_LOAD, 1, 3), step(AVIARY_PROGRAM_LOAD, 2, 1),
      step(AVIARY_PROGRAM_LOAD, 3, 2), step(AVIARY_PROGRAM_MULTIPLY_CONSTANT, 4, 1, k: 0.1),
      step(AVIARY_PROGRAM_MULTIPLY_CONSTANT_ADD, 2, 2, 4, k: 0.9), step(AVIARY_PROGRAM_STORE, 1, 2),
      step(AVIARY_PROGRAM_SQUARE, 4, 1), step(AVIARY_PROGRAM_MULTIPLY_CONSTANT, 4, 4, k: 0.001),
      step(AVIARY_PROGRAM_MULTIPLY_CONSTANT_ADD, 3, 3, 4, k: 0.999), step(AVIARY_PROGRAM_STORE, 2, 3),
      step(AVIARY_PROGRAM_SQRT, 4, 3), step(AVIARY_PROGRAM_ADD_CONSTANT, 4, 4, k: 1e-8),
      step(AVIARY_PROGRAM_DIVIDE, 4, 2, 4), step(AVIARY_PROGRAM_MULTIPLY_CONSTANT_ADD, 0, 4, 0, k: -1e-3),
      step(AVIARY_PROGRAM_STORE, 0, 0),
    ]
  }

  @Test func updatesInPlace() {
    compare(Float.self, adam, arrays: 4, written: 3, lengths: [1, 16, 513, 5000, 70_001], "adam")
    compare(Double.self, adam, arrays: 4, written: 3, lengths: [1, 16, 513, 5000], "adam")
  }

  /// Programs in which a store must not overtake a read, nor a load a store.
  @Test func storesAndLoadsKeepTheirOrder() {
    let load = AVIARY_PROGRAM_LOAD, store = AVIARY_PROGRAM_STORE, add = AVIARY_PROGRAM_ADD
    let programs: [(String, [aviary_instruction])] = [
      (
        "old value used after the store",
        [
          step(load, 0, 0), step(load, 1, 1), step(add, 2, 0, 1), step(store, 0, 2), step(add, 3, 0, 2),
          step(store, 1, 3),
        ]
      ),
      ("swap", [step(load, 0, 0), step(load, 1, 1), step(store, 0, 1), step(store, 1, 0)]),
      (
        "load after store sees the new value",
        [
          step(load, 0, 0), step(add, 1, 0, 0), step(store, 0, 1), step(load, 2, 0), step(add, 3, 2, 1),
          step(store, 1, 3),
        ]
      ),
      (
        "load between computation and store sees the old value",
        [
          step(load, 0, 0), step(add, 1, 0, 0), step(load, 2, 0), step(store, 0, 1), step(add, 3, 2, 1),
          step(store, 1, 3),
        ]
      ),
      (
        "stored twice",
        [
          step(load, 0, 0), step(add, 1, 0, 0), step(store, 0, 1), step(add, 1, 1, 1), step(store, 0, 1),
          step(store, 1, 1),
        ]
      ),
      (
        "one value to two arrays",
        [
          step(load, 0, 0), step(add, 1, 0, 0), step(store, 0, 1), step(store, 1, 1), step(add, 1, 1, 0),
          step(store, 2, 1),
        ]
      ),
      (
        "register reused between computation and store of another",
        [
          step(load, 0, 0), step(load, 1, 1), step(add, 2, 0, 1), step(add, 0, 2, 2), step(store, 1, 2),
          step(add, 2, 0, 1),
          step(store, 0, 2), step(store, 2, 0),
        ]
      ),
    ]
    for (note, code) in programs {
      compare(Float.self, code, arrays: 3, written: 3, lengths: [3, 16, 1000], note)
    }
  }

  @Test func largeArraysStream() {
    let n = 6_400_003
    let x: [Float] = numbers(n, seed: 40)
    let code = [
      step(AVIARY_PROGRAM_LOAD, 0, 0), step(AVIARY_PROGRAM_CONSTANT, 1, k: 0.5),
      step(AVIARY_PROGRAM_MULTIPLY_CONSTANT_ADD, 0, 0, 1, k: 2), step(AVIARY_PROGRAM_RELU, 0, 0),
      step(AVIARY_PROGRAM_STORE, 0, 0),
    ]
    let bytes = n * 4
    guard let block = aviary_allocate(bytes) else { return }
    defer { aviary_deallocate(block, bytes) }
    let y = block.bindMemory(to: Float.self, capacity: n)
    forEachThreadCount { threads in
      y.update(repeating: -1, count: n)
      x.withUnsafeBytes { x in
        expectDone(aviary_run_program(AVIARY_FLOAT32, n, code, code.count, [x.baseAddress!], [block]))
      }
      var wrong = 0
      for i in 0..<n where abs(y[i] - max(0, 2 * x[i] + 0.5)) > 1e-6 { wrong += 1 }
      #expect(wrong == 0, "\(threads) threads")
    }
  }

  @Test func invalidPrograms() {
    let bad: [[aviary_instruction]] = [
      [step(AVIARY_PROGRAM_LOAD, 0, 1)],
      [step(AVIARY_PROGRAM_LOAD, 16, 0)],
      [step(AVIARY_PROGRAM_STORE, 0, 0)],
      [step(AVIARY_PROGRAM_LOAD, 0, 0), step(AVIARY_PROGRAM_STORE, 1, 0)],
      [step(AVIARY_PROGRAM_LOAD, 0, 0), step(AVIARY_PROGRAM_ADD, 1, 0, 2)],
      [aviary_instruction(op: AVIARY_PROGRAM_SELECT.rawValue + 1, destination: 0, a: 0, b: 0, c: 0, constant: 0)],
    ]
    for code in bad { expectRefused(aviary_program_is_valid(code, code.count, 1, 1)) }
    expectRefused(aviary_run_program(AVIARY_INT32, 0, adam, 0, nil, nil))
  }
}
