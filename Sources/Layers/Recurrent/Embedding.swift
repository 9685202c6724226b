import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A trained vector for each symbol: words, characters, categories.
///
/// Shapes: input […] of whole numbers from 0 to `symbols` − 1, weight [symbols, size], output […, size].
public struct Embedding: Layer, Registrable {
  public static let name = "embedding"
  public static let card = Card(
    "A trained vector for each symbol: words, characters, categories.", formula: "y = W[x]",
    references: ["Bengio, Ducharme, Vincent, Jauvin: A neural probabilistic language model (2003)"])

  @Field("Number of different symbols", .positive, example: 10) var symbols: Int
  @Field("Length of a symbol's vector", .positive, example: 4) var size: Int
  @Field(.initializer, "Initializer of the vectors") var weightInitializer: any Initializer = Normal(
    standardDeviation: 0.1)

  public init() {}

  /// Traps unless both numbers are positive.
  public init(
    symbols: Int, size: Int, weightInitializer: any Initializer = Normal(standardDeviation: 0.1),
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.symbols = symbols
    self.size = size
    self.weightInitializer = weightInitializer
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try builder.parameter("weight", shape: [symbols, size], initializer: weightInitializer)
    return input.inserting(size, at: input.rank)
  }

  /// Steps are independent.
  public var allowsPadding: Bool { true }

  /// Steps are independent.
  public var isCausal: Bool { true }

  /// The weight's rows at the inputs. Refuses inputs that are not symbols.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    var symbols = input.value.flattened().cast(to: .int64)
    let isWhole = (symbols.cast(to: input.dtype) .== input.value.flattened()).all().item() != 0
    if symbols.elementCount > 0, !isWhole || symbols.min().item() < 0 || symbols.max().item() >= Double(self.symbols) {
      let known = Set((0..<self.symbols).map(Double.init))
      let other = input.value.scalars(as: Double.self).first { !known.contains($0) } ?? .nan
      context.refuse(
        "it takes whole numbers from 0 to \(self.symbols - 1), but one of its inputs is \(other); "
          + "raise 'symbols', or number the inputs' values from 0",
        in: parameters)
      symbols = Tensor.zeros(symbols.shape, dtype: .int64)
    }
    return parameters["weight"].gather(Variable(symbols)).reshaped(to: input.shape.inserting(size, at: input.rank))
  }
}
