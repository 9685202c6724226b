import AviaryCore

/// What the targets of a set from a file are.
public enum TargetKind: String, Codable, CaseIterable, Sendable {
  /// Labels where they are whole numbers or texts, else values.
  case automatic
  /// Classes, numbered from 0.
  case labels
  /// Numbers to predict.
  case values
}

extension TargetKind {
  /// Targets of a set from the numbers of a file: int64 labels [n], or floating-point values [n, …], at least [n, 1].
  ///
  /// Automatically, whole-number types of one axis are labels. Labels may stand in a column [n, 1] and be stored as
  /// floating-point numbers, if these are whole. Throws ``DataError`` naming the first row that is none.
  func targets(from stored: Tensor, source: String) throws -> Tensor {
    let isColumn = stored.rank == 1 || (stored.rank == 2 && stored.shape[1] == 1)
    let isLabels = self == .labels || (self == .automatic && isColumn && !stored.dtype.isFloatingPoint)
    guard isLabels else {
      let values = stored.rank == 1 ? stored.expandingDimension(at: 1) : stored
      if values.dtype.isDifferentiable { return values }
      return values.cast(to: values.dtype.isFloatingPoint ? .float32 : .float64)
    }
    guard isColumn else {
      throw DataError(
        source, "expected labels [n], found targets of the shape \(stored.shape); \(Self.remedy)")
    }
    let column = stored.rank == 1 ? stored : stored.reshaped(to: [stored.shape[0]] as Shape)
    if column.dtype.isFloatingPoint || column.dtype == .uint64 { try Self.checkWhole(column, source) }
    return column.cast(to: .int64)
  }

  private static let remedy = "for values set targetKind to \"values\", as the data sets npz and csv let you"

  private static func checkWhole(_ column: Tensor, _ source: String) throws {
    let numbers = column.scalars(as: Double.self)
    // Beyond 2⁵³ not every whole number is a Double; nobody has as many classes.
    guard let row = numbers.firstIndex(where: { $0 != $0.rounded() || $0.magnitude > 0x1p53 }) else { return }
    throw DataError(
      source,
      "target of row \(row): expected a label, a whole number from 0 on, found \(numbers[row]); \(remedy)")
  }
}
