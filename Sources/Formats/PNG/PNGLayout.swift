import AviaryCore

/// What the first chunk says: size, samples, interlacing; and what follows from it.
struct PNGLayout {
  /// What a pixel's samples mean; the raw values are the format's colour types.
  enum Color: UInt8 {
    case gray = 0
    case rgb = 2
    case palette = 3
    case grayAlpha = 4
    case rgba = 6

    var samples: Int {
      switch self {
      case .gray, .palette: 1
      case .grayAlpha: 2
      case .rgb: 3
      case .rgba: 4
      }
    }

    var bitDepths: [Int] {
      switch self {
      case .gray: [1, 2, 4, 8, 16]
      case .palette: [1, 2, 4, 8]
      case .rgb, .grayAlpha, .rgba: [8, 16]
      }
    }
  }

  /// A part of an image that is stored as an image of its own: every `step`th pixel from `start`.
  struct Pass {
    var startX: Int
    var startY: Int
    var stepX: Int
    var stepY: Int
    var width: Int
    var height: Int
  }

  var width: Int
  var height: Int
  var bitDepth: Int
  var color: Color
  var isInterlaced: Bool
  /// A transparent colour or palette entry gives the pixels alpha.
  var hasTransparency = false

  /// Samples of a decoded pixel.
  var channels: Int { (color == .palette ? 3 : color.samples) + (hasTransparency ? 1 : 0) }

  var dtype: DType { bitDepth == 16 ? .uint16 : .uint8 }

  /// The distance, in bytes, to the sample that filters take for the one on the left.
  var filterStep: Int { max(1, color.samples * bitDepth / 8) }

  /// Bytes of a row of `width` pixels, without its filter's code. The width fits in 31 bits.
  func rowByteCount(_ width: Int) -> Int { (width * color.samples * bitDepth + 7) / 8 }

  /// Bytes of the decoded pixels, or nil beyond what fits.
  var pixelByteCount: Int? { checkedByteCount(of: [height, width, channels], dtype) }

  /// Bytes of all rows of all passes, with their filters' codes.
  var rawByteCount: Int? {
    var total = 0
    for pass in passes {
      let (bytes, overflow) = pass.height.multipliedReportingOverflow(by: rowByteCount(pass.width) + 1)
      let (sum, overflowed) = total.addingReportingOverflow(bytes)
      if overflow || overflowed { return nil }
      total = sum
    }
    return total
  }

  /// The whole image, or the seven passes of Adam7 that have pixels.
  var passes: [Pass] {
    guard isInterlaced else {
      return [Pass(startX: 0, startY: 0, stepX: 1, stepY: 1, width: width, height: height)]
    }
    let grid = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    return grid.map { x, y, stepX, stepY in
      Pass(
        startX: x, startY: y, stepX: stepX, stepY: stepY, width: (width - x + stepX - 1) / stepX,
        height: (height - y + stepY - 1) / stepY)
    }.filter { $0.width > 0 && $0.height > 0 }
  }
}
