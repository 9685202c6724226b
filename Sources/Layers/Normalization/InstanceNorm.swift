import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Normalizes each channel of each example over all positions, then applies a trained scale and shift, which removes an
/// image's contrast.
///
///     y = γ·(x − μ)/√(σ² + ε) + β
///
/// Here μ and σ² are the mean and biased variance over all axes but the last: ``GroupNorm`` with as many groups as
/// channels.
///
/// Shapes: input [positions, …, channels], scale γ and shift β [channels], output as the input. (Ulyanov, Vedaldi and
/// Lempitsky: Instance normalization, 2016.)
public struct InstanceNorm: Layer, Registrable {
  public static let name = "instance-norm"
  public static let card = Card(
    "Normalizes each channel of each example over all positions.", formula: "y = γ·(x − μ)/√(σ² + ε) + β",
    references: ["Ulyanov, Vedaldi, Lempitsky: Instance normalization (2016), arXiv:1607.08022"])

  var scaleAndShift = ScaleAndShift()

  public init() {}

  /// Traps unless `epsilon` is positive.
  public init(epsilon: Double = 1e-5, affine: Bool = true, file: StaticString = #fileID, line: UInt = #line) {
    scaleAndShift = ScaleAndShift(epsilon: epsilon, affine: affine)
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard let channels = input.last, input.elementCount > channels else {
      throw LayerError(
        path: builder.path,
        "it takes inputs [positions, …, channels] with several positions, not \(input): a single value minus its own mean is "
          + "always 0")
    }
    try scaleAndShift.declare(in: &builder, shape: [channels])
    return input
  }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    scaleAndShift(input, as: input.shape.rowsOfPlaces, groups: input.shape[-1], parameters)
  }
}
