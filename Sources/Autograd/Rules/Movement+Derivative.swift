import AviaryCore

extension Reshaping: DifferentiablePrimitive {
  /// Reshapes dy to the input's shape.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    [pullback.cotangent().reshaped(to: pullback.inputs[0].shape)]
  }
}

extension Permute: DifferentiablePrimitive {
  /// Applies the inverse permutation to dy.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    var inverse = axes
    for (place, axis) in axes.enumerated() { inverse[axis] = place }
    return [pullback.cotangent().transposed(axes: inverse)]
  }
}

extension Broadcast: DifferentiablePrimitive {
  /// Sums dy over the repetitions.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    [pullback.cotangent().summed(to: pullback.inputs[0].shape)]
  }
}

extension Slice: DifferentiablePrimitive {
  /// Zeros with dy at the slice's positions.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    [Variable.applying(Embed(self, in: pullback.inputs[0].shape), pullback.cotangent())]
  }
}

extension Embed: DifferentiablePrimitive {
  /// The slice of dy.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] { [Variable.applying(slice, pullback.cotangent())] }
}

extension Concatenate: DifferentiablePrimitive {
  /// Each operand's part of dy.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let dy = pullback.cotangent()
    var start = 0
    return pullback.inputs.enumerated().map { index, input in
      defer { start += input.shape[axis] }
      return pullback.needs(index) ? dy.slice(axis: axis, start..<(start + input.shape[axis])) : nil
    }
  }
}

extension Gather: DifferentiablePrimitive {
  /// Adds dy at the positions.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let length = pullback.inputs[0].shape[axis]
    return [pullback.cotangent().scatterAdd(pullback.inputs[1], axis: axis, length: length), nil]
  }
}

extension ScatterAdd: DifferentiablePrimitive {
  /// Takes dy at the positions.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    [pullback.cotangent().gather(pullback.inputs[1], axis: axis), nil]
  }
}

extension GatherElements: DifferentiablePrimitive {
  /// Adds dy at the positions.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    [pullback.cotangent().scatterElements(pullback.inputs[1], length: pullback.inputs[0].shape[-1]), nil]
  }
}

extension ScatterElements: DifferentiablePrimitive {
  /// Takes dy at the positions.
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    [pullback.cotangent().gatherElements(pullback.inputs[1]), nil]
  }
}
