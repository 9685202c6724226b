import AviaryCore

/// Tiles images into one, to show filters, samples and reconstructions.
public enum ImageGrid {
  /// Tiles images row by row, with a gap between neighbors.
  ///
  /// - Parameters:
  ///   - images: [n, height, width, channels] with 1 to 4 channels, any number type.
  ///   - columns: images per row, at least 1; fewer images make one row.
  ///   - range: the values for black and white; others are clipped. Default: 0 to 1.
  ///   - gap: the gray pixels between neighbors.
  ///   - scale: the size of the square that each pixel becomes, at least 1.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: uint8 [rows·(scale·height + gap) − gap, columns·(scale·width + gap) − gap, channels].
  public static func tiled(
    _ images: Tensor, columns: Int, range: ClosedRange<Double> = 0...1, gap: Int = 1, scale: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(images.rank == 4 && images.shape[0] > 0, "expected images [n, h, w, c], not \(images.shape)", file, line)
    require(
      columns > 0 && gap >= 0 && scale > 0, "a grid of \(columns) columns with gaps of \(gap), scaled by \(scale)",
      file, line)
    let (count, channels) = (images.shape[0], images.shape[3])
    let (height, width) = (images.shape[1] * scale, images.shape[2] * scale)
    let across = min(columns, count)
    let down = (count + across - 1) / across
    let span = range.upperBound - range.lowerBound
    let squares = images.reshaped(to: [count, images.shape[1], 1, images.shape[2], 1, channels])
      .broadcast(to: [count, images.shape[1], scale, images.shape[2], scale, channels])
      .reshaped(to: [count, height, width, channels])
    let scaled = (squares.cast(to: .float32) - range.lowerBound) * (span > 0 ? 255 / span : 0) + 0.5
    // Every image gets its gap below and to the right; those of the last row and column are removed at the end.
    let framed = scaled.clamped(to: 0...255.5).padded(
      before: [0, 0, 0, 0], after: [down * across - count, gap, gap, 0], value: 128
    ).cast(to: .uint8)
    let (tall, wide) = (height + gap, width + gap)
    return framed.reshaped(to: [down, across, tall, wide, channels]).transposed(axes: [0, 2, 1, 3, 4])
      .reshaped(to: [down * tall, across * wide, channels])
      .slice(axis: 0, 0..<(down * tall - gap)).slice(axis: 1, 0..<(across * wide - gap))
  }
}
