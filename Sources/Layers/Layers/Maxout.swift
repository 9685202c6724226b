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
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// How many outputs.
    public var units = 1
    /// How many linear pieces of each.
    public var pieces = 2
    /// Adds b.
    public var bias = true
    /// W at the beginning.
    public var weightInitializer: Specification = "glorot-uniform"
    /// b at the beginning.
    public var biasInitializer: Specification = "zeros"
    /// What is added to the loss for W.
    public var weightRegularizer: Specification?
    /// What is imposed on W after each update.
    public var weightConstraint: Specification?

    /// One unit of two pieces, and the defaults.
    public init() {}
  }

  /// `"maxout"`.
  public static let name = "maxout"
  /// The number of units and that of their pieces have no defaults.
  public static let required: Set<String> = ["units", "pieces"]
  /// What is worth knowing.
  public static let card = Card(
    "A fully connected layer whose units are the greatest of a few linear pieces: they learn their own activation.",
    formula: "yᵢ = maxⱼ (x·Wᵢⱼ + bᵢⱼ)",
    fields: [
      "units": "How many outputs, at least 1.",
      "pieces": "How many linear pieces each output is the greatest of, at least 1.",
      "bias": "Adds the trained vector b.",
      "weightInitializer": "Draws the initial weights W [in, units·pieces].",
      "biasInitializer": "Draws the initial bias b [units·pieces].",
      "weightRegularizer": "What is added to the loss for W; nothing unless given.",
      "weightConstraint": "What is imposed on W after each update, piece by piece; nothing unless given.",
    ],
    references: ["Goodfellow, Warde-Farley, Mirza, Courville, Bengio: Maxout networks (2013), arXiv:1302.4389"])

  let units: Int
  let pieces: Int
  let hasBias: Bool
  let weightInitializer: any Initializer
  let biasInitializer: any Initializer
  let weightRegularizer: (any Regularizer)?
  let weightConstraint: (any Constraint)?

  /// Checks the configuration and makes what it names.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    units = try Check.positive(configuration.units, "units")
    pieces = try Check.value(configuration.pieces, in: Maxout.range, "pieces")
    hasBias = configuration.bias
    weightInitializer = try registries.make(.initializer, configuration.weightInitializer)
    biasInitializer = try registries.make(.initializer, configuration.biasInitializer)
    weightRegularizer = try configuration.weightRegularizer.map { try registries.make(.regularizer, $0) }
    weightConstraint = try configuration.weightConstraint.map { try registries.make(.constraint, $0) }
  }

  /// More pieces are a mistake, and their number times the units' could overflow.
  static let range = 1...65_536
}

extension Maxout {
  /// A layer of `units` outputs, each the greatest of so many `pieces`; weights drawn by Glorot's rule and a bias of
  /// zeros unless given.
  public init(
    _ units: Int, pieces: Int, bias: Bool = true, weightInitializer: any Initializer = GlorotUniform(),
    biasInitializer: any Initializer = Zeros(), weightRegularizer: (any Regularizer)? = nil,
    weightConstraint: (any Constraint)? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      units > 0 && Maxout.range.contains(pieces), "a maxout layer of \(units) units, \(pieces) pieces", file, line)
    self.units = units
    self.pieces = pieces
    hasBias = bias
    self.weightInitializer = weightInitializer
    self.biasInitializer = biasInitializer
    self.weightRegularizer = weightRegularizer
    self.weightConstraint = weightConstraint
  }

  /// W and b.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let width = try builder.product(of: units, and: pieces)
    // An input reaches one piece of a unit at a time, the greatest.
    try builder.parameter(
      "weight", shape: [input.elementCount, width], initializer: weightInitializer,
      fans: Fans(input: input.elementCount, output: units), regularizer: weightRegularizer,
      constraint: weightConstraint)
    if hasBias { try builder.parameter("bias", shape: [width], initializer: biasInitializer) }
    return [units]
  }

  /// One product, and the maxima of its runs.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let (x, weight) = (input.flattenedRows(), parameters["weight"])
    let linear = hasBias ? x.affine(weight: weight, bias: parameters["bias"]) : x.matmul(weight)
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
