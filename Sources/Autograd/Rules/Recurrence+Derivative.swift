import AviaryCore

extension Recurrence: DifferentiablePrimitive {
  /// One pass of backpropagation through time if only the states have cotangents; otherwise, and if the derivative is
  /// recorded, through the composition.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let (inputs, outputs) = (pullback.inputs.map(\.value), pullback.outputs.map(\.value))
    let cotangents = pullback.cotangents
    let hasCells = outputs.count == 3
    let isWithinStates = outputs.count == 1 || cotangents[outputs.count - 1] == nil
    guard !pullback.isRecorded, isWithinStates, !(isDropped && pullback.needs(inputs.count - 1)),
      let gradients = gradients(
        inputs: inputs, outputs: outputs, dh: cotangents[0]?.value, dc: hasCells ? cotangents[1]?.value : nil)
    else { return try pullback.throughComposition() }
    return gradients.map { Variable($0) } + (isDropped ? [nil] : [])
  }
}
