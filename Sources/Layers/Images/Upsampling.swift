import AviaryAutograd
import AviaryCore

extension Variable {
  /// Lengthens an axis by a factor, repeating elements or interpolating linearly between them; elements represent the
  /// centers of their cells.
  func upsampled(axis: Int, _ factor: Int, isLinear: Bool) -> Variable {
    let length = shape[axis]
    if factor == 1 { return self }
    guard isLinear else {
      return gather(Variable(Tensor((0..<length * factor).map { $0 / factor })), axis: axis)
    }
    let places = (0..<length * factor).map { Swift.max((Double($0) + 0.5) / Double(factor) - 0.5, 0) }
    let lower = places.map { Int($0) }
    let upper = lower.map { Swift.min($0 + 1, length - 1) }
    var weights = Shape([Int](repeating: 1, count: rank))
    weights[axis] = places.count
    let share = Variable(
      Tensor(zip(places, lower).map { $0 - Double($1) }).cast(to: dtype).reshaped(to: weights))
    let (low, high) = (gather(Variable(Tensor(lower)), axis: axis), gather(Variable(Tensor(upper)), axis: axis))
    return low * (1 - share) + high * share
  }
}
