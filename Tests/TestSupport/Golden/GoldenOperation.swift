import AviaryCore

/// Something that maps tensors to tensors and, with the same code, variables to variables.
public protocol TensorOperation: Sendable {
  /// The results for the given operands.
  func callAsFunction<Value: TensorProtocol>(_ inputs: [Value]) throws -> [Value]
}

/// The operation that a stored case names, written with the public operations of ``/AviaryCore/TensorProtocol``.
public struct GoldenOperation: TensorOperation {
  let op: String
  let attributes: GoldenAttributes

  /// The operation of a case.
  public init(_ stored: GoldenCase) {
    op = stored.op
    attributes = stored.attributes
  }

  /// Applies the operation. Throws for an unknown name.
  public func callAsFunction<Value: TensorProtocol>(_ inputs: [Value]) throws -> [Value] {
    if let result = try elementwise(inputs) ?? reduction(inputs) ?? movement(inputs) { return [result] }
    return try many(inputs)
  }

  private func elementwise<Value: TensorProtocol>(_ inputs: [Value]) -> Value? {
    let x = inputs[0]
    switch op {
    case "leakyRelu": return x.leakyRelu(slope: attributes.number("slope") ?? 0.01)
    case "logicalNot": return x.logicalNot()
    case "isInfinite": return x.isFinite().logicalOr(x.isNaN()).logicalNot()
    case "clamp":
      return x.clamped(to: (attributes.number("lower") ?? -.infinity)...(attributes.number("upper") ?? .infinity))
    case "lessOrEqual": return inputs[0] .<= inputs[1]
    case "greaterOrEqual": return inputs[0] .>= inputs[1]
    case "where": return Value.where(inputs[0], inputs[1], inputs[2])
    case "sigmoidCrossEntropy": return x.sigmoidCrossEntropy(inputs[1])
    default:
      if let function = Unary.Function(rawValue: op) { return Value.applying(Unary(function), x) }
      return Binary.Function(rawValue: op).map { Value.applying(Binary($0), inputs[0], inputs[1]) }
    }
  }

  private func reduction<Value: TensorProtocol>(_ inputs: [Value]) throws -> Value? {
    let x = inputs[0]
    let kept = attributes.flag("keepingDimensions")
    switch op {
    case "mean": return x.mean(axes: try attributes.integers("axes"), keepingDimensions: kept)
    case "variance": return x.variance(axes: try attributes.integers("axes"), keepingDimensions: kept)
    case "argmax": return x.argmax(axis: try attributes.integer("axis"), keepingDimensions: kept)
    case "softmax": return x.softmax(axis: try attributes.integer("axis"))
    case "logSoftmax": return x.logSoftmax(axis: try attributes.integer("axis"))
    case "cumulativeSum": return x.cumulativeSum(axis: try attributes.integer("axis"))
    default:
      guard let function = Reduce.Function(rawValue: op) else { return nil }
      let axes = try attributes.integers("axes").map { $0 < 0 ? $0 + x.rank : $0 }
      return Value.applying(Reduce(function, axes: axes, keepingDimensions: kept), x)
    }
  }

  private func movement<Value: TensorProtocol>(_ inputs: [Value]) throws -> Value? {
    let x = inputs[0]
    switch op {
    case "matmul":
      return x.matmul(
        inputs[1], transposingSelf: attributes.flag("transposesLeft"),
        transposingRight: attributes.flag("transposesRight"))
    case "transpose": return x.transposed(axes: try attributes.integers("permutation"))
    case "reshape": return x.reshaped(to: try attributes.integers("shape"))
    case "broadcast": return x.broadcast(to: Shape(try attributes.integers("shape")))
    case "concatenate": return Value.concatenate(inputs, axis: try attributes.integer("axis"))
    case "stack": return Value.stack(inputs, axis: try attributes.integer("axis"))
    case "pad":
      return x.padded(
        before: try attributes.integers("before"), after: try attributes.integers("after"),
        value: attributes.number("value") ?? 0)
    case "slice":
      let (starts, ends) = (try attributes.integers("starts"), try attributes.integers("ends"))
      let steps = try attributes.integers("strides")
      let counts = starts.indices.map { (ends[$0] - starts[$0] + steps[$0] - 1) / steps[$0] }
      return x.slice(starts: starts, counts: counts, steps: steps)
    case "gather": return x.gather(inputs[1], axis: try attributes.integer("axis"))
    case "gatherElements": return x.gatherElements(inputs[1], axis: try attributes.integer("axis"))
    case "scatterAdd":
      let axis = try attributes.integer("axis")
      return x + inputs[2].scatterAdd(inputs[1], axis: axis, length: x.shape[axis])
    case "scatterAddElements":
      let axis = try attributes.integer("axis")
      return x + inputs[2].scatterElements(inputs[1], axis: axis, length: x.shape[axis])
    case "oneHot": return x.oneHot(classes: try attributes.integer("depth"), dtype: .float64)
    default: return nil
    }
  }

  private func many<Value: TensorProtocol>(_ inputs: [Value]) throws -> [Value] {
    let x = inputs[0]
    switch op {
    case "topK":
      let (k, axis) = (try attributes.integer("k"), try attributes.integer("axis"))
      let isLargest = attributes.flag("largest")
      let (values, positions) = (isLargest ? x : -x).topK(k, axis: axis)
      return [isLargest ? values : -values, positions]
    case "softmaxCrossEntropy": return [x.softmaxCrossEntropy(inputs[1])]
    case "solve": return [x.solve(inputs[1])]
    case "cholesky": return [x.cholesky()]
    case "batchNorm":
      let normalization = BatchNormalization(epsilon: attributes.number("epsilon") ?? 0)
      let rows = x.reshaped(to: [-1, x.shape[-1]])
      return [Value.apply(normalization, to: [rows, inputs[1], inputs[2]])[0].reshaped(to: x.shape)]
    case "conv2d":
      let window = Window2D(
        height: inputs[1].shape[0], width: inputs[1].shape[1], strides: try attributes.pair("strides"),
        dilations: try attributes.pair("dilations"),
        padding: attributes.text("padding") == "same" ? .same : .valid)
      return Value.apply(Convolution2D(window), to: inputs)
    case "maxPool2d": return [x.maxPooled2D(try window())]
    case "averagePool2d": return [x.averagePooled2D(try window())]
    default: throw GoldenError("the operation '\(op)' is not known to the tests")
    }
  }

  private func window() throws -> Window2D {
    let (height, width) = try attributes.pair("window")
    let padding: Window2D.Padding = attributes.text("padding") == "same" ? .same : .valid
    return Window2D(height: height, width: width, strides: try attributes.pair("strides"), padding: padding)
  }
}

/// A primitive applied by itself.
public struct PrimitiveOperation: TensorOperation {
  let primitive: any Primitive

  /// The application of a primitive.
  public init(_ primitive: any Primitive) { self.primitive = primitive }

  /// All its outputs.
  public func callAsFunction<Value: TensorProtocol>(_ inputs: [Value]) -> [Value] {
    Value.apply(primitive, to: inputs)
  }
}

/// The composition of a fused primitive, applied in its place.
public struct CompositionOperation: TensorOperation {
  let primitive: any Primitive

  /// The composition of a primitive.
  public init(_ primitive: any Primitive) { self.primitive = primitive }

  /// All its outputs. Throws if the primitive is not fused.
  public func callAsFunction<Value: TensorProtocol>(_ inputs: [Value]) throws -> [Value] {
    guard let outputs = primitive.composition(of: inputs) else {
      throw GoldenError("\(primitive.name) has no composition")
    }
    return outputs
  }
}
