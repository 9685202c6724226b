import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Normalizes each channel of each example over all its places, then scales and shifts it by trained numbers: what is left
/// of an image has no contrast of its own.
///
/// y = γ·(x − μ)/√(σ² + ε) + β, μ and σ² the mean and the biased variance over all axes but the last: ``GroupNorm`` with
/// as many groups as channels.
///
/// Shapes: input [places, …, channels], scale γ and shift β [channels], output as the input.
/// (Ulyanov, Vedaldi and Lempitsky: Instance normalization, 2016.)
public struct InstanceNorm: Layer, Registrable {
  public static let name = "instance-norm"
  public static let card = Card(
    "Normalizes each channel over all places, example by example.", formula: "y = γ·(x − μ)/√(σ² + ε) + β",
    references: ["Ulyanov, Vedaldi, Lempitsky: Instance normalization (2016), arXiv:1607.08022"])

  var scaleAndShift = ScaleAndShift()

  public init() {}

  /// With an epsilon of 10⁻⁵ and trained γ and β unless given. Traps unless `epsilon` is positive.
  public init(epsilon: Double = 1e-5, affine: Bool = true, file: StaticString = #fileID, line: UInt = #line) {
    scaleAndShift = ScaleAndShift(epsilon: epsilon, affine: affine)
    self = required(file: file, line: line)
  }

  /// γ and β.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard let channels = input.last, input.elementCount > channels else {
      throw LayerError(
        path: builder.path,
        "it takes inputs [places, …, channels] with several places, not \(input): a single number less its own mean is "
          + "always 0")
    }
    try scaleAndShift.declare(in: &builder, shape: [channels])
    return input
  }

  /// The normalized input.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    scaleAndShift(input, as: input.shape.rowsOfPlaces, groups: input.shape[-1], parameters)
  }
}
