import AviaryLayers
import AviaryRegistry

/// The kinds of an RBM's units.
struct MachineUnits: FieldGroup {
  @Field("Type of the visible units: binary (or probabilities), or gaussian with variance 1")
  var visible = UnitKind.binary
  @Field("Type of the hidden units: binary, or gaussian for a linear code, which needs binary visible units")
  var hidden = UnitKind.binary

  init() {}

  func validate() throws {
    try Check.that(
      visible == .binary || hidden == .binary, "hidden",
      "\"binary\" with gaussian visible units: if both are gaussian, Z is infinite for large weights", found: hidden)
  }
}

/// Initializers and regularizer of an RBM.
struct MachineWeights: FieldGroup {
  @Field(.initializer, "Initializer of the weights W [visible, hidden]")
  var weightInitializer: any Initializer = Normal(standardDeviation: 0.01)
  @Field(.initializer, "Initializer of the bias c [hidden]") var hiddenBiasInitializer: any Initializer = Zeros()
  @Field(.initializer, "Initializer of the bias b [visible]") var visibleBiasInitializer: any Initializer = Zeros()
  @Field(.regularizer, "Penalty on W") var weightRegularizer: (any Regularizer)?

  init() {}
}
