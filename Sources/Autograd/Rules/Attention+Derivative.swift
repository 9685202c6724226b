import AviaryCore

extension ScaledDotProductAttention: DifferentiablePrimitive {
  /// Back through each head in one pass; where the derivative is recorded for another, through the composition.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    guard !pullback.isRecorded, let dy = pullback.cotangents[0]?.value,
      let gradients = gradients(pullback.inputs.map(\.value), dy: dy)
    else { return try pullback.throughComposition() }
    return gradients.map { Variable($0) }
  }
}
