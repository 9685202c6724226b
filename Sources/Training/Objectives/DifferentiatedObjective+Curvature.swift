import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers

extension DifferentiatedObjective {
  /// JᵀHJ·v plus the penalties' Hessians times v, where J is the Jacobian of the outputs and H the loss's Hessian.
  /// Throws ``ModelError`` if the objective's losses come without parts.
  public func gaussNewtonProduct(
    _ vector: Tensor, _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context
  ) throws -> Tensor {
    var context = context
    let variables = model.parameters.variables(trained)
    let targets = trained.indices.map { variables[$0] }
    guard let parts = try losses(model, variables, batch, &context).parts else {
      throw ModelError("\(type(of: self)) offers Gauss–Newton products, but its losses come without parts")
    }
    // Jv is the derivative of ⟨Jᵀu, v⟩ with respect to u, for any u.
    let u = Variable(tracking: Tensor(repeating: 1, shape: parts.outputs.shape, dtype: parts.outputs.dtype))
    let back = try parts.outputs.gradients(withRespectTo: targets, cotangent: u, recording: true)
    let flat = Variable.concatenate(back.map { $0.flattened() })
    let forth = try (flat * Variable(vector)).sum().gradients(withRespectTo: [u], retainingGraph: true)[0].value
    // H·Jv, for the mean loss.
    let outputs = Variable(tracking: parts.outputs.value)
    let mean = try parts.loss(outputs, Variable(parts.target)).mean()
    let slope = try mean.gradients(withRespectTo: [outputs], recording: true)[0]
    let bent =
      slope.isTracked
      ? try (slope * Variable(forth)).sum().gradients(withRespectTo: [outputs])[0].value
      : Tensor.zeros(forth.shape, dtype: forth.dtype)
    let products = try parts.outputs.gradients(withRespectTo: targets, cotangent: Variable(bent))
    let product = trained.joined(products.map(\.value), model.dtype)
    return try trained.penaltyProduct(vector, model.parameters).map { product + $0 } ?? product
  }

  /// If the outputs and the loss's curvature are known, (JᵀS·z)²/n, where S·Sᵀ is the Hessian of a row's loss with
  /// respect to its outputs and z are random signs: its mean is the diagonal of the Gauss–Newton matrix. Otherwise |z ⊙
  /// H·z|, whose mean is at least the Hessian's diagonal. Both plus the curvature of the penalties.
  public func diagonalCurvature(
    _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context
  ) throws -> Tensor {
    func signs(_ shape: Shape) -> Tensor {
      context.random["curvature"].bernoulli(shape, probability: 0.5).cast(to: model.dtype) * 2 - 1
    }
    var forward = context
    let variables = model.parameters.variables(trained)
    let found = try losses(model, variables, batch, &forward)
    let z = signs([trained.count])
    guard let parts = found.parts,
      let root = try parts.loss.curvatureRoot(
        parts.outputs.value, parts.target, times: signs(parts.outputs.shape))
    else { return try (hessianVectorProduct(z, model, trained, batch, context) * z).abs() }
    let targets = trained.indices.map { variables[$0] }
    let gradients = try parts.outputs.gradients(withRespectTo: targets, cotangent: Variable(root))
    let curvature = trained.joined(gradients.map(\.value), model.dtype).square() / Double(batch.count)
    return try trained.penaltyProduct(z, model.parameters).map { curvature + ($0 * z).abs() } ?? curvature
  }
}

extension TrainedParameters {
  /// The Hessian of the penalties times a vector; nil if there are no penalties.
  func penaltyProduct(_ vector: Tensor, _ store: ParameterStore) throws -> Tensor? {
    guard indices.contains(where: { store.entries[$0].regularizer != nil }) else { return nil }
    var start = 0
    let pieces = try indices.map { index -> Tensor in
      let entry = store.entries[index]
      let direction = vector.flatView(from: start, shape: entry.shape)
      start += entry.elementCount
      let parameter = Variable(tracking: store.value(of: entry))
      let zeros = Tensor.zeros(entry.shape, dtype: store.dtype)
      guard let penalty = entry.regularizer?(parameter), penalty.isTracked else { return zeros }
      let slope = try penalty.gradients(withRespectTo: [parameter], recording: true)[0]
      guard slope.isTracked else { return zeros }
      return try (slope * Variable(direction)).sum().gradients(withRespectTo: [parameter])[0].value
    }
    return joined(pieces, store.dtype)
  }
}
