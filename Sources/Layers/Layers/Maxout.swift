import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A fully connected layer whose units are the greatest of a few linear pieces each, so that every unit learns its own
/// convex activation: yᵢ = maxⱼ (x·Wᵢⱼ + bᵢⱼ), j = 1 … pieces.
///
/// Shapes: input [in] (or anything, flattened), weight [in, units·pieces], bias [units·pieces], the pieces of a unit
/// side by side, output [units]. A constraint such as ``MaxNorm`` acts on the weights that lead to each piece. Of equal
/// pieces the first gets the gradient. (Goodfellow, Warde-Farley, Mirza, Courville and Bengio: Maxout networks, 2013.)
public struct Maxout: Layer, Registrable {
  public static let name = "maxout"
  public static let card = Card(
    "A fully connected layer whose units are the greatest of a few linear pieces: they learn their own activation.",
    formula: "yᵢ = maxⱼ (x·Wᵢⱼ + bᵢⱼ)",
    references: ["Goodfellow, Warde-Farley, Mirza, Courville, Bengio: Maxout networks (2013), arXiv:1302.4389"])

  @Field("Number of outputs", .positive, example: 8) var units: Int
  @Field("Number of linear pieces that each output is the greatest of", Self.pieceRule, example: 2) var pieces: Int
  var weights = Weights()

  public init() {}

  /// A layer of `units` outputs, each the greatest of so many `pieces`; weights drawn by Glorot's rule and a bias of
  /// zeros unless given.
  public init(
    _ units: Int, pieces: Int, bias: Bool = true, weightInitializer: any Initializer = GlorotUniform(),
    biasInitializer: any Initializer = Zeros(), weightRegularizer: (any Regularizer)? = nil,
    weightConstraint: (any Constraint)? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.units = units
    self.pieces = pieces
    weights = Weights(bias: bias, weightInitializer, biasInitializer, weightRegularizer, weightConstraint)
    self = required(file: file, line: line)
  }

  /// More pieces are a mistake, and their number times the units' could overflow.
  static let pieceRule = Rule.in(1...65_536)

  /// W and b.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    // An input reaches one piece of a unit at a time, the greatest.
    try weights.declare(
      in: &builder, shape: [input.elementCount, try builder.product(of: units, and: pieces)],
      fans: Fans(input: input.elementCount, output: units))
    return [units]
  }

  /// One product, and the maxima of its runs.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let (x, weight) = (input.flattenedRows(), parameters["weight"])
    let linear = weights.bias ? x.affine(weight: weight, bias: parameters["bias"]) : x.matmul(weight)
    return linear.maximumOfPieces(pieces)
  }
}

extension ParameterBuilder {
  /// The product of two lengths. Throws ``LayerError`` where no machine has so many numbers.
  func product(of units: Int, and pieces: Int) throws -> Int {
    let (product, isTooGreat) = units.multipliedReportingOverflow(by: pieces)
    guard !isTooGreat else { throw LayerError(path: path, "\(units) units of \(pieces) pieces do not fit into memory") }
    return product
  }
}

extension Variable {
  /// The greatest of each run of `count` neighbours along the last axis: […, units·count] → […, units].
  ///
  /// Max pooling over rows of one channel does it, whose derivative goes to the first of the greatest. The rows of an
  /// image are its own: as one long row, what is drawn up beside it for the derivative would not stay in the caches.
  func maximumOfPieces(_ count: Int) -> Variable {
    var output = shape
    output[-1] /= count
    let length = rank > 2 ? shape[-2] * shape[-1] : shape[-1]
    let rows = reshaped(to: [shape.dropLast(rank > 2 ? 2 : 1).reduce(1, *), 1, length, 1])
    return rows.maxPooled2D(Window2D(height: 1, width: count, strides: (1, count))).reshaped(to: output)
  }
}
