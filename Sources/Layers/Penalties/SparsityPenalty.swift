import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Returns its inputs, numbers from 0 to 1, unchanged, and adds a penalty to the objective if a unit's mean over the
/// batch differs from a small target, for codes in which each unit is rarely active.
///
///     y = x;  J ← J + rate·Σⱼ KL(ρ ‖ ρ̂ⱼ)
///     KL(ρ ‖ ρ̂) = ρ·log(ρ/ρ̂) + (1 − ρ)·log((1 − ρ)/(1 − ρ̂))
///
/// The penalty applies in training; ρ̂ⱼ is the mean of unit j over the rows, clipped to [10⁻⁶, 1 − 10⁻⁶]. (Ng: Sparse
/// autoencoder, 2011.)
public struct SparsityPenalty: Layer, Registrable {
  public static let name = "sparsity-penalty"
  public static let card = Card(
    "Returns its inputs unchanged and adds a penalty if units are active more or less often than a target.",
    formula: "y = x;  J ← J + rate·Σⱼ KL(ρ ‖ meanⱼ)",
    references: ["Ng: Sparse autoencoder, lecture notes CS294A (2011)"])

  @Field("Target ρ for a unit's mean over the rows", .between(0, 1)) var target = 0.05
  @Field("Factor of the penalty", .nonNegative) var rate = 0.1

  public init() {}

  /// Traps on a target or rate out of range.
  public init(target: Double, rate: Double = 0.1, file: StaticString = #fileID, line: UInt = #line) {
    self.target = target
    self.rate = rate
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { input }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard context.isTraining else { return input }
    let mean = input.mean(axes: [0]).clamped(to: 1e-6...(1 - 1e-6))
    let cross = mean.log() * -target + (1 - mean).log() * (target - 1)
    let entropy = cross.sum() + constant(of: input.shape.dropFirst().reduce(1, *))
    context.penalize(entropy * rate)
    return input
  }

  /// The constant part of the penalty, Σ ρ·log ρ + (1 − ρ)·log(1 − ρ).
  private func constant(of units: Int) -> Double {
    let logs = Tensor([target, 1 - target]).log().scalars(as: Double.self)
    return Double(units) * (target * logs[0] + (1 - target) * logs[1])
  }
}
