import AviaryCore

/// Describes a model's stored inputs, so that rows of other files can be read for it.
public struct InputForm: Sendable {
  /// The shape of one stored input.
  public var shape: Shape
  /// The range of the stored training inputs; nil if unknown.
  public var range: ClosedRange<Double>?
  /// Names of columns and classes; columns of tables are matched by name.
  public var schema: DataSchema
  /// The source of the training data. A ``CSVData`` or ``NPZData`` defines how tables and archives are read.
  public var source: (any DataSource)?
  /// The array of inputs in an npz archive; nil for the one whose rows have ``shape``.
  public var arrayName: String?
  /// Whether to invert images: x becomes 255 − x.
  public var invertsImages = false

  /// A form.
  public init(
    shape: Shape, range: ClosedRange<Double>? = nil, schema: DataSchema = DataSchema(),
    source: (any DataSource)? = nil
  ) {
    self.shape = shape
    self.range = range
    self.schema = schema
    self.source = source
  }

  /// Reshapes rows [n, …] to inputs: flat rows, rows to be flattened, and axes of length 1. Throws ``DataError`` for other shapes,
  /// whose elements may be in another order, such as images with the channels first.
  func shaped(_ rows: Tensor, _ source: String) throws -> Tensor {
    let found = rows.shape.removing(axis: 0)
    if found == shape { return rows }
    let isSame = found.rank == 1 || shape.rank == 1 || found.filter { $0 != 1 } == shape.filter { $0 != 1 }
    guard found.elementCount == shape.elementCount, isSame else {
      throw DataError(source, "its inputs are \(found), but the model was trained on inputs \(shape)")
    }
    return rows.reshaped(to: shape.inserting(rows.shape[0], at: 0))
  }

  /// Rows per read.
  var rowsAtOnce: Int { max(1, min(4096, (1 << 20) / max(shape.elementCount, 1))) }
}
