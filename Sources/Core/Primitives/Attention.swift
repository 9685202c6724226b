import AviaryKernels

/// Scaled dot-product attention with several heads: for each query, the mean of the values weighted by how well their
/// keys match it.
///
/// ```
/// Y = softmax(Q·Kᵀ / √d)·V           for each row and head, d the width of a head in Q and K
/// ```
///
/// Takes Q [rows, queries, heads·d], K [rows, keys, heads·d] and V [rows, keys, heads·e]; returns [rows, queries,
/// heads·e]. The scores of all queries are never in memory at once. (Vaswani and others: Attention is all you need,
/// 2017.)
public struct ScaledDotProductAttention: Primitive {
  public let name = "attention"
  /// The number of heads, which divide the columns of Q, K and V into blocks.
  public let heads: Int
  /// Whether query t sees only the keys 0…t + keys − queries: those not later than itself, if both sequences end at the
  /// same time.
  public let causal: Bool
  /// The number of valid keys of each row, at least 1; nil if all are valid.
  public let lengths: [Int]?

  /// Attention with `heads` heads.
  public init(heads: Int, causal: Bool = false, lengths: [Int]? = nil) {
    self.heads = heads
    self.causal = causal
    self.lengths = lengths
  }

  /// The shape [rows, queries, heads·e].
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let (q, k, v) = (inputs[0].shape, inputs[1].shape, inputs[2].shape)
    guard inputs[0].dtype.isDifferentiable, inputs.allSatisfy({ $0.dtype == inputs[0].dtype && $0.shape.rank == 3 })
    else {
      throw ShapeError(name, inputs, "Q, K and V must be float32 or float64 [rows, steps, columns]")
    }
    guard q[0] == k[0], q[0] == v[0], k[1] == v[1], q[2] == k[2], k[1] > 0 else {
      throw ShapeError(
        name, inputs,
        "Q and K must have equally many columns, K and V equally many steps, at least one, and all equally many rows")
    }
    guard heads > 0, q[2] > 0, v[2] > 0, q[2].isMultiple(of: heads), v[2].isMultiple(of: heads) else {
      throw ShapeError(name, inputs, "the columns must be a multiple of \(heads) heads")
    }
    guard !causal || q[1] <= k[1] else {
      throw ShapeError(name, inputs, "causal attention needs at least as many keys as queries")
    }
    guard lengths.map({ $0.count == q[0] && $0.allSatisfy { (1...k[1]).contains($0) } }) ?? true else {
      throw ShapeError(name, inputs, "it needs a length from 1 to \(k[1]) for each of the \(q[0]) rows")
    }
    return [TensorSpec([q[0], q[1], v[2]], inputs[0].dtype)]
  }

  /// Processes some queries at a time, with one task per row and head.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let inputs = inputs.map { $0.contiguous() }
    let output = Tensor(uninitialized: specs[0])
    let done = withPass(inputs) { aviary_attention_forward(specs[0].dtype.code, $0, output.pointer) }
    return done ? [output] : nil
  }

  /// The gradients with respect to Q, K and V; nil for types without derivatives.
  package func gradients(_ inputs: [Tensor], dy: Tensor) -> [Tensor]? {
    let (inputs, dy) = (inputs.map { $0.contiguous() }, dy.contiguous())
    let gradients = inputs.map { Tensor(uninitialized: $0.spec) }
    let done = withPass(inputs) {
      aviary_attention_backward(
        dy.dtype.code, $0, dy.pointer, gradients[0].pointer, gradients[1].pointer, gradients[2].pointer)
    }
    return done ? gradients : nil
  }

  private func scale(_ columns: Int) -> Double { 1 / Double(columns / heads).squareRoot() }

  private func withPass(_ inputs: [Tensor], _ body: (UnsafePointer<aviary_attention>) -> Bool) -> Bool {
    let (q, k, v) = (inputs[0].shape, inputs[1].shape, inputs[2].shape)
    func run(_ lengths: UnsafePointer<Int64>?) -> Bool {
      var pass = aviary_attention(
        rows: q[0], heads: heads, queries: q[1], keys: k[1], key_width: q[2] / heads, value_width: v[2] / heads,
        causal: causal, scale: scale(q[2]), lengths: lengths, q: inputs[0].pointer, k: inputs[1].pointer,
        v: inputs[2].pointer)
      return body(&pass)
    }
    guard let lengths else { return run(nil) }
    return lengths.map(Int64.init).withUnsafeBufferPointer { run($0.baseAddress) }
  }

  /// Computes all scores at once.
  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    let (rows, queries, keys) = (inputs[0].shape[0], inputs[0].shape[1], inputs[1].shape[1])
    func heads(_ value: Value) -> Value {
      value.reshaped(to: [value.shape[0], value.shape[1], self.heads, value.shape[2] / self.heads])
        .transposed(axes: [0, 2, 1, 3])
    }
    var scores = heads(inputs[0]).matmul(heads(inputs[1]), transposingRight: true) * scale(inputs[0].shape[2])
    if causal || lengths != nil {
      let seen = (0..<rows).flatMap { row in
        (0..<queries).flatMap { query in
          (0..<keys).map { key in
            (!causal || key <= query + keys - queries) && key < lengths?[row] ?? keys
          }
        }
      }
      let mask = Tensor(seen, shape: [rows, 1, queries, keys]).broadcast(to: scores.shape)
      let hidden = Tensor(repeating: -.infinity, shape: [], dtype: scores.dtype).broadcast(to: scores.shape)
      scores = Value.where(Value(mask), scores, Value(hidden))
    }
    let means = scores.softmax().matmul(heads(inputs[2])).transposed(axes: [0, 2, 1, 3])
    return [means.reshaped(to: [rows, queries, inputs[2].shape[2]])]
  }
}
