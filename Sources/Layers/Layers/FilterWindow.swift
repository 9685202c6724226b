import AviaryCore
import AviaryRegistry

/// The window of a convolution's filters, and how it goes over the image.
struct FilterWindow: FieldGroup {
  @Field("Height and width of the filters: a whole number, or [height, width]", example: 3) var window: Size2D
  @Field("Steps of the window: a whole number, or [down, right]") var strides: Size2D = 1
  @Field(
    "valid: only windows inside the image; same: as many windows as strides fit, zeros around; cover: also a last window that reaches over the border, where pixels would be left over; a whole number, or [rows, columns]: zeros on each side"
  )
  var padding = Window2D.Padding.valid

  init() {}

  init(_ window: Size2D, _ strides: Size2D, _ padding: Window2D.Padding) {
    self.window = window
    self.strides = strides
    self.padding = padding
  }

  func validate() throws { try padding.check() }

  /// The window as operations take it.
  func geometry(dilation: Int = 1) -> Window2D {
    Window2D(window, strides: strides, dilation: dilation, padding: padding)
  }
}
