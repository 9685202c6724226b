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
    try checkLengths(lengths, of: inputs, "inputs")
    for (input, further) in furtherInputs.sorted(by: { $0.key < $1.key }) {
      guard further.values.rank > 0, further.values.shape[0] == count else {
        throw DataError(
          name, "expected a row of '\(input)' for each of the \(count) inputs, found \(further.values.spec)")
      }
      try Self.checkFinite(further.values, input, name)
      try checkLengths(further.lengths, of: further.values, input)
    }
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

  private func checkLengths(_ lengths: [Int]?, of values: Tensor, _ what: String) throws {
    guard let lengths else { return }
    guard values.rank >= 2, lengths.count == count else {
      throw DataError(
        name,
        "expected a length for each of the \(count) sequences [steps, …], found \(lengths.count) for \(values.spec)")
    }
    guard let row = lengths.firstIndex(where: { !(1...values.shape[1]).contains($0) }) else { return }
    throw DataError(
      name, "\(what) of row \(row): expected a length from 1 to \(values.shape[1]), found \(lengths[row])")
  }

  private func checkLabels(_ targets: Tensor) throws {
    guard targets.dtype == .int64, targets.rank == 1 || targets.rank == 2 else {
      throw DataError(
        name,
        "expected int64 labels of shape [\(count)], [\(count), steps] with one label per step, or values, found targets "
          + "\(targets.spec)")
    }
    let labels = targets.scalars(as: Int.self)
    let limit = classNames?.count ?? max(1024, count)
    guard let place = labels.firstIndex(where: { $0 < 0 || $0 >= limit }) else { return }
    let row = place / (targets.elementCount / count)
    let reason = classNames == nil ? "" : ", as there are \(limit) class names"
    throw DataError(
      name,
      "target of row \(row): expected a label from 0 to \(limit - 1)\(reason), found \(labels[place]); number the classes from 0; "
        + "if they are values, set targetKind if the data set has it"
    )
  }
}
