import Aviary

/// A dense layer that adds to its input instead of replacing it: y = x + f(x·W + b).
///
/// Shapes: input [in], weight [in, in], bias [in], output [in].
struct ResidualDense: Layer, Registrable {
  static let name = "residual-dense"
  static let card = Card(
    "A dense layer that adds to its input instead of replacing it.", formula: "y = x + f(x·W + b)",
    references: ["He, Zhang, Ren, Sun: Deep residual learning for image recognition (2016), arXiv:1512.03385"])

  @Field(.activation, "Activation f") var activation: any Activation = Tanh()
  @Field(.initializer, "Initializer of the weights W [in, in]") var weightInitializer: any Initializer = GlorotUniform()

  func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank == 1 else {
      throw LayerError(path: builder.path, "a residual layer takes vectors, found \(input); put a 'flatten' before it")
    }
    try builder.parameter("weight", shape: [input[0], input[0]], initializer: weightInitializer)
    try builder.parameter("bias", shape: [input[0]], initializer: Zeros())
    return input
  }

  func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input + activation(input.affine(weight: parameters["weight"], bias: parameters["bias"]))
  }
}
