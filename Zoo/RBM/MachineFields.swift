import AviaryLayers
import AviaryRegistry

/// What values the units of a machine take.
struct MachineUnits: FieldGroup {
  @Field("What values the visible units take: binary (probabilities will do), or gaussian with the variance 1")
  var visible = UnitKind.binary
  @Field("What values the hidden units take: binary, or gaussian for a linear code, beside binary visible ones")
  var hidden = UnitKind.binary

  init() {}

  func validate() throws {
    try Check.that(
      visible == .binary || hidden == .binary, "hidden",
      "\"binary\" beside gaussian visible units: with both gaussian, large weights have no finite Z", found: hidden)
  }
}

/// How a machine begins, and what keeps it small.
struct MachineWeights: FieldGroup {
  @Field(.initializer, "Draws the initial weights W [visible, hidden]")
  var weightInitializer: any Initializer = Normal(standardDeviation: 0.01)
  @Field(.initializer, "Draws the initial bias c [hidden]") var hiddenBiasInitializer: any Initializer = Zeros()
  @Field(.initializer, "Draws the initial bias b [visible]") var visibleBiasInitializer: any Initializer = Zeros()
  @Field(.regularizer, "Penalty of W") var weightRegularizer: (any Regularizer)?

  init() {}
}
