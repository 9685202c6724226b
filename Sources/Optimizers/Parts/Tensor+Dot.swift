import AviaryCore

extension Tensor {
  /// Σ aᵢ·bᵢ of two vectors of one type.
  func dot(_ other: Tensor) -> Double { (self * other).sum().item() }

  /// This and a multiple of another, in one pass.
  func adding(_ factor: Double, times other: Tensor) -> Tensor {
    var sum = self
    Tensor.update(&sum, reading: other) { x, y in x += factor * y }
    return sum
  }
}
