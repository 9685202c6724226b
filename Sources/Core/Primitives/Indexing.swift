import AviaryKernels

/// Slices of x along one axis, by position: out[…, j, …] = x[…, indices[j], …].
///
/// Takes x and int64 positions of rank 1. Traps on a position outside the axis.
public struct Gather: Primitive {
  public let name = "gather"
  /// The axis, from 0 on.
  public let axis: Int

  public init(axis: Int) { self.axis = axis }

  /// The axis gets the length of `positions`.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard axis >= 0, axis < inputs[0].shape.rank else { throw ShapeError(name, inputs, "there is no axis \(axis)") }
    guard inputs[1].dtype == .int64, inputs[1].shape.rank == 1 else {
      throw ShapeError(name, inputs, "the positions must be int64 of rank 1")
    }
    var shape = inputs[0].shape
    shape[axis] = inputs[1].shape[0]
    return [TensorSpec(shape, inputs[0].dtype)]
  }

  /// Copies whole slices.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (x, outer, length, inner) = inputs[0].grouped([axis])
    let positions = inputs[1].contiguous()
    positions.checkPositions(below: length, name)
    let result = Tensor(uninitialized: specs[0])
    aviary_gather(
      x.dtype.byteCount, outer, length, inner, x.pointer, positions.elementCount, positions.integers, result.pointer)
    return [result]
  }
}

/// The adjoint of ``Gather``: zeros of a given axis length, with the input's slices added at the positions in order.
public struct ScatterAdd: Primitive {
  public let name = "scatterAdd"
  /// The axis, from 0 on.
  public let axis: Int
  /// The result's length along the axis.
  public let length: Int

  public init(axis: Int, length: Int) {
    self.axis = axis
    self.length = length
  }

  /// Takes updates and int64 positions, one per slice along the axis.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard axis >= 0, axis < inputs[0].shape.rank else { throw ShapeError(name, inputs, "there is no axis \(axis)") }
    guard length >= 0 else { throw ShapeError(name, inputs, "the length \(length) is negative") }
    guard inputs[1].dtype == .int64, inputs[1].shape == [inputs[0].shape[axis]] else {
      throw ShapeError(name, inputs, "the positions must be int64, one for each slice along axis \(axis)")
    }
    guard inputs[0].dtype.isDifferentiable || inputs[0].dtype.isInteger else {
      throw ShapeError(name, inputs, "it is not defined for \(inputs[0].dtype.name)")
    }
    var shape = inputs[0].shape
    shape[axis] = length
    return [TensorSpec(shape, inputs[0].dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (updates, outer, count, inner) = inputs[0].grouped([axis])
    let positions = inputs[1].contiguous()
    positions.checkPositions(below: length, name)
    let result = Tensor.zeros(specs[0].shape, dtype: specs[0].dtype)
    let done = aviary_scatter_add(
      updates.dtype.code, outer, length, inner, updates.pointer, count, positions.integers, result.pointer)
    return done ? [result] : nil
  }
}

/// Picks one element per position along the last axis: out[…, j] = x[…, indices[…, j]].
public struct GatherElements: Primitive {
  public let name = "gatherElements"

  public init() {}

  /// Takes x and int64 positions, which must agree in all axes but the last.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let (x, positions) = (inputs[0].shape, inputs[1].shape)
    guard inputs[1].dtype == .int64, x.rank > 0, x.rank == positions.rank,
      x.removing(axis: -1) == positions.removing(axis: -1)
    else { throw ShapeError(name, inputs, "the positions must be int64 and agree with x in all axes but the last") }
    return [TensorSpec(positions, inputs[0].dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (x, positions) = (inputs[0].contiguous(), inputs[1].contiguous())
    let (columns, count) = (x.shape[-1], positions.shape[-1])
    positions.checkPositions(below: columns, name)
    let result = Tensor(uninitialized: specs[0])
    let rows = x.shape.removing(axis: -1).elementCount
    aviary_gather_elements(x.dtype.byteCount, rows, columns, x.pointer, count, positions.integers, result.pointer)
    return [result]
  }
}

/// The adjoint of ``GatherElements``: zeros of a given length along the last axis, with the input's elements added at
/// the positions.
public struct ScatterElements: Primitive {
  public let name = "scatterElements"
  /// The result's length along the last axis.
  public let length: Int

  public init(length: Int) { self.length = length }

  /// Takes updates and int64 positions of one shape.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[1].dtype == .int64, inputs[0].shape == inputs[1].shape, inputs[0].shape.rank > 0,
      inputs[0].dtype.isDifferentiable || inputs[0].dtype.isInteger
    else { throw ShapeError(name, inputs, "it needs numbers and as many int64 positions") }
    guard length >= 0 else { throw ShapeError(name, inputs, "the length \(length) is negative") }
    var shape = inputs[0].shape
    shape[-1] = length
    return [TensorSpec(shape, inputs[0].dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (updates, positions) = (inputs[0].contiguous(), inputs[1].contiguous())
    positions.checkPositions(below: length, name)
    let result = Tensor.zeros(specs[0].shape, dtype: specs[0].dtype)
    let rows = updates.shape.removing(axis: -1).elementCount
    let done = aviary_scatter_elements_add(
      updates.dtype.code, rows, length, updates.pointer, updates.shape[-1], positions.integers, result.pointer)
    return done ? [result] : nil
  }
}

/// One-hot encodes labels: out[…, k] = 1 if k = label, else 0. Traps on a label outside the classes.
public struct OneHot: Primitive {
  public let name = "oneHot"
  /// The number of classes.
  public let classes: Int
  /// The result's type.
  public let dtype: DType

  public init(classes: Int, dtype: DType) {
    self.classes = classes
    self.dtype = dtype
  }

  /// Takes int64 labels; adds an axis for the classes.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0].dtype == .int64, inputs[0].shape.rank < Shape.maximumRank, classes >= 0 else {
      throw ShapeError(
        name, inputs, "the labels must be int64 of rank 7 or less, and the number of classes (\(classes)) not negative")
    }
    return [TensorSpec(inputs[0].shape.inserting(classes, at: inputs[0].shape.rank), dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let labels = inputs[0].contiguous()
    labels.checkPositions(below: classes, name)
    let result = Tensor(uninitialized: specs[0])
    aviary_one_hot(dtype.code, labels.elementCount, classes, labels.integers, result.pointer)
    return [result]
  }
}

extension Tensor {
  /// Traps unless every element of an int64 tensor is in `0..<limit`.
  package func checkPositions(below limit: Int, _ operation: String) {
    let values = UnsafeBufferPointer(start: integers, count: elementCount)
    for (place, value) in values.enumerated() where value < 0 || value >= limit {
      trap("\(operation): the position \(value), element \(place) of \(spec), is not in 0..<\(limit)")
    }
  }
}
