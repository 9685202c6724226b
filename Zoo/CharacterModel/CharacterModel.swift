import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A language model: predicts each next symbol of a text from those before it, and so can generate text.
///
/// It consists of an embedding, recurrent layers or transformer blocks, and one linear unit per symbol on each step.
/// Symbols are the characters or words of the data set `text`.
public struct CharacterModel: ModelDefinition, Registrable {
  /// The kind of layers that process the symbols.
  public enum Core: String, CaseIterable, FieldValue, Sendable {
    /// Long short-term memory.
    case lstm
    /// Gated recurrent units.
    case gru
    /// Transformer blocks, which see only the steps of one piece.
    case transformer
  }

  public static let name = "character-model"
  public static let card = Card(
    "A language model of characters or words, recurrent or a transformer, that can generate text.",
    formula: "P(xₜ₊₁ | x₁ … xₜ) = softmax(V·hₜ + c),  hₜ = f(hₜ₋₁, E[xₜ])",
    references: [
      "Graves: Generating sequences with recurrent neural networks (2013), arXiv:1308.0850",
      "Radford et al.: Improving language understanding by generative pre-training (2018)",
    ],
    tags: ["sequence", "text", "generative"])

  @Field("Kind of layers: lstm, gru or transformer") var core = Core.lstm
  @Field(
    "Widths of the recurrent layers or transformer blocks; all blocks of a transformer have the same width",
    .positive.nonEmpty)
  var units = [128]
  @Field("Length of a symbol's vector; null for the width of the first layer", .positive) var embedding: Int?
  @Field("Number of attention heads of a transformer", .positive) var heads = 4
  @Field("Dropout rate of a layer's outputs", .in(0..<1)) var dropout = 0.0
  @Field("Whether the linear units use the symbols' vectors as weights") var tied = false

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    core: Core = .lstm, units: [Int] = [128], embedding: Int? = nil, heads: Int = 4, dropout: Double = 0,
    tied: Bool = false
  ) throws {
    self.core = core
    self.units = units
    self.embedding = embedding
    self.heads = heads
    self.dropout = dropout
    self.tied = tied
    self = try checked()
  }

  public func validate() throws {
    if core == .transformer, Set(units).count > 1 {
      throw ConfigurationError(.invalid("all blocks of a transformer need the same width"), at: [.key("units")])
    }
    let size = embedding ?? units[0]
    if core == .transformer, size != units[0] {
      throw ConfigurationError(
        .invalid("the embedding must be as long as the blocks of a transformer are wide; set it to null"),
        at: [.key("embedding")])
    }
    if tied, size != units[units.count - 1] {
      throw ConfigurationError(
        .invalid("tied weights need an embedding as long as the last layer is wide, \(units[units.count - 1])"),
        at: [.key("embedding")])
    }
  }

  public var targetKind: TargetKind { .labels }

  /// One stage, which carries the state of recurrent layers from piece to piece.
  public var stages: [StageProposal] {
    get throws {
      var settings: ConfigurationObject = ["metrics": ["accuracy", "bits"]]
      if core != .transformer {
        settings["objective"] = ["name": "supervised", "carriesState": true]
      }
      return [StageProposal("train", settings)]
    }
  }

  /// The layers. Throws `ModelError` unless the inputs are symbols with one label per step.
  public func network(for task: LearningTask) throws -> any Layer {
    guard let symbols = task.symbols, let classes = task.classes, task.labelsSteps else {
      throw ModelError(
        "the model '\(Self.name)' takes sequences of symbols with one label per step, as from the data set 'text'")
    }
    let rate = dropout
    return Sequential {
      Embedding(symbols: symbols, size: embedding ?? units[0])
      if core == .transformer { PositionalEncoding(scale: Double(units[0]).squareRoot()) }
      if rate > 0 { Dropout(rate) }
      for width in units {
        switch core {
        case .lstm: LSTM(width, outputs: .all)
        case .gru: GRU(width, outputs: .all)
        case .transformer: TransformerBlock(heads: heads, causal: true, dropout: rate)
        }
        if rate > 0, core != .transformer { Dropout(rate) }
      }
      if core == .transformer { LayerNorm() }
      TimeDistributed { Dense(classes, tiedTo: tied ? "0.embedding.weight" : nil) }
    }
  }
}
