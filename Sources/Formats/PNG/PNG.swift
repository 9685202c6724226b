import AviaryCore

/// Portable Network Graphics (W3C Recommendation, 3rd edition): images as tensors [height, width, channels].
///
/// ```swift
/// let image = try PNG.read("digit.png")               // uint8[28, 28, 1]
/// try PNG.write(image, to: "copy.png")
/// let bytes = try PNG.encode(heatMap)                 // uint8[h, w, 3], for a report
/// ```
public enum PNG {
  /// The pixels of a PNG file.
  ///
  /// Gray images have 1 channel, gray with alpha 2, color 3, color with alpha 4. Palettes become colors, samples of
  /// fewer than 8 bits are scaled to 0…255, and a transparent color becomes an alpha channel. The type is uint8, or
  /// uint16 for 16-bit samples. Color profiles, gamma and other metadata are ignored.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - source: the name for error messages.
  ///   - maximumByteCount: the maximum size of the pixels, by default 1 GiB.
  /// - Returns: the pixels, [height, width, channels].
  /// - Throws: ``FormatError`` naming the chunk. Sizes are checked against the compressed data before anything is
  ///   allocated.
  public static func decode(
    _ bytes: [UInt8], source: String = "PNG data", maximumByteCount: Int = 1 << 30
  ) throws -> Tensor {
    let source = FormatSource(source)
    let file = try PNGFile(bytes, source)
    let layout = file.layout
    let limit = SystemLibrary.limit(maximumByteCount)
    guard let count = layout.pixelByteCount, let rawCount = layout.rawByteCount, count <= limit
    else {
      throw source.error(
        .tooLarge, expected: "pixels of at most \(limit) bytes",
        found: "\(layout.width) × \(layout.height) of \(layout.channels) channels")
    }
    guard rawCount <= Deflate.greatestInflatedCount(of: file.compressed.count) else {
      throw source.member("IDAT").error(
        expected: "data that can become \(layout.width) × \(layout.height) pixels",
        found: "\(file.compressed.count) bytes")
    }
    let data = file.compressed
    let raw = try Deflate.inflate(data, in: data.indices, .zlib, count: rawCount, source: source.member("IDAT"))
    var decoder = PNGDecoder(file, raw, source)
    return try decoder.pixels()
  }

  /// The pixels of a PNG file on disk.
  public static func read(_ path: String, maximumByteCount: Int = 1 << 30) throws -> Tensor {
    try decode(FileBytes.read(path), source: path, maximumByteCount: maximumByteCount)
  }

  /// The bytes of a PNG file.
  ///
  /// - Parameters:
  ///   - image: [height, width] or [height, width, channels] with 1 to 4 channels, in uint8 or uint16, without
  ///     conversion.
  ///   - level: 1 (fast) to 9 (small), or 0 (stored).
  /// - Returns: the file's contents.
  /// - Throws: ``FormatError`` for other shapes or types, and images without pixels.
  public static func encode(_ image: Tensor, level: Int = 6) throws -> [UInt8] {
    let source = FormatSource("PNG")
    let shape = image.rank == 2 ? image.shape.inserting(1, at: 2) : image.shape
    guard shape.rank == 3, 1...4 ~= shape[2], 1...0x7FFF_FFFF ~= shape[0], 1...0x7FFF_FFFF ~= shape[1] else {
      throw source.error(
        .unsupported, expected: "an image [height, width] or [height, width, 1 to 4 channels]",
        found: "a tensor \(image.spec)")
    }
    guard image.dtype == .uint8 || image.dtype == .uint16 else {
      throw source.error(
        .unsupported, expected: "samples of uint8 or uint16", found: image.dtype.name,
        remedy: "scale to 0…255 and cast(to: .uint8)")
    }
    // A chunk of image data must stay below 2 GiB.
    guard image.spec.byteCount <= 1 << 30 else {
      throw source.error(.unsupported, expected: "pixels of at most 1 GiB", found: "\(image.spec.byteCount) bytes")
    }
    let color: [PNGLayout.Color] = [.gray, .grayAlpha, .rgb, .rgba]
    let layout = PNGLayout(
      width: shape[1], height: shape[0], bitDepth: image.dtype == .uint8 ? 8 : 16, color: color[shape[2] - 1],
      isInterlaced: false)
    return PNGEncoder(layout).encoded(image, level: level)
  }

  /// Writes a PNG file atomically.
  public static func write(_ image: Tensor, to path: String, level: Int = 6) throws {
    try AtomicFile.write(encode(image, level: level), to: path)
  }

  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
}
