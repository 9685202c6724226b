import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Connectionist temporal classification: the loss of a sequence of labels shorter than the sequence of outputs,
/// without an alignment of labels to steps.
///
///     −log Σ p(π | z),   p(π | z) = Πₜ softmax(zₜ)_πₜ
///
/// The sum is over all alignments π of the labels with the steps: each label takes one or more steps, and blanks (class
/// 0) may separate labels, and must separate equal ones. It is computed by the forward recursion in logarithms. Labels
/// that do not fit into the steps cost about 10³⁰ instead of infinity.
///
/// Outputs: logits [batch, steps, classes]; targets int64 [batch, labels] from 1, padded with 0 or −1 at the end.
/// Equals PyTorch's `ctc_loss` with `blank=0`. Available from Swift only, because data sets have no label sequences of
/// this kind. (Graves, Fernández, Gomez and Schmidhuber, 2006.)
public struct CTC: Sendable {
  /// The logarithm that stands for a probability of 0.
  private static let nothing = -1e30

  public init() {}

  /// The loss of each row, [batch]. Throws ``LossError`` if outputs and targets do not match.
  public func callAsFunction(_ output: Variable, _ target: Tensor) throws -> Variable {
    guard output.rank == 3, target.rank == 2, output.shape[0] == target.shape[0], target.dtype.isInteger,
      output.shape[1] > 0
    else {
      throw LossError(
        "ctc: it takes outputs [batch, steps, classes] and integer targets [batch, labels], not \(output.spec) and "
          + "\(target.spec)")
    }
    let (rows, steps, classes) = (output.shape[0], output.shape[1], output.shape[2])
    let plan = try CTCPlan(target.scalars(as: Int.self), rows: rows, classes: classes)
    let places = plan.symbols.count / max(rows, 1)
    // The log-probability in each step of each place in the labels with blanks between them.
    let chosen = Tensor(plan.symbols, shape: [rows, places]).oneHot(classes: classes, dtype: output.dtype)
    let logs = output.logSoftmax().matmul(Variable(chosen.transposed(axes: [0, 2, 1])))
    func mask(_ isAllowed: [Bool]) -> Variable {
      let values = isAllowed.map { $0 ? 0 : Self.nothing }
      return Variable(Tensor(values, shape: [rows, places]).cast(to: output.dtype))
    }
    let (skips, begins, ends) = (mask(plan.maySkip), mask(plan.begins), mask(plan.ends))
    func at(_ step: Int) -> Variable { logs.slice(axis: 1, step..<step + 1).reshaped(to: [rows, places]) }
    func shifted(_ alpha: Variable, by count: Int) -> Variable {
      let none = Variable(Tensor(repeating: Self.nothing, shape: [rows, min(count, places)], dtype: output.dtype))
      guard places > count else { return none }
      return Variable.concatenate([none, alpha.slice(axis: 1, 0..<places - count)], axis: 1)
    }
    var alpha = at(0) + begins
    for step in 1..<max(steps, 1) {
      let ways = Variable.stack([alpha, shifted(alpha, by: 1), shifted(alpha, by: 2) + skips])
      alpha = ways.logSumExp(axes: [0]) + at(step)
    }
    return -(alpha + ends).logSumExp(axes: [1])
  }
}

/// The labels of a batch with blanks before, between and after them, and the allowed transitions between places.
private struct CTCPlan {
  /// The class of each place, row by row.
  var symbols: [Int] = []
  /// Whether a place may follow the one two places before: a label after a different label.
  var maySkip: [Bool] = []
  /// Whether a place may be the first.
  var begins: [Bool] = []
  /// Whether a place may be the last.
  var ends: [Bool] = []

  init(_ labels: [Int], rows: Int, classes: Int) throws {
    let length = rows > 0 ? labels.count / rows : 0
    for row in 0..<rows {
      let all = labels[row * length..<(row + 1) * length]
      let own = Array(all.prefix { $0 > 0 })
      guard all.dropFirst(own.count).allSatisfy({ $0 <= 0 }), own.allSatisfy({ $0 < classes }) else {
        throw LossError(
          "ctc: row \(row) has the labels \(Array(all)), but labels must be from 1 to \(classes - 1), with 0 or -1 only after the last"
        )
      }
      for place in 0..<2 * length + 1 {
        let label = place % 2 == 1 ? place / 2 : nil
        let symbol = label.flatMap { $0 < own.count ? own[$0] : nil } ?? 0
        symbols.append(symbol)
        maySkip.append(label.map { $0 > 0 && $0 < own.count && own[$0] != own[$0 - 1] } ?? false)
        begins.append(place < 2)
        ends.append(place == 2 * own.count || place == 2 * own.count - 1)
      }
    }
  }
}
