import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Padding of the axes between the batch axis and the channels.
struct Surroundings: FieldGroup {
  @Field(
    "constant: one value; reflect: the reflection at the border; replicate: the nearest element") var mode =
    PaddingMode.constant
  @Field("Value for the mode constant") var value = 0.0

  init() {}

  init(_ mode: PaddingMode, _ value: Double) {
    self.mode = mode
    self.value = value
  }

  /// The padded shape.
  func outputShape(_ margins: [Margins1D], for input: Shape, at path: String) throws -> Shape {
    try mode.check(margins, input, at: path)
    var output = input
    for (axis, margin) in margins.enumerated() { output[axis] += margin.before + margin.after }
    return output
  }

  /// The padded batch.
  func callAsFunction(_ input: Variable, _ margins: [Margins1D]) -> Variable {
    if mode == .constant {
      return input.padded(
        before: [0] + margins.map(\.before) + [0], after: [0] + margins.map(\.after) + [0], value: value)
    }
    var output = input
    for (axis, margin) in margins.enumerated() where margin != 0 {
      output = output.gather(Variable(mode.positions(margin, length: input.shape[axis + 1])), axis: axis + 1)
    }
    return output
  }
}
