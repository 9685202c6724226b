import AviaryCore
import AviaryRegistry

/// The window that a pooling takes together, and how it goes over the image.
struct PoolingWindow: FieldGroup {
  @Field("Height and width of the window: a whole number, or [height, width]") var window: Size2D = 2
  @Field("Steps of the window: a whole number, or [down, right]; null for the window's size") var strides: Size2D?
  @Field(
    "valid: only windows inside the image; same: as many windows as strides fit; cover: also a last window that reaches over the border, where pixels would be left over; a whole number, or [rows, columns]: places added on each side. What lies outside the image does not take part"
  )
  var padding = Window2D.Padding.valid

  init() {}

  init(_ window: Size2D, _ strides: Size2D?, _ padding: Window2D.Padding) {
    self.window = window
    self.strides = strides
    self.padding = padding
  }

  func validate() throws { try padding.check() }

  /// The window as operations take it.
  var geometry: Window2D { Window2D(window, strides: strides ?? window, padding: padding) }
}
