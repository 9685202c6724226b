import AviaryCore

extension FusedValue {
  /// g + λ·θ, the gradient with that of the penalty λ/2·‖θ‖²: weight decay as the classical rules have it. Costs nothing
  /// where λ is 0.
  func decayed(by λ: Double, of θ: FusedValue) -> FusedValue { λ == 0 ? self : self + λ * θ }
}
