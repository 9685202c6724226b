import AviaryAutograd
import AviaryCore

/// An operation at a point, seen as the scalar Σ wᵢ·outputᵢ of its differentiable operands.
struct GradientLaws<Function: TensorOperation> {
  let operation: Function
  let inputs: [Tensor]

  /// Which operands are differentiated.
  var points: [Int] { inputs.indices.filter { inputs[$0].dtype.isDifferentiable } }

  /// The weighted sum of the results of float type, or of some of them.
  func scalar(_ operands: [Variable], of chosen: [Int]? = nil) throws -> Variable {
    let outputs = try operation(operands)
    var total: Variable?
    for (index, output) in outputs.enumerated() {
      guard output.dtype.isDifferentiable, chosen?.contains(index) != false else { continue }
      let term = (output * Variable(spread(output.shape, output.dtype, salt: index))).sum()
      total = total.map { $0 + term } ?? term
    }
    guard let total else { throw GoldenError("no output is differentiable") }
    return total
  }

  private func operands(_ values: [Tensor], tracked: [Variable]) -> [Variable] {
    var operands = values.map { Variable($0) }
    for (place, index) in points.enumerated() { operands[index] = tracked[place] }
    return operands
  }

  /// The gradients of the scalar at other values of the operands.
  func gradients(at values: [Tensor], recording: Bool = false) throws -> [Tensor] {
    let tracked = points.map { Variable(tracking: values[$0]) }
    return try scalar(operands(values, tracked: tracked))
      .gradients(withRespectTo: tracked, recording: recording).map(\.value)
  }

  /// First derivatives, and the derivatives of Σ vᵢ·gradientᵢ.
  func derivatives(of chosen: [Int]? = nil) throws -> (first: [Tensor], second: [Tensor]) {
    let tracked = points.map { Variable(tracking: inputs[$0]) }
    let first = try scalar(operands(inputs, tracked: tracked), of: chosen)
      .gradients(withRespectTo: tracked, recording: true)
    var total = Variable(Tensor.zeros([], dtype: first[0].dtype))
    for (index, gradient) in first.enumerated() {
      total = total + (gradient * Variable(spread(gradient.shape, gradient.dtype, salt: 31 + index))).sum()
    }
    guard total.isTracked else { return (first.map(\.value), first.map { Tensor.zeros($0.shape, dtype: $0.dtype) }) }
    return (first.map(\.value), try total.gradients(withRespectTo: tracked).map(\.value))
  }

  /// Central differences of a function of the operands, element by element of operand `index`.
  private func differences(_ index: Int, step: Double = 1e-6, of function: ([Tensor]) throws -> Double) throws -> Tensor
  {
    let scalars = inputs[index].scalars(as: Double.self)
    let found = try scalars.indices.map { element in
      let h = step * max(1, abs(scalars[element]))
      let (upper, lower) = (scalars[element] + h, scalars[element] - h)
      let values = try [upper, lower].map { moved in
        var (changed, operands) = (scalars, inputs)
        changed[element] = moved
        operands[index] = Tensor(changed, shape: inputs[index].shape)
        return try function(operands)
      }
      return (values[0] - values[1]) / (upper - lower)
    }
    return Tensor(found, shape: inputs[index].shape)
  }

  func checkDifferences(tolerance: Double) throws -> [String] {
    guard points.allSatisfy({ inputs[$0].dtype == .float64 }) else { return ["differences need float64"] }
    let found = try gradients(at: inputs)
    let expected = try points.map { index in
      try differences(index) { try scalar($0.map { Variable($0) }).value.item() }
    }
    let recorded = try gradients(at: inputs, recording: true)
    return mismatches(found, expected.map { $0 }, "gradient against differences", tolerance: tolerance)
      + mismatches(recorded, found.map { $0 }, "recorded gradient", tolerance: 1e-13)
  }

  func checkSecondDifferences(tolerance: Double) throws -> [String] {
    let found = try derivatives().second
    let expected = try points.map { index in
      try differences(index) { moved in
        try gradients(at: moved).enumerated().reduce(0.0) { total, gradient in
          let weights = spread(gradient.element.shape, gradient.element.dtype, salt: 31 + gradient.offset)
          return total + (gradient.element * weights).sum().item()
        }
      }
    }
    return mismatches(found, expected.map { $0 }, "second derivative against differences", tolerance: tolerance)
  }

  func checkSinglePrecision(_ values: [Tensor]) throws -> [String] {
    let narrow = inputs.map { $0.dtype == .float64 ? $0.cast(to: .float32) : $0 }
    let widened = narrow.map { $0.dtype == .float32 ? $0.cast(to: .float64) : $0 }
    func wide(_ tensors: [Tensor]) -> [Tensor] {
      tensors.map { $0.dtype == .float32 ? $0.cast(to: .float64) : $0 }
    }
    let gradients = try points.isEmpty ? [] : self.gradients(at: narrow)
    return mismatches(
      wide(try operation(narrow)), try operation(widened).map { $0 }, "float32 output", tolerance: 3e-6)
      + mismatches(
        wide(gradients), try points.isEmpty ? [] : self.gradients(at: widened).map { $0 }, "float32 gradient",
        tolerance: 1e-5)
  }

  func checkViews(_ values: [Tensor]) throws -> [String] {
    var broken: [String] = []
    let expected = try points.isEmpty ? [] : gradients(at: inputs)
    for (name, view) in viewsOfTensor {
      let views = inputs.map(view)
      for (input, copy) in zip(inputs, views) where !sameBits(input, copy) { broken.append("\(name) is no copy") }
      broken += mismatches(try operation(views), values.map { $0 }, "output for operands \(name)", tolerance: 1e-13)
      if points.isEmpty { continue }
      broken += mismatches(
        try gradients(at: views), expected.map { $0 }, "gradient for operands \(name)", tolerance: 1e-12)
    }
    return broken
  }
}

/// Ways to lay the same elements out in memory.
let viewsOfTensor: [(name: String, view: @Sendable (Tensor) -> Tensor)] = [
  (
    "transposed",
    { tensor in
      let order = Array((0..<tensor.rank).reversed())
      return tensor.rank < 2 ? tensor : tensor.transposed(axes: order).contiguous().transposed(axes: order)
    }
  ),
  (
    "cut out",
    { tensor in
      if tensor.rank == 0 { return tensor }
      let ones = [Int](repeating: 1, count: tensor.rank)
      return tensor.padded(before: ones, after: ones, value: 1).slice(starts: ones, counts: tensor.shape.dimensions)
    }
  ),
  (
    "walked backwards",
    { tensor in
      (0..<tensor.rank).reduce(tensor) { view, axis in view.reversed(axis: axis).contiguous().reversed(axis: axis) }
    }
  ),
]
