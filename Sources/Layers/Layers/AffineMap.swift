import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The map f(x·W + b) shared by fully connected layers.
struct AffineMap: FieldGroup {
  @Field("Number of outputs", .positive, example: 8) var units: Int
  @Field(.activation, "Activation f") var activation: any Activation = Identity()
  var weights = Weights()

  init() {}

  init(activation: any Activation) { self.activation = activation }

  /// Declares W [in, units] and b [units].
  func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try weights.declare(in: &builder, shape: [input.elementCount, units])
    return [units]
  }

  /// The map without the activation, x·W + b; x·Wᵀ + b if W belongs to another layer.
  func linear(_ input: Variable, _ parameters: Parameters, transposingWeight: Bool = false) -> Variable {
    let (x, weight) = (input.flattenedRows(), parameters["weight"])
    guard weights.bias else { return x.matmul(weight, transposingRight: transposingWeight) }
    return x.affine(weight: weight, bias: parameters["bias"], transposingWeight: transposingWeight)
  }
}
