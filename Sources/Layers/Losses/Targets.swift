import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Brings targets into the form that a loss compares outputs with.
struct Targets {
  let loss: String
  let output: Variable
  let target: Variable

  /// Numbers of the output's shape and dtype: as they are, cast, or from labels as rows of zeros with a one.
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

  /// int64 labels [batch], or probabilities of the output's shape and dtype.
  func labelsOrProbabilities() throws -> Variable {
    guard output.rank == 2 else {
      throw LossError("\(loss): it takes outputs [batch, classes], not \(output.spec)")
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

  /// Probabilities of the output's shape and dtype: as they are, or from labels as rows of zeros with a one.
  func probabilities() throws -> Variable {
    let target = try labelsOrProbabilities()
    return target.rank == 1 ? target.oneHot(classes: output.shape[1], dtype: output.dtype) : target
  }

  /// Rows of zeros with a one for the chosen class, of the output's shape and dtype.
  func choices() throws -> Variable {
    let shares = try probabilities()
    let isChoice = (shares.value .== 0).logicalOr(shares.value .== 1)
    guard isChoice.all().scalars(as: Bool.self) == [true] else {
      throw LossError(
        "\(loss): it takes labels, or rows of zeros with a one, and these rows are probabilities; take the loss "
          + "'softmax-cross-entropy' for them")
    }
    return shares
  }

  /// Values from 0 to 1 of the output's shape and dtype.
  func shares() throws -> Variable {
    let values = try values()
    guard values.shape.elementCount > 0 else { return values }
    let (least, greatest) = (values.value.min().item(), values.value.max().item())
    // Scaling to a range may miss its ends by a rounding. NaN is in no range.
    guard least >= -1e-6 && greatest <= 1 + 1e-6 else {
      throw LossError(
        "\(loss) takes targets from 0 to 1, and these reach from \(least) to \(greatest); scale them "
          + "('normalize-range' can clip what leaves the range), or take the loss 'mean-squared-error'")
    }
    return values
  }

  /// 1 for yes and −1 for no, of the output's shape and dtype: from targets of 1 and −1, or 1 and 0.
  func signs() throws -> Variable {
    let values = try values()
    let isSign = (values.value.abs() .== 1).logicalOr(values.value .== 0)
    guard isSign.all().scalars(as: Bool.self) == [true] else {
      throw LossError(
        "\(loss): targets are 1 for yes, and 0 or -1 for no, and these reach from \(values.value.min().item()) to "
          + "\(values.value.max().item()); for other values take the loss 'mean-squared-error'")
    }
    return Variable(((values.value .> 0).cast(to: output.dtype) * 2) - 1)
  }

  /// Of rows that are no distributions the cross-entropy has no least value, or is 0 whatever the outputs are.
  private func checkProbabilities() throws {
    guard target.shape.elementCount > 0 else { return }
    let (least, sums) = (target.value.min().item(), target.value.sum(axes: [1]))
    let (low, high) = (sums.min().item(), sums.max().item())
    // Rounded probabilities miss the sum by some hundredths. NaN is in no range.
    guard least >= -1e-6 && low >= 0.95 && high <= 1.05 else {
      throw LossError(
        "\(loss): targets that are no labels are probabilities, at least 0 and with the sum 1 in each row; these are "
          + "at least \(least), with sums from \(low) to \(high); divide rows by their sums, or for values that are no "
          + "probabilities take the loss 'mean-squared-error'")
    }
  }

  private func labels(classes: Int) throws -> Variable {
    let labels = target.cast(to: .int64).reshaped(to: [target.shape[0]])
    let wrong = labels.value.withScalars(as: Int64.self) { $0.firstIndex { $0 < 0 || $0 >= classes } }
    if let wrong {
      let label = labels.value.scalars(as: Int64.self)[wrong]
      throw LossError("\(loss): row \(wrong) has the label \(label), but the outputs have classes 0 to \(classes - 1)")
    }
    return labels
  }

  private func checkRows() throws {
    guard output.rank > 0, target.rank > 0, output.shape[0] == target.shape[0] else {
      throw LossError("\(loss): outputs \(output.spec) and targets \(target.spec) differ in their number of rows")
    }
  }

  private func misfit(_ values: String) -> LossError {
    LossError(
      "\(loss): targets \(target.spec) do not fit outputs \(output.spec); it takes integer labels "
        + "[\(output.shape[0])] or \(values)")
  }
}
