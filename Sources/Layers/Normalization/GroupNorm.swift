import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Normalizes groups of neighbouring channels of each example over all its places, then scales and shifts each channel by
/// trained numbers.
///
/// y = γ·(x − μ)/√(σ² + ε) + β, μ and σ² the mean and the biased variance over all places and the channels of a group.
/// It does not depend on the size of the batch, as ``BatchNorm`` does.
///
/// Shapes: input […, channels], a multiple of the groups, scale γ and shift β [channels], output as the input.
/// (Wu and He: Group normalization, 2018.)
public struct GroupNorm: Layer, Registrable {
  public static let name = "group-norm"
  public static let card = Card(
    "Normalizes groups of channels over all places, example by example.", formula: "y = γ·(x − μ)/√(σ² + ε) + β",
    references: ["Wu, He: Group normalization (2018), arXiv:1803.08494"])

  @Field("Into how many groups of neighbours the channels are parted", .positive, example: 2) var groups: Int
  var scaleAndShift = ScaleAndShift()

  public init() {}

  /// So many groups, with an epsilon of 10⁻⁵ and trained γ and β unless given. Traps unless `groups` and `epsilon` are
  /// positive.
  public init(
    _ groups: Int, epsilon: Double = 1e-5, affine: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.groups = groups
    scaleAndShift = ScaleAndShift(epsilon: epsilon, affine: affine)
    self = required(file: file, line: line)
  }

  /// γ and β.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard let channels = input.last else {
      throw LayerError(path: builder.path, "it takes inputs […, channels], not single numbers")
    }
    guard channels % groups == 0 else {
      throw LayerError(
        path: builder.path,
        "it parts channels into \(groups) groups, and its input \(input) has \(channels), which is no multiple of that")
    }
    guard input.elementCount > groups else {
      throw LayerError(
        path: builder.path,
        "each of its \(groups) groups would have a single number of its input \(input), which less its own mean is "
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
  /// A batch [rows, …, channels] as [rows, places, channels].
  var rowsOfPlaces: Shape { [self[0], dimensions.dropFirst().dropLast().reduce(1, *), self[-1]] }
}
