extension TensorProtocol {
  func reduce(
    _ function: Reduce.Function, _ axes: [Int]?, _ keepingDimensions: Bool, _ file: StaticString, _ line: UInt
  ) -> Self {
    let chosen = axes?.map { axis($0, function.rawValue, file, line) } ?? Array(0..<rank)
    let reduction = Reduce(function, axes: chosen, keepingDimensions: keepingDimensions)
    return Self.applying(reduction, self, file: file, line: line)
  }

  /// Σ x along the axes, all unless given.
  public func sum(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self { reduce(.sum, axes, keepingDimensions, file, line) }

  /// Π x along the axes, all unless given.
  public func product(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self { reduce(.product, axes, keepingDimensions, file, line) }

  /// The greatest element along the axes, all unless given; NaN where there is one.
  public func max(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self { reduce(.max, axes, keepingDimensions, file, line) }

  /// The least element along the axes, all unless given; NaN where there is one.
  public func min(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self { reduce(.min, axes, keepingDimensions, file, line) }

  /// Whether any element holds, of `bool`.
  public func any(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self { reduce(.any, axes, keepingDimensions, file, line) }

  /// Whether all elements hold, of `bool`.
  public func all(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self { reduce(.all, axes, keepingDimensions, file, line) }

  /// log Σ eˣ along the axes, without overflow.
  public func logSumExp(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self { reduce(.logSumExp, axes, keepingDimensions, file, line) }

  /// Σ x / n along the axes, all unless given.
  public func mean(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    let total = sum(axes: axes, keepingDimensions: keepingDimensions, file: file, line: line)
    let count = shape.elementCount / Swift.max(total.shape.elementCount, 1)
    return total * (1 / Double(count))
  }

  /// Σ (x − mean)² / n along the axes, all unless given: the biased variance.
  public func variance(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    let centered = self - mean(axes: axes, keepingDimensions: true, file: file, line: line)
    return centered.square().mean(axes: axes, keepingDimensions: keepingDimensions, file: file, line: line)
  }

  /// The position of the greatest element along an axis, int64; the first of equal ones.
  public func argmax(axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) -> Self {
    let axis = self.axis(axis, "argmax", file, line)
    return Self.applying(ArgReduce(isMaximum: true, axis: axis), self, file: file, line: line)
  }

  /// The position of the least element along an axis, int64; the first of equal ones.
  public func argmin(axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) -> Self {
    let axis = self.axis(axis, "argmin", file, line)
    return Self.applying(ArgReduce(isMaximum: false, axis: axis), self, file: file, line: line)
  }

  /// The k greatest elements along the last axis, descending, and their int64 positions.
  public func topK(
    _ k: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Self, positions: Self) {
    let outputs = Self.apply(TopK(k), to: [self], file: file, line: line)
    return (outputs[0], outputs[1])
  }

  /// Running sums along an axis.
  public func cumulativeSum(axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) -> Self {
    let axis = self.axis(axis, "cumulativeSum", file, line)
    return Self.applying(CumulativeSum(axis: axis), self, file: file, line: line)
  }

  /// eˣ / Σ eˣ along an axis, the last unless given; without overflow.
  public func softmax(axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) -> Self {
    alongLast(axis, "softmax", file, line) { Self.applying(SoftmaxFunction(), $0, file: file, line: line) }
  }

  /// The logarithm of the softmax, exact where the softmax underflows.
  public func logSoftmax(axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) -> Self {
    alongLast(axis, "logSoftmax", file, line) {
      Self.applying(SoftmaxFunction(isLogarithm: true), $0, file: file, line: line)
    }
  }

  private func alongLast(
    _ axis: Int, _ operation: String, _ file: StaticString, _ line: UInt, _ body: (Self) -> Self
  ) -> Self {
    let axis = self.axis(axis, operation, file, line)
    if axis == rank - 1 { return body(self) }
    var order = Array(0..<rank)
    order.swapAt(axis, rank - 1)
    return body(transposed(axes: order)).transposed(axes: order)
  }
}
