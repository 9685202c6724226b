extension TensorProtocol {
  func reduce(
    _ function: Reduce.Function, _ axes: [Int]?, _ keepingDimensions: Bool, _ file: StaticString, _ line: UInt
  ) -> Self {
    let chosen = axes?.map { axis($0, function.rawValue, file, line) } ?? Array(0..<rank)
    let reduction = Reduce(function, axes: chosen, keepingDimensions: keepingDimensions)
    return Self.applying(reduction, self, file: file, line: line)
  }

  /// The sum along the axes, by default all.
  public func sum(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self { reduce(.sum, axes, keepingDimensions, file, line) }

  /// The product along the axes, by default all.
  public func product(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self { reduce(.product, axes, keepingDimensions, file, line) }

  /// The maximum along the axes, by default all; NaN if any element is NaN.
  public func max(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self { reduce(.max, axes, keepingDimensions, file, line) }

  /// The minimum along the axes, by default all; NaN if any element is NaN.
  public func min(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self { reduce(.min, axes, keepingDimensions, file, line) }

  /// Whether any element is true, for `bool`.
  public func any(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self { reduce(.any, axes, keepingDimensions, file, line) }

  /// Whether all elements are true, for `bool`.
  public func all(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self { reduce(.all, axes, keepingDimensions, file, line) }

  /// `log Σ eˣ` along the axes, without overflow.
  public func logSumExp(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self { reduce(.logSumExp, axes, keepingDimensions, file, line) }

  /// The mean along the axes, by default all.
  public func mean(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    guard dtype.isDifferentiable else {
      trap("mean(\(spec)): it is not defined for \(dtype.name); cast the operand", file, line)
    }
    let total = sum(axes: axes, keepingDimensions: keepingDimensions, file: file, line: line)
    let count = (axes ?? Array(0..<rank)).reduce(1) { $0 * shape[$1] }
    return total / Double(count)
  }

  /// The biased variance Σ (x − mean)² / n along the axes, by default all.
  public func variance(
    axes: [Int]? = nil, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    // Subtracts the mean twice: rounding a mean far from 0 loses more than small deviations.
    let shifted = self - mean(axes: axes, keepingDimensions: true, file: file, line: line)
    let centered = shifted - shifted.mean(axes: axes, keepingDimensions: true, file: file, line: line)
    return centered.square().mean(axes: axes, keepingDimensions: keepingDimensions, file: file, line: line)
  }

  /// The position of the maximum along an axis, int64; the first of equal ones.
  public func argmax(
    axis: Int = -1, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    let axis = self.axis(axis, "argmax", file, line)
    let positions = Self.applying(ArgReduce(isMaximum: true, axis: axis), self, file: file, line: line)
    return keepingDimensions ? positions.expandingDimension(at: axis) : positions
  }

  /// The position of the minimum along an axis, int64; the first of equal ones.
  public func argmin(
    axis: Int = -1, keepingDimensions: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    let axis = self.axis(axis, "argmin", file, line)
    let positions = Self.applying(ArgReduce(isMaximum: false, axis: axis), self, file: file, line: line)
    return keepingDimensions ? positions.expandingDimension(at: axis) : positions
  }

  /// The k largest elements along an axis, by default the last, in descending order, and their int64 positions.
  public func topK(
    _ k: Int, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Self, positions: Self) {
    let axis = self.axis(axis, "topK", file, line)
    let outputs = Self.apply(TopK(k), to: [exchangedWithLast(axis)], file: file, line: line)
    return (outputs[0].exchangedWithLast(axis), outputs[1].exchangedWithLast(axis))
  }

  /// Cumulative sums along an axis.
  public func cumulativeSum(axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) -> Self {
    let axis = self.axis(axis, "cumulativeSum", file, line)
    return Self.applying(CumulativeSum(axis: axis), self, file: file, line: line)
  }

  /// `eˣ / Σ eˣ` along an axis, by default the last; without overflow.
  public func softmax(axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) -> Self {
    let axis = self.axis(axis, "softmax", file, line)
    return Self.applying(SoftmaxFunction(), exchangedWithLast(axis), file: file, line: line).exchangedWithLast(axis)
  }

  /// The logarithm of the softmax, exact even if the softmax underflows.
  public func logSoftmax(axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) -> Self {
    let axis = self.axis(axis, "logSoftmax", file, line)
    let softmax = SoftmaxFunction(isLogarithm: true)
    return Self.applying(softmax, exchangedWithLast(axis), file: file, line: line).exchangedWithLast(axis)
  }

  /// Swaps an axis (from 0) with the last one; a view, and its own inverse.
  func exchangedWithLast(_ axis: Int) -> Self {
    if axis == rank - 1 { return self }
    var order = Array(0..<rank)
    order.swapAt(axis, rank - 1)
    return transposed(axes: order)
  }
}
