import AviaryCore

extension Tensor {
  /// The dot product Σ aᵢ·bᵢ of two vectors of the same type.
  func dot(_ other: Tensor) -> Double { (self * other).sum().item() }

  /// The sum with a multiple of another tensor, in one pass.
  func adding(_ factor: Double, times other: Tensor) -> Tensor {
    var sum = self
    Tensor.update(&sum, reading: other) { x, y in x += factor * y }
    return sum
  }
}
