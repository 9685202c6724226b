import AviaryCore
import AviaryRegistry

/// The copy-memory task: symbols to repeat after a delay, a test of long memory with one label per step.
///
/// A row consists of `length` symbols drawn from 1 … `symbols`, `delay` − 1 blanks (0), the signal to answer (`symbols`
/// + 1), and `length` blanks. The labels are 0 up to the signal, then the symbols in order. Without memory, the best
/// cross-entropy is length·ln(symbols) / (delay + 2·length) per step.
///
/// Shapes: inputs uint8 [count, delay + 2·length], targets int64 of the same shape. (Hochreiter and Schmidhuber, 1997;
/// Arjovsky, Shah and Bengio: Unitary evolution recurrent neural networks, 2016.)
public struct CopyMemoryData: DataSource, Registrable {
  public static let name = "copy-memory"
  public static let card = Card(
    "The copy-memory task: symbols to repeat after a delay, a test of long memory.",
    references: [
      "Arjovsky, Shah, Bengio: Unitary evolution recurrent neural networks (2016), arXiv:1511.06464"
    ], tags: ["sequence", "toy"])

  @Field("Steps between the last symbol and the first answer", .in(1...100_000)) var delay = 20
  @Field("Number of symbols to remember", .in(1...1000)) var length = 5
  @Field("Number of different symbols", .in(1...250)) var symbols = 8
  @Field("Number of sequences", .in(1...10_000_000)) var count = 10_000
  var own = OwnSeed()

  public init() {}

  /// Sequences with `length` symbols and a delay. Traps on values out of range.
  public init(
    delay: Int = 20, length: Int = 5, symbols: Int = 8, count: Int = 10_000, seed: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.delay = delay
    self.length = length
    self.symbols = symbols
    self.count = count
    own.seed = seed
    self = required(file: file, line: line)
  }

  public func load(_ environment: DataEnvironment) throws -> DataSet {
    try environment.refuseFile(for: Self.name)
    try environment.checkMemory(of: Self.name, [count, delay + 2 * length, 2])
    let drawn = own.source(else: environment.random)["symbols"].integers([count, length], in: 1..<(symbols + 1))
    func blanks(_ steps: Int) -> Tensor { Tensor.zeros([count, steps], dtype: .int64) }
    let signal = Tensor(repeating: Double(symbols + 1), shape: [count, 1], dtype: .int64)
    let inputs = Tensor.concatenate([drawn, blanks(delay - 1), signal, blanks(length)], axis: 1)
    let names = ["<blank>"] + (1...symbols).map(String.init)
    var set = DataSet(
      name: Self.name, inputs: inputs.cast(to: .uint8),
      targets: Tensor.concatenate([blanks(delay + length), drawn], axis: 1), classNames: names)
    set.symbols = names + ["<signal>"]
    return try set.validated()
  }
}
