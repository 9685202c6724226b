import AviaryCore
import AviaryRegistry

/// Sparse connections: each unit gets normal weights from a few random inputs, and 0 from the others.
///
/// A unit's sum then does not grow with the layer's width, and units differ from the start. Filters [height, width, in,
/// out] are treated as [height·width·in, out]; a vector as one unit. (Martens: Deep learning via Hessian-free
/// optimization, 2010, with 15 connections.)
public struct Sparse: Initializer, Registrable {
  public static let name = "sparse"
  public static let card = Card(
    "A few normal weights per unit, and zeros elsewhere.",
    formula: "wᵢⱼ ~ N(0, σ²) for `connections` inputs i of each unit j, else 0",
    references: ["Martens: Deep learning via Hessian-free optimization (2010)"])

  @Field("Number of nonzero weights per unit; all if there are fewer inputs", .positive) var connections = 15
  @Field("Standard deviation σ of the nonzero weights", .nonNegative) var standardDeviation = 1.0

  public init() {}

  /// Traps on values out of range.
  public init(
    connections: Int = 15, standardDeviation: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.connections = connections
    self.standardDeviation = standardDeviation
    self = required(file: file, line: line)
  }

  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    let units = shape.rank < 2 ? 1 : shape[-1]
    let inputs = shape.elementCount / max(units, 1)
    let weights = random.normal([units, inputs], standardDeviation: standardDeviation, dtype: dtype)
    let count = min(connections, inputs)
    let places = random["places"].uniform([units, inputs], dtype: .float64).topK(count).positions
    let isConnected = Tensor.ones([units, count], dtype: dtype).scatterElements(places, length: inputs)
    return (weights * isConnected).transposed().reshaped(to: shape)
  }
}
