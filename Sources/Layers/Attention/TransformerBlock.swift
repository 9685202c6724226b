import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A transformer block: attention, then two dense layers on each step, both with a residual connection.
///
/// ```
/// a = x + attention(norm(x))                    // pre-norm, the default
/// y = a + W₂·f(W₁·norm(a) + b₁) + b₂
/// ```
///
/// Post-norm, as in the original paper:
///
///     a = norm(x + attention(x))
///     y = norm(a + W₂·f(W₁·a + b₁) + b₂)
///
/// Shapes: input and output [steps, features]. Parameters: `attention.query` and so on, `hidden.weight`
/// [features, hidden], `output.weight` [hidden, features], `norm1.scale`, `norm1.shift`, `norm2.scale`, `norm2.shift`.
/// (Vaswani and others: Attention is all you need, 2017; Xiong and others: On layer normalization in the transformer
/// architecture, 2020.)
public struct TransformerBlock: Layer, Registrable {
  public static let name = "transformer-block"
  public static let card = Card(
    "A transformer block: attention and two dense layers on each step, both with a residual connection.",
    formula: "a = x + attention(norm(x)),  y = a + W₂·f(W₁·norm(a) + b₁) + b₂",
    references: [
      "Vaswani et al.: Attention is all you need (2017), arXiv:1706.03762",
      "Xiong et al.: On layer normalization in the transformer architecture (2020), arXiv:2002.04745",
    ])

  @Field("Number of heads", .positive) var heads = 1
  @Field("Units of the hidden dense layer; null for four times the features", .positive) var hidden: Int?
  @Field("Whether a step sees only itself and earlier steps") var causal = false
  @Field(.activation, "Activation f of the hidden dense layer") var activation: any Activation = Gelu()
  @Field("Whether to normalize before attention and dense layers (pre-norm) rather than after the sums (post-norm)")
  var normalizesFirst = true
  @Field(.schedule, "Dropout rate of the outputs of attention and dense layers", .in(0..<1))
  var dropout: any Schedule = 0.0

  public init() {}

  /// A block with `heads` heads. Traps on values out of range.
  public init(
    heads: Int = 1, hidden: Int? = nil, causal: Bool = false, activation: any Activation = Gelu(),
    normalizesFirst: Bool = true, dropout: any Schedule = 0.0, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.heads = heads
    self.hidden = hidden
    self.causal = causal
    self.activation = activation
    self.normalizesFirst = normalizesFirst
    self.dropout = dropout
    self = required(file: file, line: line)
  }

  /// Attention ignores padding.
  public var allowsPadding: Bool { true }

  /// As configured by `causal`.
  public var isCausal: Bool { causal }

  private var attention: Attention { Attention(heads: heads, causal: causal) }
  private func dense(_ units: Int, _ activation: any Activation = Identity()) -> DenseSteps {
    DenseSteps(units: units, activation: activation)
  }

  /// Declares attention, dense layers and normalizations.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank == 2 else {
      throw LayerError(path: builder.path, "it takes sequences [steps, features], not \(input)")
    }
    let width = input[1]
    _ = try builder.declare(LayerNorm(), as: "norm1", input: input)
    _ = try builder.declare(attention, as: "attention", input: input)
    _ = try builder.declare(LayerNorm(), as: "norm2", input: input)
    let inside = try builder.declare(dense(hidden ?? 4 * width, activation), as: "hidden", input: input)
    return try builder.declare(dense(width), as: "output", input: inside)
  }

  /// The outputs after both residual sums.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let width = input.shape[2]
    func norm(_ x: Variable, _ child: Int, _ context: inout Context) -> Variable {
      LayerNorm()(x, parameters[child: child], &context)
    }
    func dropped(_ x: Variable, _ name: String, _ context: inout Context) -> Variable {
      let keep = context.drops ? 1 - dropout.share(in: context, of: parameters) : 1
      guard keep < 1 else { return x }
      return Variable.applying(
        InvertedDropout(keep: keep, scale: nil, random: context.random(for: parameters)[name]), x)
    }
    func attended(_ x: Variable, _ context: inout Context) -> Variable {
      dropped(attention(x, parameters[child: 1], &context), "attention", &context)
    }
    func transformed(_ x: Variable, _ context: inout Context) -> Variable {
      let inside = dense(hidden ?? 4 * width, activation)(x, parameters[child: 3], &context)
      return dropped(dense(width)(inside, parameters[child: 4], &context), "dense", &context)
    }
    if normalizesFirst {
      let a = input + attended(norm(input, 0, &context), &context)
      return a + transformed(norm(a, 2, &context), &context)
    }
    let a = norm(input + attended(input, &context), 0, &context)
    return norm(a + transformed(a, &context), 2, &context)
  }
}

/// A dense layer applied to each step: [steps, in] to [steps, units].
struct DenseSteps: Layer {
  let units: Int
  var activation: any Activation = Identity()

  /// Steps are independent.
  var allowsPadding: Bool { true }

  func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try Weights().declare(in: &builder, shape: [input[1], units])
    return [input[0], units]
  }

  func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let (rows, steps) = (input.shape[0], input.shape[1])
    let sums = input.reshaped(to: [rows * steps, input.shape[2]]).affine(
      weight: parameters["weight"], bias: parameters["bias"], activation: activation.fused ?? .identity)
    return (activation.fused == nil ? activation(sums) : sums).reshaped(to: [rows, steps, units])
  }
}
