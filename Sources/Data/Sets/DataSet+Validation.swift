import AviaryCore

extension DataSet {
  /// The set itself, if it is usable for training.
  ///
  /// Requires at least one row and one number per row; as many targets as inputs; no NaN or infinity; labels from 0 and
  /// not absurdly large for the number of rows (a model has an output for each class up to the largest); and parts
  /// inside the set. Throws ``DataError`` naming the first row that breaks a rule, counting from 0. Cost: one pass over
  /// the data.
  public func validated() throws -> DataSet {
    guard inputs.rank > 0, count > 0 else { throw DataError(name, "the set has no rows") }
    guard inputs.elementCount > 0 else { throw DataError(name, "inputs of \(inputShape) have no numbers") }
    try Self.checkFinite(inputs, "input", name)
    if let targets {
      guard targets.rank > 0, targets.shape[0] == count else {
        throw DataError(name, "expected a target for each of the \(count) inputs, found targets of \(targets.shape)")
      }
      if targets.dtype.isFloatingPoint {
        try Self.checkFinite(targets, "target", name)
      } else {
        try checkLabels(targets)
      }
    }
    for (part, rows) in parts.sorted(by: { $0.key < $1.key }) where rows.lowerBound < 0 || rows.upperBound > count {
      throw DataError(name, "the part '\(part)' is rows \(rows), but the set has \(count) rows")
    }
    return self
  }

  private static func checkFinite(_ values: Tensor, _ what: String, _ name: String) throws {
    guard values.dtype.isFloatingPoint else { return }
    let numbers = values.dtype.isDifferentiable ? values : values.cast(to: .float32)
    if numbers.isFinite().all().item() != 0 { return }
    let scalars = numbers.scalars(as: Double.self)
    let place = scalars.firstIndex { !$0.isFinite } ?? 0
    let width = max(values.elementCount / values.shape[0], 1)
    let inside = width == 1 ? "" : ", element \(place % width) of \(width)"
    throw DataError(
      name,
      "\(what) of row \(place / width)\(inside): expected a number, found \(scalars[place]); remove the row or replace it"
    )
  }

  private func checkLabels(_ targets: Tensor) throws {
    guard targets.dtype == .int64, targets.rank == 1 else {
      throw DataError(name, "expected int64 labels of shape [\(count)] or values, found targets \(targets.spec)")
    }
    let labels = targets.scalars(as: Int.self)
    let limit = classNames?.count ?? max(1024, count)
    guard let row = labels.firstIndex(where: { $0 < 0 || $0 >= limit }) else { return }
    let reason = classNames == nil ? "" : ", as there are \(limit) class names"
    throw DataError(
      name,
      "target of row \(row): expected a label from 0 to \(limit - 1)\(reason), found \(labels[row]); number the classes from 0; "
        + "if they are values, set targetKind, if the data set has it"
    )
  }
}
