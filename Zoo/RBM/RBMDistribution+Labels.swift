import AviaryCore
import AviaryData
import AviaryLayers
import AviaryTraining

extension RBMDistribution {
  /// The rows' visible units: inputs [batch, inputs] and, where the machine has labels, these as rows of zeros with a one.
  public func visible(inputs: Tensor, labels targets: Tensor) -> Tensor {
    Tensor.concatenate([inputs.flattenedRows(), targets.oneHot(classes: labels, dtype: dtype)], axis: 1)
  }

  /// The visible units of a batch's rows: its inputs, and its labels where the machine has units for them.
  ///
  /// Throws `ModelError` for inputs of binary units that are not from 0 to 1, and where labels are missing or too great.
  func visible(of batch: Batch) throws -> Tensor {
    let inputs = batch.inputs.flattenedRows().cast(to: dtype)
    if visible == .binary {
      let (least, greatest) = (inputs.min().item(), inputs.max().item())
      guard least >= 0 && greatest <= 1 else {
        throw ModelError(
          "binary visible units take inputs from 0 to 1, and these range from \(least) to \(greatest); scale them "
            + "('normalize-range' can clip values outside the range), or set 'visible' to 'gaussian'")
      }
    }
    guard labels > 0 else { return inputs }
    return visible(inputs: inputs, labels: try batch.labels(for: "a machine with units for the label"))
  }

  /// log p(class | inputs) but for a number of each row: −F(inputs, class), exactly, [batch, labels]. Traps without labels.
  public func classLogits(_ inputs: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(labels > 0, "the machine has no units for labels", file, line)
    let total = inputs.flattenedRows().affine(weight: weight.slice(axis: 0, 0..<inputCount), bias: hiddenBias)
    let columns = (inputCount..<visibleCount).map { label in
      -hiddenFreeEnergy(total + weight.slice(axis: 0, label..<(label + 1)))
    }
    return Tensor.stack(columns, axis: 1) + visibleBias.slice(axis: 0, inputCount..<visibleCount)
  }

  /// p(class | inputs), exactly, [batch, labels].
  public func classProbabilities(_ inputs: Tensor) -> Tensor { classLogits(inputs).softmax() }

  /// p(class | known inputs) where some inputs are missing: [batch, labels]. See
  /// ``completion(of:known:steps:burnIn:random:file:line:)``.
  ///
  /// - Parameters:
  ///   - inputs: [batch, inputs]; what stands where nothing is known does not count.
  ///   - known: true where an input is known, `bool`, [inputs] for all rows or [batch, inputs].
  ///   - steps: how many steps the means are taken over.
  ///   - burnIn: how many steps go before.
  ///   - random: the random numbers.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: probabilities, which sum to 1 in each row.
  public func classProbabilities(
    _ inputs: Tensor, known: Tensor, steps: Int = 1000, burnIn: Int = 100, random: RandomSource,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(labels > 0, "the machine has no units for labels", file, line)
    let (inputs, known) = (inputs.flattenedRows(), mask(known, of: inputs))
    let rows = inputs.shape[0]
    let v = Tensor.concatenate([inputs, Tensor.zeros([rows, labels], dtype: dtype)], axis: 1)
    let mask = Tensor.concatenate([known, Tensor.zeros([rows, labels], dtype: .bool)], axis: 1)
    return completion(of: v, known: mask, steps: steps, burnIn: burnIn, random: random)
      .slice(axis: 1, inputCount..<visibleCount)
  }
}
