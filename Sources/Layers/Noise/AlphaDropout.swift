import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Dropout for ``Selu`` networks: dropped units take SELU's limit for very negative inputs, and the result is shifted
/// and scaled to preserve mean 0 and variance 1.
///
///     yᵢ = a·(xᵢ·mᵢ + α′·(1 − mᵢ)) + b,   P(mᵢ = 0) = rate
///     α′ = −λα ≈ −1.7581,   a = 1/√(q + α′²·q·(1 − q)),   b = −a·(1 − q)·α′,   q = 1 − rate
///
/// Monte Carlo inference also draws masks. (Klambauer, Unterthiner, Mayr and Hochreiter: Self-normalizing neural
/// networks, 2017.)
public struct AlphaDropout: Layer, Registrable {
  public static let name = "alpha-dropout"
  public static let card = Card(
    "Dropout for SELU units, which preserves mean 0 and variance 1; inactive at inference.",
    formula: "yᵢ = a·(xᵢ·mᵢ + α′·(1 − mᵢ)) + b,  P(mᵢ = 0) = rate",
    references: [
      "Klambauer, Unterthiner, Mayr, Hochreiter: Self-normalizing neural networks (2017), arXiv:1706.02515"
    ])

  @Field(.schedule, "Dropout rate, a number or a schedule", .in(0..<1)) var rate: any Schedule = 0.1

  public init() {}

  /// Traps unless the rate is in 0..<1.
  public init(
    _ rate: any Schedule = 0.1, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.rate = rate
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { input }

  /// Steps are independent.
  public var allowsPadding: Bool { true }

  /// Steps are independent.
  public var isCausal: Bool { true }

  /// The masked input in training.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let q = 1 - rate.share(in: context, of: parameters)
    guard context.drops, q < 1 else { return input }
    let dropped = -Selu.scale * Selu.alpha
    let a = 1 / (q + dropped * dropped * q * (1 - q)).squareRoot()
    let b = -a * (1 - q) * dropped
    let mask = context.random(for: parameters).bernoulli(input.shape, probability: q).cast(to: input.dtype)
    return input * Variable(mask * a) + Variable((1 - mask) * (a * dropped) + b)
  }
}
