import AviaryCore

/// Computes a function without recording it; the backward pass computes it again. Its intermediate results therefore
/// take memory only while the backward pass is at the function.
///
/// The function must not use tracked variables other than its inputs, and must give the same results when called again.
/// (Chen, Xu, Zhang, Guestrin: Training deep nets with sublinear memory cost, 2016.)
package func checkpointed(_ inputs: [Variable], _ function: @escaping ([Variable]) -> [Variable]) -> [Variable] {
  let outputs = function(inputs.map { $0.detached() }).map(\.value)
  guard inputs.contains(where: \.isTracked) else { return outputs.map(Variable.init) }
  let node = Node(Checkpointed(function: function, specs: outputs.map(\.spec)), inputs: inputs, outputs: outputs)
  return outputs.enumerated().map { Variable($1, $1.dtype.isDifferentiable ? node : nil, $0) }
}

/// A function that the backward pass computes again.
///
/// Like the variables of its graph, it belongs to the thread that made it.
private struct Checkpointed: DifferentiablePrimitive, @unchecked Sendable {
  let function: ([Variable]) -> [Variable]
  let specs: [TensorSpec]

  var name: String { "checkpointed" }

  func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] { specs }

  func pullback(_ pullback: Pullback) throws -> [Variable?] { try pullback.through(function) }
}
