import AviaryCore
import AviaryRegistry

/// The window of a pooling layer, with strides and padding.
struct PoolingWindow: FieldGroup {
  @Field("Height and width of the window: a whole number, or [height, width]") var window: Size2D = 2
  @Field("Strides: a whole number, or [down, right]; null for the window's size") var strides: Size2D?
  @Field(
    "valid: only windows inside the image; same: ⌈size / stride⌉ windows; cover: like valid, with a last window across the border if pixels would be left over; a whole number, or [rows, columns]: padding on each side. Padding is ignored"
  )
  var padding = Window2D.Padding.valid

  init() {}

  init(_ window: Size2D, _ strides: Size2D?, _ padding: Window2D.Padding) {
    self.window = window
    self.strides = strides
    self.padding = padding
  }

  func validate() throws { try padding.check() }

  /// The window for operations.
  var geometry: Window2D { Window2D(window, strides: strides ?? window, padding: padding) }
}
