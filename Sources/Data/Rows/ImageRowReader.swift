import AviaryCore
import AviaryFormats

/// Reads images: PNG, PGM and PPM.
final class ImageRowReader: RowReader {
  /// File name extensions of images.
  static let extensions = [".png", ".pgm", ".ppm", ".pnm"]

  private let paths: [String]
  private let fit: ImageFit
  private let rowsAtOnce: Int
  private var position = 0

  init(_ paths: [String], _ form: InputForm) throws {
    self.paths = paths
    fit = try ImageFit(form)
    rowsAtOnce = min(form.rowsAtOnce, 256)
  }

  var share: Double { paths.isEmpty ? 1 : Double(position) / Double(paths.count) }

  var notes: [String] { fit.notes }

  func next() throws -> StoredRows? {
    let range = position..<min(position + rowsAtOnce, paths.count)
    guard !range.isEmpty else { return nil }
    position = range.upperBound
    let images = try paths[range].map { try fit($0, Self.pixels($0)) }
    // 16-bit images become floats; if mixed with 8-bit ones, all do.
    let isMixed = Set(images.map(\.dtype)).count > 1
    return StoredRows(
      inputs: Tensor.stack(isMixed ? images.map { $0.cast(to: .float32) } : images),
      place: .images(Array(paths[range])))
  }

  private static func pixels(_ path: String) throws -> Tensor {
    let bytes = try FileBytes.read(path)
    return bytes.first == 0x89 ? try PNG.decode(bytes, source: path) : try PNM.decode(bytes, source: path)
  }
}
