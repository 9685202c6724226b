import AviaryAutograd
import AviaryCore
import AviaryTestSupport
import Testing

/// Values and gradients from PyTorch, and the laws of every differentiable operation.
@Suite("Primitives against stored results")
struct GoldenPrimitiveTests {
  static let piecewiseConstant: Set = ["sign", "round"]

  static func cases() throws -> [GoldenCase] {
    try GoldenDocument("primitives").cases + GoldenDocument("convolution").cases
  }

  @Test("values", arguments: try cases())
  func values(_ stored: GoldenCase) throws {
    let inputs = try stored.tensors("inputs").compactMap { $0 }
    let found = try GoldenOperation(stored)(inputs)
    let broken = mismatches(
      found, try stored.tensors("outputs"), "output", tolerance: 1e-12, scale: stored.isExtreme ? 1e-300 : nil)
    #expect(broken == [])
  }

  @Test("gradients", arguments: try cases())
  func gradients(_ stored: GoldenCase) throws {
    let inputs = try stored.tensors("inputs").compactMap { $0 }
    let expected = try stored.tensors("gradients")
    let cotangents = try stored.tensors("cotangents")
    guard expected.contains(where: { $0 != nil }) else { return }
    let variables = inputs.map { $0.dtype.isDifferentiable ? Variable(tracking: $0) : Variable($0) }
    let outputs = try GoldenOperation(stored)(variables)
    var total: Variable?
    for (output, cotangent) in zip(outputs, cotangents) where output.dtype.isDifferentiable {
      guard let cotangent else { continue }
      let term = (output * Variable(cotangent)).sum()
      total = total.map { $0 + term } ?? term
    }
    let wanted = expected.indices.filter { expected[$0] != nil }
    let scalar = try #require(total)
    if Self.piecewiseConstant.contains(stored.op) {
      #expect(throws: DifferentiationError.piecewiseConstant(primitive: stored.op)) {
        try scalar.gradients(withRespectTo: wanted.map { variables[$0] })
      }
      return
    }
    var found = try scalar.gradients(withRespectTo: wanted.map { variables[$0] }).map(\.value)
    if stored.op == "cholesky" { found = found.map { ($0 + $0.transposed()) * 0.5 } }
    // With a mean of 1e8, PyTorch's deviations have eight digits; ours are those of exact arithmetic.
    let tolerance = stored.name == "variance/large-mean" ? 1e-8 : 1e-11
    let broken = mismatches(
      found, wanted.map { expected[$0] }, "gradient", tolerance: tolerance, scale: stored.isExtreme ? 1e-300 : nil)
    #expect(broken == [])
  }

  @Test("laws: differences, second derivatives, float32, views", arguments: try cases())
  func laws(_ stored: GoldenCase) throws {
    let isSmooth = try stored.tensors("gradients").contains { $0 != nil }
    guard isSmooth, !stored.isExtreme, !Self.unsuitable.contains(stored.name),
      !Self.piecewiseConstant.contains(stored.op)
    else { return }
    let inputs = try stored.tensors("inputs").compactMap { $0 }
    let broken =
      stored.op == "cholesky"
      ? try checkPrimitive(SymmetricCholesky(), at: inputs, tolerance: 2e-6)
      : try checkPrimitive(GoldenOperation(stored), at: inputs, tolerance: 2e-6)
    #expect(broken == [])
  }

  /// Cases unsuitable for finite differences or float32: ties, cancellation, undefined derivatives.
  static let unsuitable: Set = [
    "maxPool2d/ties", "variance/large-mean", "pow/negative-base", "batchNorm/constant-column", "mod/signs",
    "softmaxCrossEntropy/probabilities-extreme", "pow/square-of-zero",
  ]
}

/// The factor of (A + Aᵀ)/2: the factorization reads only one triangle, but its derivative is with respect to symmetric
/// matrices.
private struct SymmetricCholesky: TensorOperation {
  func callAsFunction<Value: TensorProtocol>(_ inputs: [Value]) -> [Value] {
    [((inputs[0] + inputs[0].transposed()) * 0.5).cholesky()]
  }
}
