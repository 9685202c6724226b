import AviaryCore
import AviaryRegistry

/// The window of a convolution's filters, with strides and padding.
struct FilterWindow: FieldGroup {
  @Field("Height and width of the filters: a whole number, or [height, width]", example: 3) var window: Size2D
  @Field("Strides: a whole number, or [down, right]") var strides: Size2D = 1
  @Field(
    "valid: only windows inside the image; same: zero padding for ⌈size / stride⌉ windows; cover: like valid, with a last window across the border if pixels would be left over; a whole number, or [rows, columns]: zeros on each side"
  )
  var padding = Window2D.Padding.valid

  init() {}

  init(_ window: Size2D, _ strides: Size2D, _ padding: Window2D.Padding) {
    self.window = window
    self.strides = strides
    self.padding = padding
  }

  func validate() throws { try padding.check() }

  /// The window for operations.
  func geometry(dilation: Int = 1) -> Window2D {
    Window2D(window, strides: strides, dilation: dilation, padding: padding)
  }
}
