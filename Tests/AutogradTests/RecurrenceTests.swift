import AviaryAutograd
import AviaryCore
import AviaryTestSupport
import Testing

/// Recurrent networks over whole sequences have the values, gradients and second derivatives of single steps.
struct RecurrenceTests {
  static let cells: [Recurrence.Cell] = [.tanh, .relu, .lstm(peepholes: false), .lstm(peepholes: true), .gru]

  private func normal(_ shape: Shape, _ purpose: String) -> Tensor {
    RandomSource(seed: 9)[purpose].normal(shape, dtype: .float64)
  }

  private func operands(
    _ cell: Recurrence.Cell, steps: Int, rows: Int, units: Int, isDropped: Bool = false
  ) -> [Tensor] {
    let gates = cell.gates * units
    var operands = [
      normal([steps, rows, gates], "x"), normal([units, gates], "u") * 0.6, normal([rows, units], "h"),
    ]
    if case .lstm = cell { operands.append(normal([rows, units], "c")) }
    if cell == .lstm(peepholes: true) { operands.append(normal([3 * units], "p")) }
    if cell == .gru { operands.append(normal([units], "b")) }
    if isDropped {
      operands.append(RandomSource(seed: 2).bernoulli([rows, units], probability: 0.6).cast(to: .float64))
    }
    return operands
  }

  @Test(arguments: cells, [false, true])
  func isItsComposition(_ cell: Recurrence.Cell, _ reversed: Bool) throws {
    let operands = operands(cell, steps: 3, rows: 3, units: 2)
    #expect(try checkComposition(of: Recurrence(cell, reversed: reversed), at: operands) == [])
    let ragged = Recurrence(cell, reversed: reversed, lengths: [1, 3, 0])
    #expect(try checkComposition(of: ragged, at: operands) == [])
    let dropped = Recurrence(cell, reversed: reversed, lengths: [2, 3, 3], isDropped: true)
    let more = self.operands(cell, steps: 3, rows: 3, units: 2, isDropped: true)
    #expect(try checkComposition(of: dropped, at: more) == [])
  }

  @Test(arguments: cells, [DType.float32, .float64])
  func manyRowsAndUnits(_ cell: Recurrence.Cell, _ dtype: DType) throws {
    let operands = operands(cell, steps: 4, rows: 37, units: 21).map { $0.cast(to: dtype) }
    let pass = Recurrence(cell, lengths: (0..<37).map { $0 % 5 })
    let expected = try #require(pass.composition(of: operands))
    for (found, expected) in zip(Tensor.apply(pass, to: operands), expected) {
      let error = (found - expected).abs().max().item()
      #expect(error < (dtype == .float32 ? 1e-5 : 1e-13))
    }
  }

  /// Neither the contents nor the amount of padding after a row's end changes anything.
  @Test(arguments: cells, [false, true])
  func paddingChangesNothing(_ cell: Recurrence.Cell, _ reversed: Bool) throws {
    let lengths = [2, 4, 1]
    let short = operands(cell, steps: 4, rows: 3, units: 5)
    var long = short
    long[0] = Tensor.concatenate([short[0], normal(short[0].shape, "beyond") * 100], axis: 0)
    func run(_ operands: [Tensor]) throws -> (state: Tensor, gradients: [Tensor]) {
      let pass = Recurrence(cell, reversed: reversed, lengths: lengths)
      let end = reversed ? 0 : operands[0].shape[0] - 1
      let found = try valueAndGradients(at: operands) { points in
        let state = Variable.apply(pass, to: points)[0].slice(axis: 0, end..<(end + 1))
        return (state * state).sum()
      }
      return (Tensor.apply(pass, to: operands)[0][end], found.gradients)
    }
    let (a, b) = (try run(short), try run(long))
    #expect(a.state.scalars(as: Double.self) == b.state.scalars(as: Double.self))
    #expect(b.gradients[0][4...].abs().max().item() == 0)
    for (place, (first, second)) in zip(a.gradients, b.gradients).enumerated() {
      let second = place == 0 ? second[0..<4] : second
      #expect((first - second).abs().max().item() <= 1e-12 * (1 + first.abs().max().item()))
    }
  }

  @Test(arguments: cells) func bitsDoNotDependOnThreads(_ cell: Recurrence.Cell) throws {
    let operands = operands(cell, steps: 5, rows: 70, units: 33).map { $0.cast(to: .float32) }
    func run(_ threads: Int) throws -> [Tensor] {
      defer { setThreads(nil) }
      setThreads(threads)
      return try valueAndGradients(at: operands) { (Variable.apply(Recurrence(cell), to: $0)[0].square()).sum() }
        .gradients
    }
    let once = try run(1)
    for threads in [2, 3, 7] {
      for (a, b) in zip(once, try run(threads)) { #expect(a.scalars(as: Float.self) == b.scalars(as: Float.self)) }
    }
  }

  /// Through 200 steps the gradients are those of finite differences.
  @Test(arguments: cells) func manySteps(_ cell: Recurrence.Cell) throws {
    let operands = operands(cell, steps: 200, rows: 1, units: 2)
    let check = try checkGradients(at: Array(operands.dropFirst())) { points in
      Variable.apply(Recurrence(cell), to: [Variable(operands[0] * 0.5)] + points)[0].sum()
    }
    #expect(check.errors.allSatisfy { $0 < 1e-6 }, "\(check.errors)")
  }

  @Test func whatDoesNotFitIsRefused() {
    let good = operands(.gru, steps: 2, rows: 3, units: 4)
    for place in good.indices {
      var bad = good.map(\.spec)
      bad[place] = TensorSpec([7], .float64)
      #expect(throws: ShapeError.self) { try Recurrence(.gru).outputSpecs(for: bad) }
    }
    #expect(throws: ShapeError.self) { try Recurrence(.gru, lengths: [1, 2, 3]).outputSpecs(for: good.map(\.spec)) }
    #expect(throws: ShapeError.self) { try Recurrence(.gru, lengths: [1, 2]).outputSpecs(for: good.map(\.spec)) }
  }
}
