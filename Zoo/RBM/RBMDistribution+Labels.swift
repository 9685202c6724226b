import AviaryCore
import AviaryData
import AviaryLayers
import AviaryTraining

extension RBMDistribution {
  /// The visible units of rows: inputs [batch, inputs] and, if the RBM has label units, one-hot labels.
  public func visible(inputs: Tensor, labels targets: Tensor) -> Tensor {
    Tensor.concatenate([inputs.flattenedRows(), targets.oneHot(classes: labels, dtype: dtype)], axis: 1)
  }

  /// The visible units of a batch: its inputs, and its labels if the RBM has label units.
  ///
  /// Throws `ModelError` for inputs of binary units outside 0...1, and for labels that are missing or out of range.
  func visible(of batch: Batch) throws -> Tensor {
    let inputs = batch.inputs.flattenedRows().cast(to: dtype)
    if visible == .binary {
      let (least, greatest) = (inputs.min().item(), inputs.max().item())
      guard least >= 0 && greatest <= 1 else {
        throw ModelError(
          "binary visible units need inputs from 0 to 1, but these range from \(least) to \(greatest); scale them "
            + "('normalize-range' can clip values outside the range), or set 'visible' to 'gaussian'")
      }
    }
    guard labels > 0 else { return inputs }
    return visible(inputs: inputs, labels: try batch.labels(for: "an RBM with label units"))
  }

  /// The class logits −F(inputs, class), [batch, labels]: log p(class | inputs) up to a constant per row. Traps without
  /// label units.
  public func classLogits(_ inputs: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(labels > 0, "the RBM has no label units", file, line)
    let total = inputs.flattenedRows().affine(weight: weight.slice(axis: 0, 0..<inputCount), bias: hiddenBias)
    let columns = (inputCount..<visibleCount).map { label in
      -hiddenFreeEnergy(total + weight.slice(axis: 0, label..<(label + 1)))
    }
    return Tensor.stack(columns, axis: 1) + visibleBias.slice(axis: 0, inputCount..<visibleCount)
  }

  /// The exact probabilities p(class | inputs), [batch, labels].
  public func classProbabilities(_ inputs: Tensor) -> Tensor { classLogits(inputs).softmax() }

  /// The probabilities p(class | known inputs) when some inputs are missing: [batch, labels]. See
  /// ``completion(of:known:steps:burnIn:random:file:line:)``.
  ///
  /// - Parameters:
  ///   - inputs: [batch, inputs]; values at unknown positions are ignored.
  ///   - known: true where an input is known, `bool`, [inputs] for all rows or [batch, inputs].
  ///   - steps: the number of steps to average over.
  ///   - burnIn: the number of steps before averaging.
  ///   - random: the random numbers.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: probabilities, which sum to 1 in each row.
  public func classProbabilities(
    _ inputs: Tensor, known: Tensor, steps: Int = 1000, burnIn: Int = 100, random: RandomSource,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(labels > 0, "the RBM has no label units", file, line)
    let (inputs, known) = (inputs.flattenedRows(), mask(known, of: inputs))
    let rows = inputs.shape[0]
    let v = Tensor.concatenate([inputs, Tensor.zeros([rows, labels], dtype: dtype)], axis: 1)
    let mask = Tensor.concatenate([known, Tensor.zeros([rows, labels], dtype: .bool)], axis: 1)
    return completion(of: v, known: mask, steps: steps, burnIn: burnIn, random: random)
      .slice(axis: 1, inputCount..<visibleCount)
  }
}
