import AviaryKernels

/// A recurrent network over whole sequences, with the steps outermost: computes the state of each step from its inputs
/// and the previous state.
///
/// Takes x [steps, rows, gates·units], the inputs' part of the gates including biases; the weights U [units,
/// gates·units]; the initial state h [rows, units]; for the LSTM, c [rows, units]; then the LSTM's peepholes [3·units],
/// if any, or the GRU's bias b [units]; and last, with ``isDropped``, factors [rows, units] that multiply h before its
/// product with U, the same at each step. Returns h of all steps [steps, rows, units]; for the LSTM also c; and for
/// LSTM and GRU the values that derivatives need, [steps, rows, 4·units].
///
/// Rows may end earlier than others; their state then stays unchanged. So the state after the whole sequence is that of
/// the last step (of the first, if ``reversed``).
public struct Recurrence: Primitive {
  /// The computation of a step; σ is the logistic function.
  public enum Cell: Sendable, Hashable {
    /// `h′ = tanh(x + h·U)`
    case tanh
    /// `h′ = max(x + h·U, 0)`
    case relu
    /// `i, f, g, o = x + h·U; c′ = σ(f)·c + σ(i)·tanh(g); h′ = σ(o)·tanh(c′)`. Peepholes connect c to i and f, and c′
    /// to o.
    case lstm(peepholes: Bool)
    /// `r, z, n = x` and `r′, z′, n′ = h·U`; `n″ = tanh(n + σ(r + r′)·(n′ + b)); h′ = (1 − σ(z + z′))·n″ + σ(z + z′)·h`
    case gru

    /// The number of input vectors of `units` elements per step.
    public var gates: Int {
      switch self {
      case .tanh, .relu: 1
      case .lstm: 4
      case .gru: 3
      }
    }
  }

  public let name = "recurrence"
  /// The computation of a step.
  public let cell: Cell
  /// Whether the steps run from the last to the first.
  public let reversed: Bool
  /// The number of valid steps of each row; nil if all are valid.
  public let lengths: [Int]?
  /// Whether the last operand contains factors of h.
  public let isDropped: Bool

  public init(_ cell: Cell, reversed: Bool = false, lengths: [Int]? = nil, isDropped: Bool = false) {
    self.cell = cell
    self.reversed = reversed
    self.lengths = lengths
    self.isDropped = isDropped
  }

  private var isLSTM: Bool { if case .lstm = cell { true } else { false } }
  private var hasExtra: Bool { cell == .gru || cell == .lstm(peepholes: true) }

  /// The specs of the states and of the values for derivatives.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let (x, weights) = (inputs[0].shape, inputs[1].shape)
    guard inputs[0].dtype.isDifferentiable, x.rank == 3, x[0] > 0, weights.rank == 2, x[2] == cell.gates * weights[0]
    else {
      throw ShapeError(
        name, inputs,
        "x must be float32 or float64 [steps, rows, \(cell.gates)·units], and the weights must have as many columns")
    }
    let (rows, units, dtype) = (x[1], weights[0], inputs[0].dtype)
    let state = TensorSpec([rows, units], dtype)
    var operands = [inputs[0], TensorSpec([units, x[2]], dtype), state]
    if isLSTM { operands.append(state) }
    if hasExtra { operands.append(TensorSpec([isLSTM ? 3 * units : units], dtype)) }
    if isDropped { operands.append(state) }
    guard inputs == operands else {
      throw ShapeError(name, inputs, "the operands must be \(operands.map { "\($0)" }.joined(separator: ", "))")
    }
    guard lengths.map({ $0.count == rows && $0.allSatisfy { $0 >= 0 && $0 <= x[0] } }) ?? true else {
      throw ShapeError(name, inputs, "it needs a length of at most \(x[0]) for each of the \(rows) rows")
    }
    let states = TensorSpec([x[0], rows, units], dtype)
    let gates = TensorSpec([x[0], rows, 4 * units], dtype)
    return isLSTM ? [states, states, gates] : cell == .gru ? [states, gates] : [states]
  }

  /// One product and one pass per step, some rows per task.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let inputs = inputs.map { $0.contiguous() }
    let outputs = specs.map { Tensor(uninitialized: $0) }
    let done = withPass(inputs) { pass in
      aviary_recurrence_forward(
        specs[0].dtype.code, pass, inputs[0].pointer, outputs[0].pointer, isLSTM ? outputs[1].pointer : nil,
        outputs.count > 1 ? outputs[outputs.count - 1].pointer : nil)
    }
    return done ? outputs : nil
  }

  /// The gradients with respect to all operands but the factors, from those of h and c, where nil means zero. Returns
  /// nil for types without derivatives.
  package func gradients(inputs: [Tensor], outputs: [Tensor], dh: Tensor?, dc: Tensor?) -> [Tensor]? {
    let (inputs, outputs) = (inputs.map { $0.contiguous() }, outputs.map { $0.contiguous() })
    let (dh, dc) = (dh?.contiguous(), dc?.contiguous())
    let gradients = inputs.dropLast(isDropped ? 1 : 0).map { Tensor(uninitialized: $0.spec) }
    let done = withPass(inputs) { pass in
      aviary_recurrence_backward(
        inputs[0].dtype.code, pass, outputs[0].pointer, isLSTM ? outputs[1].pointer : nil,
        outputs.count > 1 ? outputs[outputs.count - 1].pointer : nil, dh?.pointer, dc?.pointer, gradients[0].pointer,
        gradients[1].pointer, hasExtra ? gradients[isLSTM ? 4 : 3].pointer : nil, gradients[2].pointer,
        isLSTM ? gradients[3].pointer : nil)
    }
    return done ? gradients : nil
  }

  private func withPass(_ inputs: [Tensor], _ body: (UnsafePointer<aviary_recurrence>) -> Bool) -> Bool {
    let (x, units) = (inputs[0].shape, inputs[1].shape[0])
    let kind =
      switch cell {
      case .tanh: AVIARY_RNN_TANH
      case .relu: AVIARY_RNN_RELU
      case .lstm: AVIARY_LSTM
      case .gru: AVIARY_GRU
      }
    func run(_ lengths: UnsafePointer<Int64>?) -> Bool {
      var pass = aviary_recurrence(
        cell: kind, reversed: reversed, steps: x[0], rows: x[1], units: units, lengths: lengths,
        weights: inputs[1].pointer, extra: hasExtra ? inputs[isLSTM ? 4 : 3].pointer : nil,
        factors: isDropped ? inputs[inputs.count - 1].pointer : nil, h: inputs[2].pointer,
        c: isLSTM ? inputs[3].pointer : nil)
      return body(&pass)
    }
    guard let lengths else { return run(nil) }
    return lengths.map(Int64.init).withUnsafeBufferPointer { run($0.baseAddress) }
  }

  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    let (steps, rows, units) = (inputs[0].shape[0], inputs[0].shape[1], inputs[1].shape[0])
    let factors = isDropped ? inputs.last : nil
    let extra = hasExtra ? inputs[isLSTM ? 4 : 3] : nil
    var h = inputs[2]
    var c = isLSTM ? inputs[3] : nil
    var states = [[Value]](repeating: [], count: steps)
    for step in reversed ? Array((0..<steps).reversed()) : Array(0..<steps) {
      let x = inputs[0].slice(axis: 0, step..<(step + 1)).reshaped(to: [rows, cell.gates * units])
      let product = (factors.map { h * $0 } ?? h).matmul(inputs[1])
      var next = self.step(x, product, h, c, extra, units)
      if let lengths {
        let isData = Value(Tensor(lengths.map { step < $0 }, shape: [rows, 1]))
        next.h = Value.where(isData.broadcast(to: h.shape), next.h, h)
        if let before = c, let after = next.c {
          next.c = Value.where(isData.broadcast(to: h.shape), after, before)
        }
        next.gates = next.gates.map {
          Value.where(isData.broadcast(to: $0.shape), $0, Value(Tensor.zeros($0.shape, dtype: $0.dtype)))
        }
      }
      (h, c) = (next.h, next.c)
      states[step] = [next.h, next.c, next.gates].compactMap { $0 }
    }
    return states[0].indices.map { place in Value.stack(states.map { $0[place] }, axis: 0) }
  }

  private func step<Value: TensorProtocol>(
    _ x: Value, _ product: Value, _ h: Value, _ c: Value?, _ extra: Value?, _ units: Int
  ) -> (h: Value, c: Value?, gates: Value?) {
    func part(_ value: Value, _ place: Int) -> Value {
      value.slice(axis: value.rank - 1, (place * units)..<((place + 1) * units))
    }
    switch cell {
    case .tanh: return ((x + product).tanh(), nil, nil)
    case .relu: return ((x + product).relu(), nil, nil)
    case .lstm:
      let (sum, c) = (x + product, c ?? h)
      func peephole(_ place: Int, _ state: Value) -> Value {
        extra.map { part(sum, place == 2 ? 3 : place) + part($0, place) * state } ?? part(sum, place == 2 ? 3 : place)
      }
      let (i, f, g) = (peephole(0, c).sigmoid(), peephole(1, c).sigmoid(), part(sum, 2).tanh())
      let after = f * c + i * g
      let o = peephole(2, after).sigmoid()
      return (o * after.tanh(), after, Value.concatenate([i, f, g, o], axis: 1))
    case .gru:
      let m = extra.map { part(product, 2) + $0 } ?? part(product, 2)
      let (r, z) = ((part(x, 0) + part(product, 0)).sigmoid(), (part(x, 1) + part(product, 1)).sigmoid())
      let n = (part(x, 2) + r * m).tanh()
      return (n + z * (h - n), nil, Value.concatenate([r, z, n, m.broadcast(to: n.shape)], axis: 1))
    }
  }
}
