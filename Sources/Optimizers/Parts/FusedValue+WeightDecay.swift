import AviaryCore

extension FusedValue {
  /// The gradient `g + λ·θ`, including that of the penalty λ/2·‖θ‖²: classical weight decay. Free if λ is 0.
  func decayed(by λ: Double, of θ: FusedValue) -> FusedValue { λ == 0 ? self : self + λ * θ }
}
