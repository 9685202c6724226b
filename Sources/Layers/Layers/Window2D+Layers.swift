import AviaryCore
import AviaryRegistry

extension Window2D {
  init(
    _ size: Size2D, strides: Size2D, dilation: Int = 1, padding: Padding, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(
      height: size.height, width: size.width, strides: strides.pair, dilation: dilation, padding: padding, file: file,
      line: line)
  }

  /// The output shape for images [height, width, channels].
  ///
  /// Throws ``LayerError`` if the input is not an image or the window does not fit.
  func outputShape(for input: Shape, channels: Int? = nil, at path: String) throws -> Shape {
    guard input.rank == 3 else {
      throw LayerError(
        path: path,
        "it takes images [height, width, channels], not \(input); put a 'reshape' layer before it")
    }
    guard let output = outputSize(height: input[0], width: input[1]) else {
      if case .border(let rows, let columns) = padding, rows >= reach.height || columns >= reach.width {
        throw LayerError(
          path: path,
          "windows of \(reach.height)×\(reach.width) pixels could lie entirely in its padding of \(rows) rows and "
            + "\(columns) columns; use padding smaller than the window")
      }
      throw LayerError(
        path: path,
        "its window, \(size.height)×\(size.width) pixels, does not fit into images of \(input[0])×\(input[1]); make it "
          + "smaller, or use padding 'same'")
    }
    return [output.height, output.width, channels ?? input[2]]
  }
}
