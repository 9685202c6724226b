import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A fully connected layer whose units take the maximum of several linear pieces, so that each learns a convex
/// activation.
///
///     yᵢ = maxⱼ (x·Wᵢⱼ + bᵢⱼ),   j = 1 … pieces
///
/// Shapes: input [in] (or any shape, flattened), weight [in, units·pieces], bias [units·pieces], with a unit's pieces
/// adjacent, output [units]. A constraint such as ``MaxNorm`` applies to the weights of each piece. The first of equal
/// pieces gets the gradient. (Goodfellow, Warde-Farley, Mirza, Courville and Bengio: Maxout networks, 2013.)
public struct Maxout: Layer, Registrable {
  public static let name = "maxout"
  public static let card = Card(
    "A fully connected layer whose units take the maximum of several linear pieces, and so learn their activation.",
    formula: "yᵢ = maxⱼ (x·Wᵢⱼ + bᵢⱼ)",
    references: ["Goodfellow, Warde-Farley, Mirza, Courville, Bengio: Maxout networks (2013), arXiv:1302.4389"])

  @Field("Number of outputs", .positive, example: 8) var units: Int
  @Field("Number of linear pieces per output", Self.pieceRule, example: 2) var pieces: Int
  var weights = Weights()

  public init() {}

  /// The defaults are Glorot-uniform weights and zero biases.
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

  /// The limit catches mistakes and keeps the product of units and pieces from overflowing.
  static let pieceRule = Rule.in(1...65_536)

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    // An input reaches only one piece of a unit at a time, the maximum.
    try weights.declare(
      in: &builder, shape: [input.elementCount, try builder.product(of: units, and: pieces)],
      fans: Fans(input: input.elementCount, output: units))
    return [units]
  }

  /// One product, then the maximum of each unit's pieces.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let (x, weight) = (input.flattenedRows(), parameters["weight"])
    let linear = weights.bias ? x.affine(weight: weight, bias: parameters["bias"]) : x.matmul(weight)
    return linear.maximumOfPieces(pieces)
  }
}

extension ParameterBuilder {
  /// The product of two counts. Throws ``LayerError`` if it overflows.
  func product(of units: Int, and pieces: Int) throws -> Int {
    let (product, isTooGreat) = units.multipliedReportingOverflow(by: pieces)
    guard !isTooGreat else {
      throw LayerError(path: path, "\(units) units with \(pieces) pieces do not fit into memory")
    }
    return product
  }
}

extension Variable {
  /// The maximum of each run of `count` neighbors along the last axis: […, units·count] → […, units].
  ///
  /// Computed as max pooling over rows of one channel, whose derivative goes to the first of equal maxima. Each unit is
  /// a row of the image, because the scratch memory for the derivative of one long row would not stay in the caches.
  func maximumOfPieces(_ count: Int) -> Variable {
    var output = shape
    output[-1] /= count
    let length = rank > 2 ? shape[-2] * shape[-1] : shape[-1]
    let rows = reshaped(to: [shape.dropLast(rank > 2 ? 2 : 1).reduce(1, *), 1, length, 1])
    return rows.maxPooled2D(Window2D(height: 1, width: count, strides: (1, count))).reshaped(to: output)
  }
}
