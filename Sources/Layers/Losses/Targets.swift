import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Converts targets to the form that a loss needs.
struct Targets {
  let loss: String
  let output: Variable
  let target: Variable

  /// Numbers of the output's shape and dtype: unchanged, cast, or one-hot rows from labels.
  func values() throws -> Variable {
    if target.spec == output.spec { return target }
    try checkRows()
    let columns = output.shape.elementCount / max(output.shape[0], 1)
    if target.shape == output.shape || target.shape.elementCount == output.shape.elementCount && columns == 1 {
      return target.cast(to: output.dtype).reshaped(to: output.shape)
    }
    guard target.rank == 1, output.rank == 2, target.dtype.isInteger else { throw misfit("values \(output.shape)") }
    return try labels(classes: columns).oneHot(classes: columns, dtype: output.dtype)
  }

  /// The targets as int64 labels [batch], or probabilities of the output's shape and dtype.
  func labelsOrProbabilities() throws -> Variable {
    guard output.rank == 2 else {
      throw LossError("\(loss): it needs outputs [batch, classes], not \(output.spec)")
    }
    try checkRows()
    if target.dtype.isFloatingPoint {
      guard target.shape == output.shape else { throw misfit("probabilities \(output.shape)") }
      try checkProbabilities()
      return target.cast(to: output.dtype)
    }
    guard target.shape == [output.shape[0]] || target.shape == [output.shape[0], 1], target.dtype.isInteger else {
      throw misfit("probabilities \(output.shape)")
    }
    return try labels(classes: output.shape[1])
  }

  /// Probabilities of the output's shape and dtype: unchanged, or one-hot rows from labels.
  func probabilities() throws -> Variable {
    let target = try labelsOrProbabilities()
    return target.rank == 1 ? target.oneHot(classes: output.shape[1], dtype: output.dtype) : target
  }

  /// One-hot rows of the output's shape and dtype.
  func choices() throws -> Variable {
    let shares = try probabilities()
    let isChoice = (shares.value .== 0).logicalOr(shares.value .== 1)
    guard isChoice.all().scalars(as: Bool.self) == [true] else {
      throw LossError(
        "\(loss): it needs labels or one-hot rows, but these rows are probabilities; use the loss "
          + "'softmax-cross-entropy' for them")
    }
    return shares
  }

  /// Values from 0 to 1 of the output's shape and dtype.
  func shares() throws -> Variable {
    let values = try values()
    guard values.shape.elementCount > 0 else { return values }
    let (least, greatest) = (values.value.min().item(), values.value.max().item())
    // Scaling to a range may miss its ends by rounding. NaN is in no range.
    guard least >= -1e-6 && greatest <= 1 + 1e-6 else {
      throw LossError(
        "\(loss) needs targets from 0 to 1, but these range from \(least) to \(greatest); scale them "
          + "('normalize-range' can clip values outside the range), or use the loss 'mean-squared-error'")
    }
    return values
  }

  /// 1 for yes and −1 for no, of the output's shape and dtype, from targets of 1 and −1 or 1 and 0.
  func signs() throws -> Variable {
    let values = try values()
    let isSign = (values.value.abs() .== 1).logicalOr(values.value .== 0)
    guard isSign.all().scalars(as: Bool.self) == [true] else {
      throw LossError(
        "\(loss): targets must be 1 for yes, and 0 or -1 for no, but these range from \(values.value.min().item()) to "
          + "\(values.value.max().item()); for other values use the loss 'mean-squared-error'")
    }
    return Variable(((values.value .> 0).cast(to: output.dtype) * 2) - 1)
  }

  /// Rejects rows that are not distributions: their cross-entropy has no minimum, or is 0 whatever the outputs are.
  private func checkProbabilities() throws {
    guard target.shape.elementCount > 0 else { return }
    let (least, sums) = (target.value.min().item(), target.value.sum(axes: [1]))
    let (low, high) = (sums.min().item(), sums.max().item())
    // Rounded probabilities may miss the sum by some hundredths. NaN is in no range.
    guard least >= -1e-6 && low >= 0.95 && high <= 1.05 else {
      throw LossError(
        "\(loss): targets that are not labels must be probabilities, at least 0 and with the sum 1 in each row; these are "
          + "at least \(least), with sums from \(low) to \(high); divide rows by their sums, or for values that are not "
          + "probabilities use the loss 'mean-squared-error'")
    }
  }

  private func labels(classes: Int) throws -> Variable {
    let labels = target.cast(to: .int64).reshaped(to: [target.shape[0]])
    let wrong = labels.value.withScalars(as: Int64.self) { $0.firstIndex { $0 < 0 || $0 >= classes } }
    if let wrong {
      let label = labels.value.scalars(as: Int64.self)[wrong]
      throw LossError(
        "\(loss): row \(wrong) has the label \(label), but the outputs have only classes 0 to \(classes - 1)")
    }
    return labels
  }

  private func checkRows() throws {
    guard output.rank > 0, target.rank > 0, output.shape[0] == target.shape[0] else {
      throw LossError("\(loss): outputs \(output.spec) and targets \(target.spec) have different numbers of rows")
    }
  }

  private func misfit(_ values: String) -> LossError {
    LossError(
      "\(loss): targets \(target.spec) do not match outputs \(output.spec); it needs integer labels "
        + "[\(output.shape[0])] or \(values)")
  }
}
