import AviaryCore

/// Builds a PNG file, with a filter chosen per row and one chunk of image data.
struct PNGEncoder {
  private let layout: PNGLayout

  init(_ layout: PNGLayout) { self.layout = layout }

  func encoded(_ image: Tensor, level: Int) -> [UInt8] {
    var samples: [UInt8] = []
    samples.reserveCapacity(image.spec.byteCount)
    image.appendStored(to: &samples, bigEndian: true)

    var header: [UInt8] = []
    header.append(integer: UInt32(layout.width), bigEndian: true)
    header.append(integer: UInt32(layout.height), bigEndian: true)
    header += [UInt8(layout.bitDepth), layout.color.rawValue, 0, 0, 0]
    var bytes = PNG.signature
    append("IHDR", header, to: &bytes)
    append("IDAT", Deflate.deflate(filtered(samples), .zlib, level: level), to: &bytes)
    append("IEND", [], to: &bytes)
    return bytes
  }

  private func append(_ kind: String, _ data: [UInt8], to bytes: inout [UInt8]) {
    bytes.append(integer: UInt32(data.count), bigEndian: true)
    let start = bytes.count
    bytes += kind.utf8
    bytes += data
    bytes.append(integer: Checksum.crc32(bytes, in: start..<bytes.count), bigEndian: true)
  }

  /// Filters every row with the filter whose result, read as signed bytes, has the smallest sum of magnitudes, as the
  /// specification advises (section 12.7).
  private func filtered(_ samples: [UInt8]) -> [UInt8] {
    let count = layout.rowByteCount(layout.width)
    let zeros = [UInt8](repeating: 0, count: count)
    var trial = [UInt8](repeating: 0, count: count)
    var best = trial
    var result: [UInt8] = []
    result.reserveCapacity(layout.height * (count + 1))
    samples.withUnsafeBufferPointer { samples in
      for y in 0..<layout.height {
        let row = UnsafeBufferPointer(rebasing: samples[y * count..<(y + 1) * count])
        var least = Int.max
        var code = PNGFilter.none
        for filter in PNGFilter.allCases {
          trial.withUnsafeMutableBufferPointer { trial in
            zeros.withUnsafeBufferPointer { zeros in
              let above = y == 0 ? zeros : UnsafeBufferPointer(rebasing: samples[(y - 1) * count..<y * count])
              filter.apply(row, above: above, step: layout.filterStep, into: trial)
            }
          }
          let cost = trial.reduce(0) { $0 + Int(Int8(bitPattern: $1).magnitude) }
          if cost < least {
            (least, code) = (cost, filter)
            swap(&trial, &best)
          }
        }
        result.append(code.rawValue)
        result += best
      }
    }
    return result
  }
}
