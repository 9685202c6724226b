import AviaryKernels

/// The cross-entropy −Σₖ tₖ · log softmax(z)ₖ for each row of logits z, without overflow, and the softmax.
///
/// Takes logits [rows, classes] and either int64 labels [rows] or probabilities [rows, classes]. Traps on a label
/// outside the classes.
public struct SoftmaxCrossEntropyFromLogits: Primitive {
  public let name = "softmaxCrossEntropy"

  public init() {}

  /// The specs of the losses [rows] and the softmax [rows, classes].
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let (logits, target) = (inputs[0], inputs[1])
    guard logits.shape.rank == 2, logits.dtype.isDifferentiable else {
      throw ShapeError(name, inputs, "the logits must be float32 or float64 [rows, classes]")
    }
    let rows = logits.shape[0]
    guard target == TensorSpec([rows], .int64) || target == logits else {
      throw ShapeError(name, inputs, "the targets must be int64[\(rows)] labels or probabilities \(logits)")
    }
    return [TensorSpec([rows], logits.dtype), logits]
  }

  /// One pass over the logits.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (logits, target) = (inputs[0].contiguous(), inputs[1].contiguous())
    let (losses, softmax) = (Tensor(uninitialized: specs[0]), Tensor(uninitialized: specs[1]))
    let (rows, columns) = (specs[1].shape[0], specs[1].shape[1])
    let done: Bool
    if target.dtype == .int64 {
      target.checkPositions(below: columns, name)
      done = aviary_softmax_cross_entropy_labels(
        logits.dtype.code, rows, columns, logits.pointer, target.integers, losses.pointer, softmax.pointer)
    } else {
      done = aviary_softmax_cross_entropy_targets(
        logits.dtype.code, rows, columns, logits.pointer, target.pointer, losses.pointer, softmax.pointer)
    }
    return done ? [losses, softmax] : nil
  }

  /// Uses log-softmax.
  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    let logarithm = inputs[0].logSoftmax()
    let softmax = logarithm.exp()
    if inputs[1].dtype == .int64 {
      let rows = inputs[0].shape[0]
      let picked = logarithm.gatherElements(inputs[1].reshaped(to: [rows, 1]))
      return [-picked.reshaped(to: [rows]), softmax]
    }
    return [-(inputs[1] * logarithm).sum(axes: [1]), softmax]
  }
}

/// The derivative of ``SoftmaxCrossEntropyFromLogits`` with respect to its logits, scaled per row with the losses'
/// cotangent.
///
///     (softmax·Σt − t) · cotangent
public struct SoftmaxCrossEntropyGradient: Primitive {
  public let name = "softmaxCrossEntropyGradient"

  public init() {}

  /// Takes the softmax, the targets and the cotangent [rows].
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[2] == TensorSpec([inputs[0].shape[0]], inputs[0].dtype) else {
      throw ShapeError(name, inputs, "the cotangent must have one element per row")
    }
    return [inputs[0]]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (softmax, target) = (inputs[0].contiguous(), inputs[1].contiguous())
    let uniform = inputs[2].box.strides[0] == 0
    let scale = uniform ? inputs[2] : inputs[2].contiguous()
    let gradient = Tensor(uninitialized: specs[0])
    let (rows, columns) = (specs[0].shape[0], specs[0].shape[1])
    let done =
      target.dtype == .int64
      ? aviary_softmax_cross_entropy_labels_gradient(
        softmax.dtype.code, rows, columns, softmax.pointer, target.integers, scale.box.pointer, uniform ? 0 : 1,
        gradient.pointer)
      : aviary_softmax_cross_entropy_targets_gradient(
        softmax.dtype.code, rows, columns, softmax.pointer, target.pointer, scale.box.pointer, uniform ? 0 : 1,
        gradient.pointer)
    return done ? [gradient] : nil
  }

  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    let (softmax, target) = (inputs[0], inputs[1])
    let scale = inputs[2].reshaped(to: [softmax.shape[0], 1])
    if target.dtype == .int64 {
      return [(softmax - target.oneHot(classes: softmax.shape[1], dtype: softmax.dtype)) * scale]
    }
    return [(softmax * target.sum(axes: [1], keepingDimensions: true) - target) * scale]
  }
}

/// The binary cross-entropy for each logit z and target t in [0, 1], computed without overflow or log 0.
///
///     −t·log σ(z) − (1 − t)·log(1 − σ(z)) = max(z, 0) − z·t + log(1 + e^(−|z|))
public struct SigmoidCrossEntropyFromLogits: Primitive {
  public let name = "sigmoidCrossEntropy"

  public init() {}

  /// Requires logits and targets of one shape and type, the output's.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0] == inputs[1], inputs[0].dtype.isDifferentiable else {
      throw ShapeError(name, inputs, "logits and targets must have the same shape and a floating-point dtype")
    }
    return [inputs[0]]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (logits, targets) = (inputs[0].contiguous(), inputs[1].contiguous())
    let losses = Tensor(uninitialized: specs[0])
    let done = aviary_sigmoid_cross_entropy(
      logits.dtype.code, logits.elementCount, logits.pointer, targets.pointer, losses.pointer)
    return done ? [losses] : nil
  }

  /// The form `t·log(1 + e⁻ᶻ) + (1 − t)·log(1 + eᶻ)`, which has no kink at z = 0, so that its derivatives also hold
  /// there.
  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    let (z, t) = (inputs[0], inputs[1])
    return [t * (-z).softplus() + (1 - t) * z.softplus()]
  }
}
