import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The affine step after a per-example normalization: y = γ·x̂ + β with trained γ and β, initially 1 and 0.
struct ScaleAndShift: FieldGroup {
  @Field("Small constant ε added to the variance", .positive) var epsilon = 1e-5
  @Field("Applies the trained scale γ and shift β") var affine = true

  init() {}

  init(epsilon: Double, affine: Bool) {
    self.epsilon = epsilon
    self.affine = affine
  }

  /// Declares γ and β, if used.
  func declare(in builder: inout ParameterBuilder, shape: Shape) throws {
    guard affine else { return }
    try builder.parameter("scale", shape: shape, initializer: Constant(1))
    try builder.parameter("shift", shape: shape, initializer: Zeros())
  }

  /// The normalized rows [rows, positions, channels] of an input, in its shape.
  func callAsFunction(_ input: Variable, as rows: Shape, groups: Int, _ parameters: Parameters) -> Variable {
    let (channels, dtype) = (rows[2], input.dtype)
    let scale = affine ? parameters["scale"].flattened() : Variable(Tensor.ones([channels], dtype: dtype))
    let shift = affine ? parameters["shift"].flattened() : Variable(Tensor.zeros([channels], dtype: dtype))
    let normalization = GroupNormalization(groups: groups, epsilon: epsilon)
    return Variable.apply(normalization, to: [input.reshaped(to: rows), scale, shift])[0].reshaped(to: input.shape)
  }
}
