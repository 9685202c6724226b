import AviaryCore

/// Converts decompressed rows into pixels.
struct PNGDecoder {
  private let file: PNGFile
  private let layout: PNGLayout
  private let source: FormatSource
  private var raw: [UInt8]
  /// The transparent color's samples, for images without a palette.
  private let transparentColor: [UInt16]

  /// `raw` has the size given by the layout.
  init(_ file: PNGFile, _ raw: [UInt8], _ source: FormatSource) {
    self.file = file
    self.raw = raw
    self.source = source
    layout = file.layout
    let bytes = layout.color == .palette ? [] : file.transparency
    transparentColor = stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
  }

  mutating func pixels() throws -> Tensor {
    let shape: Shape = [layout.height, layout.width, layout.channels]
    var result = Tensor(uninitialized: shape, layout.dtype)
    try undoFilters()
    if layout.dtype == .uint8 {
      try result.withMutableScalars(as: UInt8.self) { try fill($0) }
    } else {
      try result.withMutableScalars(as: UInt16.self) { try fill($0) }
    }
    return result
  }

  private mutating func undoFilters() throws {
    let zeros = [UInt8](repeating: 0, count: layout.rowByteCount(layout.width))
    let step = layout.filterStep
    let passes = layout.passes
    let invalid = raw.withUnsafeMutableBufferPointer { raw -> UInt8? in
      zeros.withUnsafeBufferPointer { zeros in
        var start = 0
        for pass in passes {
          let count = layout.rowByteCount(pass.width)
          var above = UnsafeBufferPointer(rebasing: zeros[..<count])
          for _ in 0..<pass.height {
            guard let filter = PNGFilter(rawValue: raw[start]) else { return raw[start] }
            let row = UnsafeMutableBufferPointer(rebasing: raw[start + 1..<start + 1 + count])
            filter.undo(row, above: above, step: step)
            above = UnsafeBufferPointer(row)
            start += 1 + count
          }
        }
        return nil
      }
    }
    if let invalid {
      throw source.member("IDAT").error(expected: "a row's filter from 0 to 4", found: "\(invalid)")
    }
  }

  private func fill<Sample: FixedWidthInteger & UnsignedInteger>(
    _ target: UnsafeMutableBufferPointer<Sample>
  ) throws {
    let channels = layout.channels
    let samples = layout.color.samples
    var start = 0
    for pass in layout.passes {
      for y in 0..<pass.height {
        start += 1
        let row = (pass.startY + y * pass.stepY) * layout.width
        for x in 0..<pass.width {
          let place = (row + pass.startX + x * pass.stepX) * channels
          if layout.color == .palette {
            try fillFromPalette(target, at: place, Int(sample(x, from: start)))
          } else {
            fill(target, at: place) { sample(x * samples + $0, from: start) }
          }
        }
        start += layout.rowByteCount(pass.width)
      }
    }
  }

  /// The sample at a position in the row that starts at `start`, in its stored depth.
  @inline(__always)
  private func sample(_ position: Int, from start: Int) -> UInt16 {
    switch layout.bitDepth {
    case 8: return UInt16(raw[start + position])
    case 16: return UInt16(raw[start + 2 * position]) << 8 | UInt16(raw[start + 2 * position + 1])
    default:
      let depth = layout.bitDepth
      let bit = position * depth
      let shift = 8 - depth - bit % 8
      return UInt16(raw[start + bit / 8]) >> UInt16(shift) & (1 << UInt16(depth) - 1)
    }
  }

  @inline(__always)
  private func fill<Sample: FixedWidthInteger & UnsignedInteger>(
    _ target: UnsafeMutableBufferPointer<Sample>, at place: Int, _ sample: (Int) -> UInt16
  ) {
    // With 1, 2 and 4 bits, the largest sample becomes 255.
    let scale: UInt16 = layout.bitDepth < 8 ? 255 / (1 << UInt16(layout.bitDepth) - 1) : 1
    let samples = layout.color.samples
    var isTransparent = layout.hasTransparency
    for channel in 0..<samples {
      let value = sample(channel)
      if isTransparent { isTransparent = value == transparentColor[channel] }
      target[place + channel] = Sample(truncatingIfNeeded: value * scale)
    }
    if layout.hasTransparency { target[place + samples] = isTransparent ? 0 : .max }
  }

  private func fillFromPalette<Sample: FixedWidthInteger & UnsignedInteger>(
    _ target: UnsafeMutableBufferPointer<Sample>, at place: Int, _ index: Int
  ) throws {
    guard 3 * index < file.palette.count else {
      throw source.member("IDAT").error(
        expected: "indices into a palette of \(file.palette.count / 3) colors", found: "\(index)")
    }
    for channel in 0..<3 { target[place + channel] = Sample(file.palette[3 * index + channel]) }
    if layout.hasTransparency {
      target[place + 3] = index < file.transparency.count ? Sample(file.transparency[index]) : 255
    }
  }
}
