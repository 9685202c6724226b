import AviaryAutograd
import AviaryCore

/// Checks the laws of a differentiable operation at a point.
///
/// 1. `Variable` gives the bits that `Tensor` gives.
/// 2. The gradients agree with central differences (float64).
/// 3. Recording a gradient does not change it, and the recorded gradient has the derivatives of central differences.
/// 4. float32 agrees with float64, in values and gradients.
/// 5. Operands that are views (transposed, sliced, reversed) give the same results as contiguous ones.
///
/// - Parameters:
///   - operation: the operation to check.
///   - inputs: operands away from kinks; those of float64 are differentiated.
///   - tolerance: the maximum relative error of the differences.
/// - Returns: one sentence per violation; empty if all hold.
/// - Throws: what the operation throws.
public func checkPrimitive(
  _ operation: some TensorOperation, at inputs: [Tensor], tolerance: Double = 1e-6
) throws -> [String] {
  var broken: [String] = []
  let values = try operation(inputs)
  let variables = try operation(inputs.map { Variable($0) })
  for (index, value) in values.enumerated() where !sameBits(value, variables[index].value) {
    broken.append("output \(index) of variables is not that of tensors")
  }
  let laws = GradientLaws(operation: operation, inputs: inputs)
  broken += try laws.checkDifferences(tolerance: tolerance)
  broken += try laws.checkSecondDifferences(tolerance: tolerance * 10)
  broken += try laws.checkSinglePrecision(values)
  broken += try laws.checkViews(values)
  return broken
}

/// Checks that a fused primitive has the values, gradients and second derivatives of its composition.
public func checkComposition(
  of primitive: any Primitive, at inputs: [Tensor], tolerance: Double = 1e-11
) throws -> [String] {
  let (fused, apart) = (PrimitiveOperation(primitive), CompositionOperation(primitive))
  var broken = mismatches(fused(inputs), try apart(inputs), "output", tolerance: tolerance)
  let (left, right) = (
    GradientLaws(operation: fused, inputs: inputs), GradientLaws(operation: apart, inputs: inputs)
  )
  guard !left.points.isEmpty else { return broken }
  let outputs = fused(inputs)
  for weighted in [Array(outputs.indices)] + outputs.indices.map({ [$0] }) {
    guard weighted.contains(where: { outputs[$0].dtype.isDifferentiable }) else { continue }
    let (a, b) = (try left.derivatives(of: weighted), try right.derivatives(of: weighted))
    let which = "by outputs \(weighted)"
    broken += mismatches(a.first, b.first.map { $0 }, "gradient \(which)", tolerance: tolerance)
    broken += mismatches(a.second, b.second.map { $0 }, "second derivative \(which)", tolerance: tolerance * 10)
  }
  return broken
}

/// Weights of different sizes for the elements of a result, so that errors cannot cancel.
func spread(_ shape: Shape, _ dtype: DType, salt: Int = 0) -> Tensor {
  let weights = (0..<shape.elementCount).map { element in
    let place = ((element + salt) * 7919 + 13) % 101
    return 0.5 + Double(place) / 101 - (place % 2 == 0 ? 1.3 : 0)
  }
  return Tensor(weights, shape: shape).cast(to: dtype)
}
