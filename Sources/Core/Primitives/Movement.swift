import AviaryKernels

/// The same elements in row-major order with another shape. A view if the input is contiguous.
public struct Reshaping: Primitive {
  public let name = "reshape"
  /// The new shape.
  public let shape: Shape

  public init(to shape: Shape) { self.shape = shape }

  /// Requires as many elements as before.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0].shape.elementCount == shape.checkedElementCount else {
      let count = shape.checkedElementCount.map(String.init) ?? "too many to count"
      throw ShapeError(
        name, inputs, "\(inputs[0].shape.elementCount) elements do not fill \(shape), which has \(count)")
    }
    return [TensorSpec(shape, inputs[0].dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    inputs[0].shape == shape ? inputs : [inputs[0].contiguous().view(shape, strides: shape.contiguousStrides)]
  }
}

/// Reorders the axes. A view.
public struct Permute: Primitive {
  public let name = "transpose"
  /// The input axis for each axis of the result.
  public let axes: [Int]

  public init(_ axes: [Int]) { self.axes = axes }

  /// The permuted shape.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard axes.sorted() == Array(0..<inputs[0].shape.rank) else {
      throw ShapeError(name, inputs, "\(axes) is not a permutation of its axes")
    }
    return [TensorSpec(Shape(axes.map { inputs[0].shape[$0] }), inputs[0].dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    var strides = Inline8()
    for (axis, source) in axes.enumerated() { strides[axis] = inputs[0].box.strides[source] }
    return [inputs[0].view(specs[0].shape, strides: strides)]
  }
}

/// Repeats the input to a larger shape by the broadcasting rule. A view.
public struct Broadcast: Primitive {
  public let name = "broadcast"
  /// The larger shape.
  public let shape: Shape

  /// A repetition.
  public init(to shape: Shape) { self.shape = shape }

  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0].shape.broadcast(with: shape) == shape else {
      throw ShapeError(name, inputs, "the shape does not broadcast to \(shape)")
    }
    return [TensorSpec(shape, inputs[0].dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    [inputs[0].view(shape, strides: inputs[0].strides(broadcastTo: shape))]
  }
}

/// A box of the input: along axis i, the positions start[i], start[i] + step[i], …, count[i] of them. A view.
public struct Slice: Primitive {
  public let name = "slice"
  /// The first position along each axis.
  public let starts: [Int]
  /// The number of positions along each axis.
  public let counts: [Int]
  /// The step between positions along each axis; negative to go backwards.
  public let steps: [Int]

  /// The default steps are 1.
  public init(starts: [Int], counts: [Int], steps: [Int]? = nil) {
    self.starts = starts
    self.counts = counts
    self.steps = steps ?? starts.map { _ in 1 }
  }

  /// Requires every position to be inside the input.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let shape = inputs[0].shape
    guard starts.count == shape.rank, counts.count == shape.rank, steps.count == shape.rank else {
      throw ShapeError(name, inputs, "the slice has \(starts.count) axes")
    }
    for axis in 0..<shape.rank where counts[axis] != 0 {
      let valid = 0..<shape[axis]
      guard counts[axis] > 0, steps[axis] != 0, valid.contains(starts[axis]),
        last(of: axis).map(valid.contains) == true
      else {
        throw ShapeError(
          name, inputs,
          "axis \(axis): \(counts[axis]) positions from \(starts[axis]) by \(steps[axis]) are outside 0..<\(shape[axis])"
        )
      }
    }
    return [TensorSpec(Shape(counts), inputs[0].dtype)]
  }

  /// The last position along an axis; nil on overflow.
  private func last(of axis: Int) -> Int? {
    let (way, isTooLong) = (counts[axis] - 1).multipliedReportingOverflow(by: steps[axis])
    let (last, isTooFar) = starts[axis].addingReportingOverflow(way)
    return isTooLong || isTooFar ? nil : last
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    var strides = Inline8()
    var offset = 0
    for axis in 0..<starts.count {
      // A single position uses no step, however large.
      strides[axis] = counts[axis] > 1 ? inputs[0].box.strides[axis] * steps[axis] : inputs[0].box.strides[axis]
      if specs[0].shape.elementCount > 0 { offset += starts[axis] * inputs[0].box.strides[axis] }
    }
    return [inputs[0].view(specs[0].shape, strides: strides, offset: offset)]
  }
}

/// A larger tensor of one value with the input written to a slice's positions: the adjoint of ``Slice``.
public struct Embed: Primitive {
  public let name = "embed"
  /// The slice to write the input to.
  public let slice: Slice
  /// The result's shape.
  public let shape: Shape
  /// The value around the input.
  public let value: Double

  /// An embedding into a tensor of `value`.
  public init(_ slice: Slice, in shape: Shape, value: Double = 0) {
    self.slice = slice
    self.shape = shape
    self.value = value
  }

  /// The given shape; its slice must have the input's shape.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let cut = try slice.outputSpecs(for: [TensorSpec(shape, inputs[0].dtype)])
    guard cut[0].shape == inputs[0].shape else {
      throw ShapeError(name, inputs, "the slice has the shape \(cut[0].shape)")
    }
    return [TensorSpec(shape, inputs[0].dtype)]
  }

  /// Fills the output, then writes the input through the slice's strides.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let result = Tensor(repeating: value, shape: shape, dtype: specs[0].dtype)
    guard let target = slice.evaluate([result], [TensorSpec(inputs[0].shape, specs[0].dtype)])?[0] else { return nil }
    target.write(inputs[0])
    return [result]
  }
}

/// Concatenates tensors of one rank along an axis.
public struct Concatenate: Primitive {
  public let name = "concatenate"
  /// The axis, from 0 on.
  public let axis: Int

  public init(axis: Int) { self.axis = axis }

  /// Requires equal lengths except along the axis, where they add up.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard let first = inputs.first else { throw ShapeError(name, inputs, "there is nothing to concatenate") }
    guard axis >= 0, axis < first.shape.rank else { throw ShapeError(name, inputs, "there is no axis \(axis)") }
    var total = 0
    for input in inputs {
      guard input.dtype == first.dtype, input.shape.rank == first.shape.rank,
        input.shape.removing(axis: axis) == first.shape.removing(axis: axis)
      else { throw ShapeError(name, inputs, "the operands must agree in dtype and in every axis but \(axis)") }
      let (sum, overflow) = total.addingReportingOverflow(input.shape[axis])
      if overflow { throw ShapeError(name, inputs, "axis \(axis) would have a length beyond Int") }
      total = sum
    }
    var shape = first.shape
    shape[axis] = total
    return [TensorSpec(shape, first.dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let result = Tensor(uninitialized: specs[0])
    var start = 0
    for input in inputs where input.elementCount > 0 {
      result.view(input.shape, strides: result.box.strides, offset: start * result.box.strides[axis]).write(input)
      start += input.shape[axis]
    }
    return [result]
  }
}

extension Tensor {
  /// Writes another tensor's elements into the memory of a new view.
  func write(_ source: Tensor) {
    let source = source.contiguous()
    shape.withDimensions { dimensions in
      box.strides.withPointer { strides in
        aviary_copy_to_strided(dtype.byteCount, rank, dimensions, source.box.pointer, box.pointer, strides)
      }
    }
  }
}
