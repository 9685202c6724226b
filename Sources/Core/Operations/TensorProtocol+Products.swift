extension TensorProtocol {
  /// The matrix product over the last two axes, optionally with transposed operands; leading axes broadcast.
  public func matmul(
    _ other: Self, transposingSelf: Bool = false, transposingRight: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    let product = MatMul(transposingLeft: transposingSelf, transposingRight: transposingRight)
    return Self.applying(product, self, other, file: file, line: line)
  }

  /// Computes `f(x·W + b)` in one pass: x [rows, in], `weight` [in, out] (or [out, in] with `transposingWeight`),
  /// `bias` [out].
  public func affine(
    weight: Self, bias: Self, activation: FusedActivation = .identity, transposingWeight: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    let layer = Affine(activation, transposingWeight: transposingWeight)
    return Self.applying(layer, self, weight, bias, file: file, line: line)
  }

  /// Convolution of images [n, height, width, in] with filters [height, width, in, out], bias [out] and activation.
  public func convolved2D(
    filters: Self, bias: Self? = nil, strides: (Int, Int) = (1, 1), dilation: Int = 1,
    padding: Window2D.Padding = .valid, activation: FusedActivation = .identity,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    guard filters.rank == 4 else {
      trap("conv2d: the filters \(filters.spec) are not [height, width, in, out]", file, line)
    }
    let window = Window2D(
      height: filters.shape[0], width: filters.shape[1], strides: strides, dilation: dilation, padding: padding)
    let operands = [self, filters] + (bias.map { [$0] } ?? [])
    return Self.apply(Convolution2D(window, activation), to: operands, file: file, line: line)[0]
  }

  /// Convolves each channel of images [n, height, width, in] with its own filters [height, width, in, multiplier]:
  /// [n, height′, width′, in · multiplier], with a channel's results adjacent.
  public func depthwiseConvolved2D(
    filters: Self, strides: (Int, Int) = (1, 1), dilation: Int = 1, padding: Window2D.Padding = .valid,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    guard filters.rank == 4, rank == 4 else {
      trap("depthwiseConv2d: the filters \(filters.spec) are not [height, width, in, multiplier]", file, line)
    }
    let (height, width) = (filters.shape[0], filters.shape[1])
    let (channels, multiplier) = (filters.shape[2], filters.shape[3])
    let window = Window2D(height: height, width: width, strides: strides, dilation: dilation, padding: padding)
    let positions = multiplier == 1 ? nil : Self(Tensor((0..<channels * multiplier).map { $0 / multiplier }))
    let images = positions.map { gather($0, axis: 3) } ?? self
    return Self.applying(
      DepthwiseConvolution2D(window), images, filters.reshaped(to: [height, width, channels * multiplier]), file: file,
      line: line)
  }

  /// The maximum of each window over images [n, height, width, channels].
  public func maxPooled2D(_ window: Window2D, file: StaticString = #fileID, line: UInt = #line) -> Self {
    Self.apply(MaxPooling2D(window), to: [self], file: file, line: line)[0]
  }

  /// The mean of each window over images [n, height, width, channels].
  public func averagePooled2D(_ window: Window2D, file: StaticString = #fileID, line: UInt = #line) -> Self {
    Self.applying(AveragePooling2D(window), self, file: file, line: line)
  }

  /// The X with this·X = `right`; all NaN if the matrix is singular. `right` is [..., n, columns].
  public func solve(_ right: Self, file: StaticString = #fileID, line: UInt = #line) -> Self {
    Self.applying(Solve(), self, right, file: file, line: line)
  }

  /// The lower triangular L with L·Lᵀ = this; all NaN if the matrix is not positive definite.
  public func cholesky(file: StaticString = #fileID, line: UInt = #line) -> Self {
    Self.applying(Cholesky(), self, file: file, line: line)
  }

  /// The cross-entropy of each row's softmax against int64 labels [rows] or probabilities [rows, classes].
  public func softmaxCrossEntropy(_ target: Self, file: StaticString = #fileID, line: UInt = #line) -> Self {
    Self.apply(SoftmaxCrossEntropyFromLogits(), to: [self, target], file: file, line: line)[0]
  }

  /// The cross-entropy of each element's sigmoid against a target in [0, 1].
  public func sigmoidCrossEntropy(_ target: Self, file: StaticString = #fileID, line: UInt = #line) -> Self {
    Self.applying(SigmoidCrossEntropyFromLogits(), self, target, file: file, line: line)
  }
}
