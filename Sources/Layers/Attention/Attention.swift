import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Attention of several heads: each step's mean of what all steps say, weighted by how well their keys fit its query.
///
/// ```
/// Q, K, V = x·W_q, x·W_k, x·W_v
/// y = [softmax(Qᵢ·Kᵢᵀ/√d)·Vᵢ for each head i]·W_o
/// ```
///
/// In a ``Graph`` it takes a second input, whose steps K and V are made of: an encoder's, for example. Steps of padding are
/// never seen.
///
/// Shapes: input [steps, features], a second one [steps′, features′], query [features, heads·d], key and value
/// [features′, heads·d], output [heads·d, width]; gives [steps, width], width = features unless given. Memory grows with the
/// steps, not with their square. (Vaswani and others: Attention is all you need, 2017.)
public struct Attention: CombiningLayer, Registrable {
  public static let name = "attention"
  public static let aliases = ["multi-head-attention"]
  public static let card = Card(
    "Attention of several heads: each step's mean of what all steps say, weighted by how well they fit.",
    formula: "y = [softmax(Qᵢ·Kᵢᵀ/√d)·Vᵢ]·W_o,  Q, K, V = x·W_q, x·W_k, x·W_v",
    references: ["Vaswani et al.: Attention is all you need (2017), arXiv:1706.03762"])

  @Field("Number of heads", .positive) var heads = 1
  @Field("Width d of a head; null for the input's features divided by the heads", .positive) var headWidth: Int?
  @Field("Width of the output; null for the input's", .positive) var width: Int?
  @Field("Each step sees itself and those before it, and none after it") var causal = false
  var weights = Weights()

  public init() {}

  /// Attention of `heads` heads, over all steps unless `causal`. Traps unless numbers are positive.
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

  /// Steps of the one see all steps of the other.
  public var alignsSteps: Bool { false }

  /// Padding is not seen.
  public var allowsPadding: Bool { true }

  /// Where it is said to be.
  public var isCausal: Bool { causal }

  /// The four maps.
  public func declare(in builder: inout ParameterBuilder, inputs: [Shape]) throws -> Shape {
    let (input, source) = (inputs[0], inputs[inputs.count - 1])
    for shape in inputs where shape.rank != 2 {
      throw LayerError(path: builder.path, "it takes sequences [steps, features], not \(shape)")
    }
    guard headWidth != nil || input[1].isMultiple(of: heads) else {
      throw LayerError(
        path: builder.path,
        "\(input[1]) features do not divide into \(heads) heads; set headWidth, or take another number of heads")
    }
    guard !causal || inputs.count == 1 else {
      throw LayerError(
        path: builder.path, "causal attention is to the own steps, not to another input's; set causal to false")
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

  /// One product a map, and one pass over all heads.
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

  /// What was carried from the steps before, and these behind it.
  private func withSteps(
    before value: Variable, _ name: String, _ parameters: Parameters, _ context: inout Context
  ) -> Variable {
    let kept = context.carried(name, of: parameters, rows: value.shape[0])
    let all = kept.map { Variable.concatenate([Variable($0), value], axis: 1) } ?? value
    // While training as many steps as a piece has, so that memory does not grow from piece to piece.
    let (count, own) = (all.shape[1], value.shape[1])
    context.carry(
      name, of: parameters, context.isTraining ? all.value.slice(axis: 1, (count - own)..<count) : all.value)
    return all
  }
}
