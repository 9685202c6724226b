import AviaryKernels

/// Combines the elements along some axes.
public struct Reduce: Primitive {
  /// The reduction functions.
  public enum Function: String, Sendable, CaseIterable {
    case sum, product, max, min, any, all, logSumExp
  }

  /// The reduction function.
  public let function: Function
  /// The reduced axes, ascending, from 0.
  public let axes: [Int]
  /// Whether to keep them with length 1.
  public let keepingDimensions: Bool

  public init(_ function: Function, axes: [Int], keepingDimensions: Bool) {
    self.function = function
    self.axes = axes.count > 1 ? axes.sorted() : axes
    self.keepingDimensions = keepingDimensions
  }

  public var name: String { function.rawValue }

  /// Whether the axes ascend without duplicates.
  private var isAscending: Bool {
    for place in axes.indices.dropFirst() where axes[place] == axes[place - 1] { return false }
    return true
  }

  /// The remaining axes.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let input = inputs[0]
    let fits: Bool
    switch function {
    case .any, .all: fits = input.dtype == .bool
    case .logSumExp: fits = input.dtype.isDifferentiable
    default: fits = input.dtype.isDifferentiable || input.dtype.isInteger
    }
    guard fits else { throw ShapeError(name, inputs, "it is not defined for \(input.dtype.name); cast the operand") }
    guard isAscending, axes.first.map({ $0 >= 0 }) ?? true, axes.last.map({ $0 < input.shape.rank }) ?? true else {
      throw ShapeError(name, inputs, "\(axes) are not distinct axes of the operand")
    }
    var shape = Shape()
    for axis in 0..<input.shape.rank {
      if axes.contains(axis) {
        if input.shape[axis] == 0, function == .max || function == .min {
          throw ShapeError(name, inputs, "axis \(axis) is empty, so there is no \(name)")
        }
        if keepingDimensions { shape.append(1) }
      } else {
        shape.append(input.shape[axis])
      }
    }
    return [TensorSpec(shape, input.dtype)]
  }

  /// One pass of the kernel if the axes are adjacent, otherwise after moving them to the end.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    if axes.isEmpty { return [inputs[0].reshaped(to: specs[0].shape)] }
    let (x, outer, reduced, inner) = inputs[0].grouped(axes)
    let result = Tensor(uninitialized: specs[0])
    let done: Bool
    if function == .logSumExp {
      done = aviary_log_sum_exp(x.dtype.code, outer, reduced, inner, x.box.pointer, result.box.pointer)
    } else {
      done = aviary_reduce(function.code, x.dtype.code, outer, reduced, inner, x.box.pointer, result.box.pointer)
    }
    return done ? [result] : nil
  }
}

extension Reduce.Function {
  var code: aviary_reduce_op {
    switch self {
    case .sum, .logSumExp: AVIARY_REDUCE_SUM
    case .product: AVIARY_REDUCE_PRODUCT
    case .max: AVIARY_REDUCE_MAX
    case .min: AVIARY_REDUCE_MIN
    case .any: AVIARY_REDUCE_ANY
    case .all: AVIARY_REDUCE_ALL
    }
  }
}

extension Tensor {
  /// The elements arranged as [outer, reduced, inner] with `axes` (ascending) in the middle: contiguous if the axes are
  /// adjacent, otherwise transposed so that they come last.
  func grouped(_ axes: [Int]) -> (tensor: Tensor, outer: Int, reduced: Int, inner: Int) {
    let first = axes[0]
    let last = axes[axes.count - 1]
    if last - first + 1 == axes.count {
      var (outer, reduced, inner) = (1, 1, 1)
      for axis in 0..<rank {
        if axis < first {
          outer *= shape[axis]
        } else if axis <= last {
          reduced *= shape[axis]
        } else {
          inner *= shape[axis]
        }
      }
      return (contiguous(), outer, reduced, inner)
    }
    let kept = (0..<rank).filter { !axes.contains($0) }
    let moved = transposed(axes: kept + axes).contiguous()
    let reduced = axes.reduce(1) { $0 * shape[$1] }
    return (moved, moved.elementCount / Swift.max(reduced, 1), reduced, 1)
  }
}

/// The position of the maximum or minimum along an axis, int64; the first of equal ones.
public struct ArgReduce: Primitive {
  /// Whether to find the maximum, otherwise the minimum.
  public let isMaximum: Bool
  /// The reduced axis, from 0.
  public let axis: Int

  public init(isMaximum: Bool, axis: Int) {
    self.isMaximum = isMaximum
    self.axis = axis
  }

  public var name: String { isMaximum ? "argmax" : "argmin" }

  /// The remaining axes, int64.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let input = inputs[0]
    guard input.dtype.isDifferentiable || input.dtype.isInteger else {
      throw ShapeError(name, inputs, "it is not defined for \(input.dtype.name); cast the operand")
    }
    guard axis >= 0, axis < input.shape.rank else { throw ShapeError(name, inputs, "there is no axis \(axis)") }
    guard input.shape[axis] > 0 else { throw ShapeError(name, inputs, "axis \(axis) is empty") }
    return [TensorSpec(input.shape.removing(axis: axis), .int64)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (x, outer, reduced, inner) = inputs[0].grouped([axis])
    let result = Tensor(uninitialized: specs[0])
    let indices = result.box.pointer.assumingMemoryBound(to: Int64.self)
    let done = aviary_arg_reduce(isMaximum, x.dtype.code, outer, reduced, inner, x.box.pointer, indices)
    return done ? [result] : nil
  }
}

/// The k largest elements along the last axis in descending order, and their positions; equal ones by position.
public struct TopK: Primitive {
  public let name = "topK"
  /// The number of elements to keep.
  public let k: Int

  public init(_ k: Int) { self.k = k }

  /// The specs of values and int64 positions, with k as the last axis.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let input = inputs[0]
    guard input.shape.rank > 0, k >= 0, k <= input.shape[-1] else {
      throw ShapeError(name, inputs, "k = \(k) exceeds the last axis")
    }
    guard input.dtype.isDifferentiable || input.dtype.isInteger else {
      throw ShapeError(name, inputs, "it is not defined for \(input.dtype.name); cast the operand")
    }
    var shape = input.shape
    shape[-1] = k
    return [TensorSpec(shape, input.dtype), TensorSpec(shape, .int64)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let x = inputs[0].contiguous()
    let columns = x.shape[-1]
    let values = Tensor(uninitialized: specs[0])
    let positions = Tensor(uninitialized: specs[1])
    let rows = columns == 0 ? 0 : x.elementCount / columns
    let done = aviary_top_k(
      x.dtype.code, rows, columns, k, x.box.pointer, values.box.pointer,
      positions.box.pointer.assumingMemoryBound(to: Int64.self))
    return done ? [values, positions] : nil
  }
}

/// Cumulative sums along an axis: yᵢ = x₀ + … + xᵢ.
public struct CumulativeSum: Primitive {
  public let name = "cumulativeSum"
  /// The axis, from 0 on.
  public let axis: Int

  public init(axis: Int) { self.axis = axis }

  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard axis >= 0, axis < inputs[0].shape.rank else { throw ShapeError(name, inputs, "there is no axis \(axis)") }
    guard inputs[0].dtype.isDifferentiable || inputs[0].dtype.isInteger else {
      throw ShapeError(name, inputs, "it is not defined for \(inputs[0].dtype.name); cast the operand")
    }
    return inputs
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (x, outer, reduced, inner) = inputs[0].grouped([axis])
    let result = Tensor(uninitialized: specs[0])
    let done = aviary_cumulative_sum(x.dtype.code, outer, reduced, inner, x.box.pointer, result.box.pointer)
    return done ? [result] : nil
  }
}

/// Probabilities along the last axis, exp(xᵢ) / Σ exp(xⱼ), or their logarithms, without overflow.
public struct SoftmaxFunction: Primitive {
  /// Whether to return logarithms.
  public let isLogarithm: Bool

  public init(isLogarithm: Bool = false) { self.isLogarithm = isLogarithm }

  public var name: String { isLogarithm ? "logSoftmax" : "softmax" }

  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0].dtype.isDifferentiable, inputs[0].shape.rank > 0 else {
      throw ShapeError(name, inputs, "it needs float32 or float64 of rank 1 or more")
    }
    return inputs
  }

  /// Row by row, one pass.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let x = inputs[0].contiguous()
    let columns = x.shape[-1]
    let rows = columns == 0 ? 0 : x.elementCount / columns
    let y = Tensor(uninitialized: specs[0])
    let done =
      isLogarithm
      ? aviary_log_softmax(x.dtype.code, rows, columns, x.box.pointer, y.box.pointer)
      : aviary_softmax(x.dtype.code, rows, columns, x.box.pointer, y.box.pointer)
    return done ? [y] : nil
  }

  /// Uses logSumExp.
  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    let logarithm = inputs[0] - inputs[0].logSumExp(axes: [-1], keepingDimensions: true)
    return [isLogarithm ? logarithm : logarithm.exp()]
  }
}
