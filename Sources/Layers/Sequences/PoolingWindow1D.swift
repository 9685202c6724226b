import AviaryCore
import AviaryRegistry

/// The window of a sequence pooling layer, with strides and padding.
struct PoolingWindow1D: FieldGroup {
  @Field("Number of steps per window", .in(1...65_536)) var window = 2
  @Field("Stride of the window; null for the window's size", .in(1...65_536)) var strides: Int?
  @Field(
    "valid: only windows inside; same: ⌈steps / stride⌉ windows; cover: like valid, with a last window across the end if steps would be left over; a whole number: padding at each end. Padding is ignored"
  )
  var padding = Padding1D.valid

  init() {}

  init(_ window: Int, _ strides: Int?, _ padding: Padding1D) {
    self.window = window
    self.strides = strides
    self.padding = padding
  }

  func validate() throws {
    try padding.check()
    try Check.that(
      padding != .causal, "padding",
      "\"valid\", \"same\", \"cover\", or a whole number; \"causal\" is for convolutions",
      found: "causal")
  }

  /// The window for operations.
  var geometry: Window2D { Window2D(steps: window, stride: strides ?? window, padding: padding) }

  /// The shape of the pooled sequences.
  func outputShape(for input: Shape, at path: String) throws -> Shape {
    try geometry.outputSequence(for: input, padding: padding, at: path)
  }
}
