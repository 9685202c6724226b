import AviaryCore

/// Netpbm's images (PGM and PPM, plain and binary) as tensors [height, width, channels].
///
/// ```swift
/// let image = try PNM.read("digit.pgm")               // uint8[28, 28, 1]
/// try PNM.write(image, to: "copy.pgm")
/// ```
public enum PNM {
  /// The pixels of a PGM or PPM file (P2, P3, P5, P6): gray images have 1 channel, color images 3.
  ///
  /// The type is uint8, or uint16 if the maximum sample stated in the file is above 255. Samples are scaled so that
  /// this maximum becomes 255 or 65535, and rounded.
  ///
  /// - Parameters:
  ///   - bytes: the whole file; anything after the pixels of a binary file is ignored.
  ///   - source: the name for error messages.
  /// - Returns: the pixels, [height, width, channels].
  /// - Throws: ``FormatError``. Nothing is allocated before the stated size is found to match the file's.
  public static func decode(_ bytes: [UInt8], source: String = "PNM data") throws -> Tensor {
    var reader = try PNMReader(bytes, FormatSource(source))
    let shape: Shape = [reader.height, reader.width, reader.channels]
    var result = Tensor(uninitialized: shape, reader.greatest > 255 ? .uint16 : .uint8)
    if result.dtype == .uint8 {
      try result.withMutableScalars(as: UInt8.self) { try reader.fill($0) }
    } else {
      try result.withMutableScalars(as: UInt16.self) { try reader.fill($0) }
    }
    return result
  }

  /// The pixels of a PGM or PPM file on disk.
  public static func read(_ path: String) throws -> Tensor { try decode(FileBytes.read(path), source: path) }

  /// The bytes of a binary PGM or PPM file.
  ///
  /// - Parameter image: [height, width] or [height, width, channels] with 1 or 3 channels, in uint8 or uint16.
  /// - Returns: the file's contents.
  /// - Throws: ``FormatError`` for other shapes or types, and images without pixels.
  public static func encode(_ image: Tensor) throws -> [UInt8] {
    let shape = image.rank == 2 ? image.shape.inserting(1, at: 2) : image.shape
    guard shape.rank == 3, shape[2] == 1 || shape[2] == 3, shape[0] > 0, shape[1] > 0,
      image.dtype == .uint8 || image.dtype == .uint16
    else {
      throw FormatError(
        .unsupported, source: "PNM", expected: "an image [height, width, 1 or 3 channels] of uint8 or uint16",
        found: "a tensor \(image.spec)")
    }
    let greatest = image.dtype == .uint8 ? 255 : 65535
    var bytes = Array("P\(shape[2] == 1 ? 5 : 6)\n\(shape[1]) \(shape[0])\n\(greatest)\n".utf8)
    image.appendStored(to: &bytes, bigEndian: true)
    return bytes
  }

  /// Writes a binary PGM or PPM file atomically.
  public static func write(_ image: Tensor, to path: String) throws {
    try AtomicFile.write(encode(image), to: path)
  }
}
