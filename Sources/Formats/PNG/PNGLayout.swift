import AviaryCore

/// The first chunk: size, samples and interlacing, and what follows from them.
struct PNGLayout {
  /// The meaning of a pixel's samples; raw values are the format's color types.
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

  /// A part of an image stored as an image of its own: every `step`th pixel from `start`.
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
  /// Whether a transparent color or palette entry adds an alpha channel.
  var hasTransparency = false

  /// Samples per decoded pixel.
  var channels: Int { (color == .palette ? 3 : color.samples) + (hasTransparency ? 1 : 0) }

  var dtype: DType { bitDepth == 16 ? .uint16 : .uint8 }

  /// The distance in bytes to the sample that filters use as the left neighbor.
  var filterStep: Int { max(1, color.samples * bitDepth / 8) }

  /// The size in bytes of a row of `width` pixels, without its filter's code. The width fits in 31 bits.
  func rowByteCount(_ width: Int) -> Int { (width * color.samples * bitDepth + 7) / 8 }

  /// The size of the decoded pixels in bytes, or nil if it overflows.
  var pixelByteCount: Int? { checkedByteCount(of: [height, width, channels], dtype) }

  /// The size in bytes of all rows of all passes, including their filters' codes.
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

  /// The whole image, or the non-empty ones of Adam7's seven passes.
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
