import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Gives back its inputs, numbers from 0 to 1, and makes a training pay where a unit's mean over the batch is not a small
/// target: a code in which each unit is seldom on.
///
/// y = x;  J ← J + rate·Σⱼ KL(ρ ‖ ρ̂ⱼ), KL(ρ ‖ ρ̂) = ρ·log(ρ/ρ̂) + (1 − ρ)·log((1 − ρ)/(1 − ρ̂)), ρ̂ⱼ the mean of the unit over the
/// rows, cut to [10⁻⁶, 1 − 10⁻⁶], while training. (Ng: Sparse autoencoder, 2011.)
public struct SparsityPenalty: Layer, Registrable {
  public static let name = "sparsity-penalty"
  public static let card = Card(
    "Gives back its inputs, and makes a training pay where units are on more or less often than a target.",
    formula: "y = x;  J ← J + rate·Σⱼ KL(ρ ‖ meanⱼ)",
    references: ["Ng: Sparse autoencoder, lecture notes CS294A (2011)"])

  @Field("Mean ρ that a unit should have over the rows", .between(0, 1)) var target = 0.05
  @Field("Factor of the sum", .nonNegative) var rate = 0.1

  public init() {}

  /// A target and a rate. Traps where they are out of range.
  public init(target: Double, rate: Double = 0.1, file: StaticString = #fileID, line: UInt = #line) {
    self.target = target
    self.rate = rate
    self = required(file: file, line: line)
  }

  /// The input's shape.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { input }

  /// The input.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard context.isTraining else { return input }
    let mean = input.mean(axes: [0]).clamped(to: 1e-6...(1 - 1e-6))
    let cross = mean.log() * -target + (1 - mean).log() * (target - 1)
    let entropy = cross.sum() + constant(of: input.shape.dropFirst().reduce(1, *))
    context.penalize(entropy * rate)
    return input
  }

  /// Σ ρ·log ρ + (1 − ρ)·log(1 − ρ).
  private func constant(of units: Int) -> Double {
    let logs = Tensor([target, 1 - target]).log().scalars(as: Double.self)
    return Double(units) * (target * logs[0] + (1 - target) * logs[1])
  }
}
