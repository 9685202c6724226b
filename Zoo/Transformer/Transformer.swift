import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A transformer encoder for sequences: blocks of attention and dense layers over all steps, then linear units on the
/// mean of the steps, or on each step if steps have labels.
///
/// Inputs are sequences of numbers [steps, features], each step of which is mapped linearly to `width` features, or
/// sequences of symbols, which are embedded.
public struct Transformer: ModelDefinition, Registrable {
  /// How the steps of a sequence become one vector.
  public enum Pooling: String, CaseIterable, FieldValue, Sendable {
    /// The mean of all steps.
    case mean
    /// The maximum of each feature over all steps.
    case max
    /// The last step, which has seen all others even with causal attention.
    case last
  }

  public static let name = "transformer"
  public static let card = Card(
    "A transformer encoder for sequences: blocks of attention, then linear units on the pooled steps.",
    formula: "x₀ = x·E + position,  xₖ = block(xₖ₋₁),  y = pool(norm(x_K))·V + c",
    references: [
      "Vaswani et al.: Attention is all you need (2017), arXiv:1706.03762",
      "Xiong et al.: On layer normalization in the transformer architecture (2020), arXiv:2002.04745",
    ],
    tags: ["sequence", "classifier", "regression"])

  @Field("Features of each step inside the network", .positive) var width = 64
  @Field("Number of blocks", .in(1...1000)) var blocks = 2
  @Field("Number of attention heads, a divisor of the width", .positive) var heads = 4
  @Field("Units of a block's hidden dense layer; null for four times the width", .positive) var hidden: Int?
  @Field("Whether a step sees only itself and earlier steps") var causal = false
  @Field("How the steps become one vector: mean, max or last") var pooling = Pooling.mean
  @Field("Encoding of positions: sinusoidal, or learned, which fixes the greatest number of steps")
  var positions = PositionalEncoding.Form.sinusoidal
  @Field("Dropout rate of the outputs of attention and dense layers", .in(0..<1)) var dropout = 0.0

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    width: Int = 64, blocks: Int = 2, heads: Int = 4, hidden: Int? = nil, causal: Bool = false,
    pooling: Pooling = .mean, positions: PositionalEncoding.Form = .sinusoidal, dropout: Double = 0
  ) throws {
    (self.width, self.blocks, self.heads, self.hidden) = (width, blocks, heads, hidden)
    (self.causal, self.pooling, self.positions, self.dropout) = (causal, pooling, positions, dropout)
    self = try checked()
  }

  public func validate() throws {
    try Check.that(width.isMultiple(of: heads), "heads", "a divisor of the width \(width)", found: heads)
  }

  /// The layers, and one linear unit per class or target value.
  public func network(for task: LearningTask) throws -> any Layer {
    guard let outputs = task.classes ?? task.target?.elementCount else {
      throw ModelError("the model '\(Self.name)' predicts targets, but the data has none")
    }
    guard task.symbols != nil || task.input.rank == 2 || task.input.rank == 1 else {
      throw ModelError(
        "the model '\(Self.name)' takes sequences [steps, features], but the data's inputs are \(task.input); change their shape with "
          + "the transform 'reshape'")
    }
    return Sequential {
      if let symbols = task.symbols {
        Embedding(symbols: symbols, size: width)
      } else {
        if task.input.rank == 1 { Reshape([-1, 1]) }
        TimeDistributed { Dense(width) }
      }
      PositionalEncoding(positions)
      if dropout > 0 { Dropout(dropout) }
      for _ in 0..<blocks { TransformerBlock(heads: heads, hidden: hidden, causal: causal, dropout: dropout) }
      LayerNorm()
      if task.labelsSteps {
        TimeDistributed { Dense(outputs) }
      } else {
        switch pooling {
        case .mean: GlobalAveragePool()
        case .max: GlobalMaxPool()
        case .last: LastStep()
        }
        Dense(outputs)
      }
      if let target = task.target, target.rank > 1 { Reshape(target.dimensions) }
    }
  }
}
