import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The batch-hard triplet loss, for embeddings that should lie near those of their own class and far from others.
///
///     max(0, d(a, p) − d(a, n) + margin)
///
/// For each row a of the batch, p is the farthest row of its class, and n is the nearest row of another class.
///
/// The distance d is Euclidean; a row without such a p or n costs 0. Outputs [batch, numbers]; targets integer labels
/// [batch]. Available from Swift only, for example in your own objective, because the outputs are not class scores and
/// have no accuracy. (Schroff, Kalenichenko and Philbin: FaceNet, 2015; Hermans, Beyer and Leibe: In defense of the
/// triplet loss, 2017.)
public struct Triplet: Sendable {
  /// The margin by which rows of other classes must be farther away.
  public var margin: Double

  /// The default margin is 0.2. Traps on a negative one.
  public init(margin: Double = 0.2, file: StaticString = #fileID, line: UInt = #line) {
    require(margin >= 0 && margin.isFinite, "a margin of \(margin)", file, line)
    self.margin = margin
  }

  /// The loss of each row, [batch]. Throws ``LossError`` if outputs and targets do not match.
  public func callAsFunction(_ output: Variable, _ target: Tensor) throws -> Variable {
    guard output.rank == 2, target.rank == 1, target.dtype.isInteger, output.shape[0] == target.shape[0] else {
      throw LossError(
        "triplet: it takes outputs [batch, numbers] and integer labels [batch], not \(output.spec) and \(target.spec)")
    }
    let rows = output.shape[0]
    let labels = target.scalars(as: Int.self)
    let distances = distances(output)
    func mask(_ isMember: (Int, Int) -> Bool) -> Tensor {
      let members = (0..<rows * rows).map { isMember($0 / rows, $0 % rows) ? 1.0 : 0 }
      return Tensor(members, shape: [rows, rows]).cast(to: output.dtype)
    }
    let same = mask { $0 != $1 && labels[$0] == labels[$1] }
    let other = mask { labels[$0] != labels[$1] }
    let far = (distances * Variable(same)).max(axes: [1])
    let near = (distances * Variable(other) + Variable((1 - other) * 1e30)).min(axes: [1])
    let counts = same.sum(axes: [1]).minimum(other.sum(axes: [1])).clamped(to: 0...1)
    return ((far - near + margin) * Variable(counts)).relu()
  }

  /// The distances of all pairs, [batch, batch]. Squares below 10⁻¹² count as 10⁻¹², because the root has no derivative
  /// at 0.
  private func distances(_ output: Variable) -> Variable {
    let differences = output.expandingDimension(at: 1) - output.expandingDimension(at: 0)
    return differences.square().sum(axes: [2]).clamped(to: 1e-12...Double.infinity).sqrt()
  }
}
