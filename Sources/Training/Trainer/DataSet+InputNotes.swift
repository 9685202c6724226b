import AviaryCore
import AviaryData
import AviaryRegistry

/// Notes on training rows whose inputs carry less information than they seem to.
extension DataSet {
  /// A column is examined if its numbers differ by less than this fraction of their magnitude.
  private static let narrowShare = 0x1p-12
  /// About how many numbers are compared at once.
  private static let blockSize = 1 << 16
  /// The maximum number of columns listed by name.
  private static let toldCount = 5

  /// Notes on inputs that are equal in all rows, and on different inputs that become equal for the model.
  ///
  /// - Parameter prepared: the inputs after the transforms.
  /// - Returns: the notes, one sentence each.
  func inputNotes(prepared: Tensor) -> [String] {
    guard count > 1, inputs.elementCount > 0 else { return [] }
    let width = inputs.elementCount / count
    let constant = Self.constantColumns(of: inputs, all: featureNames != nil)
    if constant.count == width {
      return ["all training rows have the same inputs, so nothing can be learned from them"]
    }
    var notes = roundingNotes(prepared)
    if notes.isEmpty, Self.constantColumns(of: prepared, all: false).count == prepared.elementCount / count {
      return ["the transforms make the inputs of all training rows the same; check their factors and ranges"]
    }
    if let featureNames, !constant.isEmpty {
      let names = constant.map { "'\(featureNames[$0])'" }.listed(atMost: 10)
      notes.append(
        constant.count == 1
          ? "the column \(names) has the same number in all training rows"
          : "each of the columns \(names) has the same number in all training rows")
    }
    return notes
  }

  /// A note on targets whose numbers differ so little for their size that the model's type keeps less than half of them.
  func targetNotes(_ dtype: DType) -> [String] {
    guard let targets, targets.dtype == .float64, dtype != .float64, count > 1 else { return [] }
    let sample = targets[0..<min(count, Self.blockSize)]
    let (stored, seen) = (
      Set(sample.scalars(as: Double.self)).count, Set(sample.cast(to: dtype).scalars(as: Double.self)).count
    )
    guard 2 * seen <= stored else { return [] }
    return [
      "\(stored) different targets become \(seen) in \(dtype): subtract what they have in common, or set precision to float64"
    ]
  }

  /// The columns that have the same number in all rows; without `all`, stops once a column is found that has not.
  private static func constantColumns(of inputs: Tensor, all: Bool) -> [Int] {
    switch inputs.dtype {
    case .uint64: constantColumns(of: inputs, all, as: UInt64.self)
    case .int64: constantColumns(of: inputs, all, as: Int.self)
    default: constantColumns(of: inputs, all, as: Double.self)
    }
  }

  private static func constantColumns<Number: TensorScalar & Equatable>(
    of inputs: Tensor, _ all: Bool, as type: Number.Type
  ) -> [Int] {
    let count = inputs.shape[0]
    let width = inputs.elementCount / count
    let first = inputs[0..<1].scalars(as: type)
    var columns = Array(0..<width)
    let rows = max(1, blockSize / width)
    for start in stride(from: 1, to: count, by: rows) where !columns.isEmpty && (all || columns.count == width) {
      let numbers = inputs[start..<min(start + rows, count)].scalars(as: type)
      columns.removeAll { column in
        stride(from: column, to: numbers.count, by: width).contains { numbers[$0] != first[column] }
      }
    }
    return columns
  }

  /// Notes on columns whose numbers differ so little for their size that the model cannot distinguish them.
  private func roundingNotes(_ prepared: Tensor) -> [String] {
    switch inputs.dtype {
    case .uint64: roundingNotes(prepared, as: UInt64.self)
    case .int64, .int32, .uint32: roundingNotes(prepared, as: Int.self)
    case .float64: roundingNotes(prepared, as: Double.self)
    default: []
    }
  }

  private func roundingNotes<Number: TensorScalar & Hashable>(_ prepared: Tensor, as type: Number.Type) -> [String] {
    let width = inputs.elementCount / count
    guard prepared.elementCount == inputs.elementCount else { return [] }
    let sample = 0..<min(count, max(1024, 16 * Self.blockSize / width))
    let stored = inputs[sample].scalars(as: type)
    let (numbers, seen) = (inputs[sample].scalars(as: Double.self), prepared[sample].scalars(as: Double.self))
    var notes: [String] = []
    for column in 0..<width where notes.count < Self.toldCount {
      let places = stride(from: column, to: stored.count, by: width)
      var (least, greatest) = (numbers[column], numbers[column])
      for place in places { (least, greatest) = (min(least, numbers[place]), max(greatest, numbers[place])) }
      guard greatest - least <= Self.narrowShare * max(abs(least), abs(greatest)) else { continue }
      let different = Set(places.map { stored[$0] }).count
      let left = Set(places.map { seen[$0] }).count
      guard 2 * left <= different else { continue }
      let isBeyond = 2 * Set(places.map { numbers[$0] }).count <= different
      let name = featureNames.map { "the column '\($0[column])'" } ?? (width == 1 ? "the inputs" : "input \(column)")
      notes.append(
        "\(name): \(different) different numbers become \(left) in \(prepared.dtype.name), since they differ little for "
          + "their size; "
          + (isBeyond
            ? "subtract a number near them before saving them" : "the transform 'standardize' keeps them distinct"))
    }
    return notes
  }
}
