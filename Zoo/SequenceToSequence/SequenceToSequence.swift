import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// An encoder and a decoder with attention, which translates one sequence of symbols into another.
///
/// The encoder reads the source in both directions. The decoder reads the symbols written so far, the further input
/// `previous`, attends to the encoder's states, and predicts the next symbol. (Cho and others, 2014; Bahdanau, Cho and
/// Bengio: Neural machine translation by jointly learning to align and translate, 2015; Luong, Pham and Manning, 2015.)
public struct SequenceToSequence: ModelDefinition, Registrable {
  public static let name = "sequence-to-sequence"
  public static let card = Card(
    "An encoder and a decoder with attention: translates one sequence of symbols into another.",
    formula: "yₜ = softmax(V·tanh(C·[sₜ; cₜ])),  cₜ = attention(sₜ, h₁ … h_T)",
    references: [
      "Sutskever, Vinyals, Le: Sequence to sequence learning with neural networks (2014), arXiv:1409.3215",
      "Bahdanau, Cho, Bengio: Neural machine translation by jointly learning to align and translate (2015), arXiv:1409.0473",
      "Luong, Pham, Manning: Effective approaches to attention-based neural machine translation (2015), arXiv:1508.04025",
    ],
    tags: ["sequence", "text"])

  @Field("Units of the recurrent layers", .positive) var units = 64
  @Field("Length of a symbol's vector", .positive) var embedding = 32
  @Field("Number of attention heads", .positive) var heads = 1

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(units: Int = 64, embedding: Int = 32, heads: Int = 1) throws {
    self.units = units
    self.embedding = embedding
    self.heads = heads
    self = try checked()
  }

  public var targetKind: TargetKind { .labels }

  /// One stage, `"train"`, which reports the accuracy of symbols and of whole sequences.
  public var stages: [StageProposal] {
    get throws { [StageProposal("train", ["metrics": ["accuracy", "exact-match"]])] }
  }

  /// The graph. Throws `ModelError` unless the data has two sequences of symbols.
  public func network(for task: LearningTask) throws -> any Layer {
    guard let source = task.symbols, let classes = task.classes, task.labelsSteps,
      let target = task.furtherInputs["previous"]?.symbols
    else {
      throw ModelError(
        "the model '\(Self.name)' takes symbols, a further input 'previous' of symbols, and a label for each of its steps, "
          + "as from the data set 'written-numbers'")
    }
    return Graph([
      Graph.Node("source", of: [Graph.input]) {
        Embedding(symbols: source, size: embedding)
        GRU(units, outputs: .all, direction: .both)
      },
      Graph.Node("target", of: ["previous"]) {
        Embedding(symbols: target, size: embedding)
        GRU(units, outputs: .all)
      },
      Graph.Node("context", of: ["target", "source"]) { Attention(heads: heads, headWidth: max(1, units / heads)) },
      Graph.Node("output", of: ["target", "context"]) {
        Concatenate([])
        GRU(units, outputs: .all)
        TimeDistributed { Dense(classes) }
      },
    ])
  }
}
