import AviaryCore

/// Converts images to a model's stored inputs: gray or color, in the value range of the training inputs.
struct ImageFit {
  private let form: InputForm
  /// Channels of the inputs; nil if the inputs are flat rows.
  private let channels: Int?
  /// The range that pixels are scaled to; nil to keep 0…255.
  private let range: ClosedRange<Double>?
  /// Notes for the user.
  let notes: [String]

  /// Throws ``DataError`` if the model's inputs are not images.
  init(_ form: InputForm) throws {
    self.form = form
    switch form.shape.rank {
    case 1: channels = nil
    case 2: channels = 1
    case 3 where form.shape[2] == 1 || form.shape[2] == 3: channels = form.shape[2]
    default:
      throw DataError(
        "images",
        "the model was trained on inputs \(form.shape), which are not gray or color images; use a table or an npz archive"
      )
    }
    // Byte images use most of the range 0…255; other ranges, such as 0…16, mean other units.
    let areBytes = form.range.map { $0.lowerBound >= 0 && 128...255 ~= $0.upperBound } ?? true
    range = areBytes ? nil : form.range
    notes =
      range.map {
        ["pixels are scaled from 0…255 to \($0.lowerBound)…\($0.upperBound), the range of the training inputs"]
      } ?? []
  }

  /// Converts an image [height, width, channels] of uint8 or uint16 to a stored input.
  func callAsFunction(_ path: String, _ image: Tensor) throws -> Tensor {
    let (height, width) = (image.shape[0], image.shape[1])
    let isFlat = channels == nil
    if !isFlat, height != form.shape[0] || width != form.shape[1] {
      throw DataError(
        path,
        "the image has \(height) × \(width) pixels, but the model was trained on \(form.shape[0]) × \(form.shape[1]); "
          + "resize it first")
    }
    let wanted = channels ?? form.shape[0] / (height * width)
    guard height * width * wanted == form.shape.elementCount, wanted == 1 || wanted == 3 else {
      throw DataError(
        path,
        "the image has \(height) × \(width) pixels, but the model was trained on rows of \(form.shape[0]) numbers")
    }
    let opaque = try opaque(image, path)
    let pixels = try Self.channels(wanted, of: opaque.dtype == .uint16 ? opaque.cast(to: .float32) / 257 : opaque)
    return ranged(form.invertsImages ? inverted(pixels) : pixels).reshaped(to: form.shape)
  }

  /// Removes the alpha channel, which must be opaque.
  private func opaque(_ image: Tensor, _ path: String) throws -> Tensor {
    guard image.shape[2].isMultiple(of: 2) else { return image }
    let count = image.shape[2] - 1
    let full = image.dtype == .uint8 ? 255.0 : 65535
    guard image.slice(axis: 2, count..<count + 1).min().item() == full else {
      throw DataError(path, "the image has transparent pixels; flatten it onto a background first")
    }
    return image.slice(axis: 2, 0..<count)
  }

  /// Converts color to gray by the weights of ITU-R BT.601, rounded, and gray to color by repetition.
  private static func channels(_ wanted: Int, of pixels: Tensor) throws -> Tensor {
    guard pixels.shape[2] != wanted else { return pixels }
    guard wanted == 1 else { return Tensor.concatenate([pixels, pixels, pixels], axis: 2) }
    let weights = Tensor([0.299, 0.587, 0.114] as [Float])
    let gray = (pixels.cast(to: .float32) * weights).sum(axes: [2], keepingDimensions: true)
    return pixels.dtype == .uint8 ? (gray + 0.5).floor().cast(to: .uint8) : gray
  }

  private func inverted(_ pixels: Tensor) -> Tensor {
    let inverse = 255 - pixels.cast(to: .float32)
    return pixels.dtype == .uint8 ? inverse.cast(to: .uint8) : inverse
  }

  private func ranged(_ pixels: Tensor) -> Tensor {
    guard let range else { return pixels }
    return pixels.cast(to: .float32) / 255 * (range.upperBound - range.lowerBound) + range.lowerBound
  }
}
