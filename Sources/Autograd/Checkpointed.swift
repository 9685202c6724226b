import AviaryCore

/// Computes a function without recording it; its derivative computes it again. So what lies between inputs and results takes
/// no memory until the backward walk arrives, and none after it.
///
/// The function must depend on nothing tracked but its inputs, and give the same results when called again. (Chen, Xu, Zhang,
/// Guestrin: Training deep nets with sublinear memory cost, 2016.)
package func checkpointed(_ inputs: [Variable], _ function: @escaping ([Variable]) -> [Variable]) -> [Variable] {
  let outputs = function(inputs.map { $0.detached() }).map(\.value)
  guard inputs.contains(where: \.isTracked) else { return outputs.map(Variable.init) }
  let node = Node(Checkpointed(function: function, specs: outputs.map(\.spec)), inputs: inputs, outputs: outputs)
  return outputs.enumerated().map { Variable($1, $1.dtype.isDifferentiable ? node : nil, $0) }
}

/// A function whose derivative computes it again.
///
/// It belongs, as the variables of its graph do, to the thread that made it.
private struct Checkpointed: DifferentiablePrimitive, @unchecked Sendable {
  let function: ([Variable]) -> [Variable]
  let specs: [TensorSpec]

  var name: String { "checkpointed" }

  func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] { specs }

  func pullback(_ pullback: Pullback) throws -> [Variable?] { try pullback.through(function) }
}
