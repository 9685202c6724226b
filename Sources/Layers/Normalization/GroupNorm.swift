import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Normalizes groups of neighboring channels of each example over all positions, then applies a trained scale and
/// shift per channel.
///
///     y = γ·(x − μ)/√(σ² + ε) + β
///
/// Here μ and σ² are the mean and biased variance over all positions and the channels of a group. Unlike ``BatchNorm``,
/// it does not depend on the batch.
///
/// Shapes: input […, channels], a multiple of the groups, scale γ and shift β [channels], output as the input. (Wu and
/// He: Group normalization, 2018.)
public struct GroupNorm: Layer, Registrable {
  public static let name = "group-norm"
  public static let card = Card(
    "Normalizes groups of channels of each example over all positions.", formula: "y = γ·(x − μ)/√(σ² + ε) + β",
    references: ["Wu, He: Group normalization (2018), arXiv:1803.08494"])

  @Field("Number of groups of neighboring channels", .positive, example: 2) var groups: Int
  var scaleAndShift = ScaleAndShift()

  public init() {}

  /// Traps unless `groups` and `epsilon` are positive.
  public init(
    _ groups: Int, epsilon: Double = 1e-5, affine: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.groups = groups
    scaleAndShift = ScaleAndShift(epsilon: epsilon, affine: affine)
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard let channels = input.last else {
      throw LayerError(path: builder.path, "it takes inputs […, channels], not single numbers")
    }
    guard channels % groups == 0 else {
      throw LayerError(
        path: builder.path,
        "it divides channels into \(groups) groups, but its input \(input) has \(channels), which is not a multiple")
    }
    guard input.elementCount > groups else {
      throw LayerError(
        path: builder.path,
        "each of its \(groups) groups would have a single value of its input \(input), which minus its own mean is "
          + "always 0; make 'groups' smaller")
    }
    try scaleAndShift.declare(in: &builder, shape: [channels])
    return input
  }

  /// The normalized input.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    scaleAndShift(input, as: input.shape.rowsOfPlaces, groups: groups, parameters)
  }
}

extension Shape {
  /// A batch [rows, …, channels] as [rows, positions, channels].
  var rowsOfPlaces: Shape { [self[0], dimensions.dropFirst().dropLast().reduce(1, *), self[-1]] }
}
