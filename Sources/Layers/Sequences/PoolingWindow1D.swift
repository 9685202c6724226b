import AviaryCore
import AviaryRegistry

/// The window that a pooling of sequences takes together, and how it goes over them.
struct PoolingWindow1D: FieldGroup {
  @Field("Number of steps that are taken together", .in(1...65_536)) var window = 2
  @Field("Step of the window; null for the window's size", .in(1...65_536)) var strides: Int?
  @Field(
    "valid: only windows inside; same: as many windows as strides fit; cover: also a last window that reaches over the end; a whole number: steps added at each end. What lies outside does not take part"
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

  /// The window as operations take it.
  var geometry: Window2D { Window2D(steps: window, stride: strides ?? window, padding: padding) }

  /// The shape of the pooled sequences.
  func outputShape(for input: Shape, at path: String) throws -> Shape {
    try geometry.outputSequence(for: input, padding: padding, at: path)
  }
}
