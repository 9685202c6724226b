import AviaryCore

/// Images side by side in one, as filters, samples and reconstructions are shown.
public enum ImageGrid {
  /// One image of many, row by row, with a gap between neighbours.
  ///
  /// - Parameters:
  ///   - images: [n, height, width, channels] with 1 to 4 channels, any number type.
  ///   - columns: how many in a row, at least 1; all in one row where there are fewer images.
  ///   - range: the values that become black and white; others are cut off. 0 to 1 unless given.
  ///   - gap: the pixels between neighbours, gray.
  ///   - scale: each pixel of an image becomes a square of so many, at least 1.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: uint8 [rows·(scale·height + gap) − gap, columns·(scale·width + gap) − gap, channels].
  public static func tiled(
    _ images: Tensor, columns: Int, range: ClosedRange<Double> = 0...1, gap: Int = 1, scale: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(images.rank == 4 && images.shape[0] > 0, "a grid of images [n, h, w, c], not \(images.shape)", file, line)
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
    // Every image gets its gap below and to the right; the last row's and column's are cut off in the end.
    let framed = scaled.clamped(to: 0...255.5).padded(
      before: [0, 0, 0, 0], after: [down * across - count, gap, gap, 0], value: 128
    ).cast(to: .uint8)
    let (tall, wide) = (height + gap, width + gap)
    return framed.reshaped(to: [down, across, tall, wide, channels]).transposed(axes: [0, 2, 1, 3, 4])
      .reshaped(to: [down * tall, across * wide, channels])
      .slice(axis: 0, 0..<(down * tall - gap)).slice(axis: 1, 0..<(across * wide - gap))
  }
}
