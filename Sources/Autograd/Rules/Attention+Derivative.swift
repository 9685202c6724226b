import AviaryCore

extension ScaledDotProductAttention: DifferentiablePrimitive {
  /// One pass per head; through the composition if the derivative is recorded for further derivatives.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    guard !pullback.isRecorded, let dy = pullback.cotangents[0]?.value,
      let gradients = gradients(pullback.inputs.map(\.value), dy: dy)
    else { return try pullback.throughComposition() }
    return gradients.map { Variable($0) }
  }
}
