import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Multi-head attention: each step takes a mean of all steps' values, weighted by how well their keys match its query.
///
/// ```
/// Q, K, V = x·W_q, x·W_k, x·W_v
/// y = [softmax(Qᵢ·Kᵢᵀ/√d)·Vᵢ for each head i]·W_o
/// ```
///
/// In a ``Graph``, K and V can come from a second input, such as an encoder. Padding is ignored.
///
/// Shapes: input [steps, features], optional second input [steps′, features′], query [features, heads·d], key and value
/// [features′, heads·d], output [heads·d, width]; result [steps, width], where width is the number of features by
/// default. Memory grows with the number of steps, not with its square. (Vaswani and others: Attention is all you need,
/// 2017.)
public struct Attention: CombiningLayer, Registrable {
  public static let name = "attention"
  public static let aliases = ["multi-head-attention"]
  public static let card = Card(
    "Multi-head attention: each step takes a mean of all steps' values, weighted by how well they match.",
    formula: "y = [softmax(Qᵢ·Kᵢᵀ/√d)·Vᵢ]·W_o,  Q, K, V = x·W_q, x·W_k, x·W_v",
    references: ["Vaswani et al.: Attention is all you need (2017), arXiv:1706.03762"])

  @Field("Number of heads", .positive) var heads = 1
  @Field("Width d of a head; null for the number of features divided by the number of heads", .positive) var headWidth:
    Int?
  @Field("Width of the output; null for that of the input", .positive) var width: Int?
  @Field("Whether a step sees only itself and earlier steps") var causal = false
  var weights = Weights()

  public init() {}

  /// Attention with `heads` heads, over all steps unless `causal`. Traps unless numbers are positive.
  public init(
    heads: Int = 1, headWidth: Int? = nil, width: Int? = nil, causal: Bool = false, bias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.heads = heads
    self.headWidth = headWidth
    self.width = width
    self.causal = causal
    weights.bias = bias
    self = required(file: file, line: line)
  }

  public var combines: ClosedRange<Int> { 1...2 }

  /// Each step of the first input sees all steps of the second.
  public var alignsSteps: Bool { false }

  /// Attention ignores padding.
  public var allowsPadding: Bool { true }

  /// As configured by `causal`.
  public var isCausal: Bool { causal }

  /// Declares the four linear maps.
  public func declare(in builder: inout ParameterBuilder, inputs: [Shape]) throws -> Shape {
    let (input, source) = (inputs[0], inputs[inputs.count - 1])
    for shape in inputs where shape.rank != 2 {
      throw LayerError(path: builder.path, "it takes sequences [steps, features], not \(shape)")
    }
    guard headWidth != nil || input[1].isMultiple(of: heads) else {
      throw LayerError(
        path: builder.path,
        "\(input[1]) features cannot be divided evenly among \(heads) heads; set headWidth, or use another number of heads"
      )
    }
    guard !causal || inputs.count == 1 else {
      throw LayerError(
        path: builder.path, "causal attention needs keys and values from the same input; set causal to false")
    }
    let columns = heads * (headWidth ?? input[1] / heads)
    for (name, shape) in [
      ("query", [input[1], columns]), ("key", [source[1], columns]), ("value", [source[1], columns]),
    ] {
      try weights.declareWeight(name, in: &builder, shape: Shape(shape), fans: nil)
      if weights.bias { try builder.parameter(name + "Bias", shape: [columns], initializer: weights.biasInitializer) }
    }
    let width = width ?? input[1]
    try weights.declareWeight("output", in: &builder, shape: [columns, width], fans: nil)
    if weights.bias { try builder.parameter("outputBias", shape: [width], initializer: weights.biasInitializer) }
    return [input[0], width]
  }

  /// Computes one product per map, and one pass over all heads.
  public func callAsFunction(
    _ inputs: [LayerInput], _ parameters: Parameters, _ context: inout Context
  ) -> Variable {
    let (input, source) = (inputs[0].values, inputs[inputs.count - 1])
    func mapped(_ name: String, _ x: Variable) -> Variable {
      let rows = x.reshaped(to: [x.shape[0] * x.shape[1], x.shape[2]])
      let product =
        weights.bias
        ? rows.affine(weight: parameters[name], bias: parameters[name + "Bias"]) : rows.matmul(parameters[name])
      return product.reshaped(to: [x.shape[0], x.shape[1], product.shape[1]])
    }
    var (keys, values) = (mapped("key", source.values), mapped("value", source.values))
    if inputs.count == 1, context.carried != nil {
      (keys, values) = (
        withSteps(before: keys, "keys", parameters, &context), withSteps(before: values, "values", parameters, &context)
      )
    }
    let attention = ScaledDotProductAttention(heads: heads, causal: causal, lengths: source.lengths)
    return mapped("output", Variable.apply(attention, to: [mapped("query", input), keys, values])[0])
  }

  /// The carried earlier steps followed by the current ones.
  private func withSteps(
    before value: Variable, _ name: String, _ parameters: Parameters, _ context: inout Context
  ) -> Variable {
    let kept = context.carried(name, of: parameters, rows: value.shape[0])
    let all = kept.map { Variable.concatenate([Variable($0), value], axis: 1) } ?? value
    // In training, only the current piece is carried on, so that memory does not grow from piece to piece.
    let (count, own) = (all.shape[1], value.shape[1])
    context.carry(
      name, of: parameters, context.isTraining ? all.value.slice(axis: 1, (count - own)..<count) : all.value)
    return all
  }
}
