import AviaryCore

extension Variable {
  /// The derivatives of this variable with respect to the targets: Σ cotangent · ∂this/∂target.
  ///
  /// - Parameters:
  ///   - targets: tracked variables; traps on a constant. A target that this does not depend on gets zeros.
  ///   - cotangent: a weight for each element of this; 1 for a scalar, required otherwise.
  ///   - retainingGraph: keeps the graph for another derivative; otherwise the walk frees it.
  ///   - recording: records the derivatives, so that they can be differentiated (and retains the graph).
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: a derivative for each target, of its shape.
  /// - Throws: ``DifferentiationError`` if this is a constant, a primitive on the path has no derivative, or the graph
  ///   was freed. Traps if this has several elements and no cotangent is given.
  public func gradients(
    withRespectTo targets: [Variable], cotangent: Variable? = nil, retainingGraph: Bool = false,
    recording: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> [Variable] {
    if targets.isEmpty { return [] }
    guard targets.allSatisfy(\.isTracked) else {
      trap("cannot differentiate with respect to a constant; make it with Variable(tracking:)", file, line)
    }
    guard isTracked else { throw DifferentiationError.constantResult }
    guard let cotangent = cotangent ?? (shape.elementCount == 1 ? Variable(Tensor.ones(shape, dtype: dtype)) : nil),
      cotangent.spec == spec
    else {
      trap(
        "the derivative of \(spec) needs a cotangent of that shape; only a scalar has a default", file, line)
    }
    return try Walk(from: [(self, cotangent)], to: targets, retaining: retainingGraph, recording: recording).run()
  }
}

/// The value of a function of several tensors and its derivative with respect to each.
///
/// ```swift
/// let (value, gradients) = try valueAndGradients(at: [x, y]) { v in (v[0] * v[1]).sum() }
/// ```
///
/// The function must return a scalar. Throws ``DifferentiationError`` if a primitive on the path has no derivative.
public func valueAndGradients(
  at points: [Tensor], of function: ([Variable]) throws -> Variable
) throws -> (value: Tensor, gradients: [Tensor]) {
  let variables = points.map { Variable(tracking: $0) }
  let result = try function(variables)
  return (result.value, try result.gradients(withRespectTo: variables).map(\.value))
}

/// The value of a scalar function of one tensor and its derivative.
public func valueAndGradient(
  at point: Tensor, of function: (Variable) throws -> Variable
) throws -> (value: Tensor, gradient: Tensor) {
  let (value, gradients) = try valueAndGradients(at: [point]) { try function($0[0]) }
  return (value, gradients[0])
}

/// The derivative of a scalar function of one tensor: `try gradient(at: x) { ($0 * $0).sum() }` is 2x.
public func gradient(at point: Tensor, of function: (Variable) throws -> Variable) throws -> Tensor {
  try valueAndGradient(at: point, of: function).gradient
}

/// All derivatives of a function's results: a tensor of the shape result.shape + point.shape.
///
/// Takes one backward pass per element of the result, or one per element of the point if it has fewer: each pass then
/// gives a column, as in forward mode. Throws ``DifferentiationError`` if the result is a constant, or a primitive on
/// the path has no derivative.
public func jacobian(at point: Tensor, of function: (Variable) throws -> Variable) throws -> Tensor {
  let variable = Variable(tracking: point)
  let result = try function(variable)
  guard result.isTracked else { throw DifferentiationError.constantResult }
  return try jacobian(of: result, by: variable)
}

private func jacobian(of result: Variable, by variable: Variable) throws -> Tensor {
  let shape = Shape(result.shape.dimensions + variable.shape.dimensions)
  let (rows, columns) = (result.shape.elementCount, variable.shape.elementCount)
  guard result.isTracked, rows > 0, columns > 0 else { return Tensor.zeros(shape, dtype: variable.dtype) }
  guard columns < rows else { return try derivatives(of: result, by: variable).reshaped(to: shape) }
  guard let (back, cotangent) = try backward(from: result, to: variable) else {
    return Tensor.zeros(shape, dtype: variable.dtype)
  }
  return try derivatives(of: back, by: cotangent).reshaped(to: [columns, rows]).transposed().reshaped(to: shape)
}

/// One row per element of a result: its derivatives with respect to a variable.
private func derivatives(of result: Variable, by variable: Variable) throws -> Tensor {
  let count = result.shape.elementCount
  return Tensor.stack(
    try (0..<count).map { row in
      let unit = Tensor(row).oneHot(classes: count, dtype: result.dtype).reshaped(to: result.shape)
      return try result.gradients(withRespectTo: [variable], cotangent: Variable(unit), retainingGraph: true)[0].value
    })
}

/// Jᵀu as a linear function of the cotangent u; nil if it is zero for all u. Its derivatives with respect to u are the
/// columns of J. (Townsend: A new trick for calculating Jacobian vector products, 2017.)
private func backward(from result: Variable, to variable: Variable) throws -> (Variable, cotangent: Variable)? {
  let u = Variable(tracking: Tensor.ones(result.shape, dtype: result.dtype))
  let back = try result.gradients(withRespectTo: [variable], cotangent: u, recording: true)[0]
  return back.isTracked ? (back, u) : nil
}

/// The value of a function of one tensor, and its Jacobian times a vector of the point's shape: the derivative along
/// the vector, as in forward mode, at the cost of a few evaluations whatever the number of results.
///
/// Throws ``DifferentiationError`` if the result is a constant, or a primitive on the path has no derivative.
public func jacobianVectorProduct(
  at point: Tensor, vector: Tensor, of function: (Variable) throws -> Variable
) throws -> (value: Tensor, derivative: Tensor) {
  let variable = Variable(tracking: point)
  let result = try function(variable)
  guard result.isTracked else { throw DifferentiationError.constantResult }
  guard let (back, cotangent) = try backward(from: result, to: variable) else {
    return (result.value, Tensor.zeros(result.shape, dtype: result.dtype))
  }
  let derivative = try back.gradients(withRespectTo: [cotangent], cotangent: Variable(vector))[0].value
  return (result.value, derivative)
}

/// The second derivatives of a scalar function: a tensor of the shape point.shape + point.shape, zeros for a linear
/// function.
public func hessian(at point: Tensor, of function: (Variable) throws -> Variable) throws -> Tensor {
  let variable = Variable(tracking: point)
  let gradient = try function(variable).gradients(withRespectTo: [variable], recording: true)[0]
  return try jacobian(of: gradient, by: variable)
}

/// The Hessian of a scalar function times a vector of the point's shape, computed as the derivative of ⟨∇f, v⟩.
public func hessianVectorProduct(
  at point: Tensor, vector: Tensor, of function: (Variable) throws -> Variable
) throws -> Tensor {
  let variable = Variable(tracking: point)
  let gradient = try function(variable).gradients(withRespectTo: [variable], recording: true)[0]
  // The gradient of a linear function is a constant.
  guard gradient.isTracked else { return Tensor.zeros(point.shape, dtype: point.dtype) }
  return try (gradient * Variable(vector)).sum().gradients(withRespectTo: [variable])[0].value
}
