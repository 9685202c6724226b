import AviaryDataAssets
import AviaryRegistry

/// Images of single characters in five typefaces to tell apart, embedded in the library.
///
/// 2790 images, 558 per typeface in the order of the labels: letters, digits and symbols, shifted, rotated and in
/// several weights, rendered from freely licensed fonts. Background 0, ink up to 255.
///
/// Shapes: inputs uint8 [2790, 36, 36, 1], targets int64 [2790].
///
/// A file to read instead is an npz archive with images [n, height, width] and labels [n], such as the course's own
/// `data_with_labels.npz`; its labels name the classes.
public struct FontsData: DataSource, Registrable {
  public static let name = "fonts"
  public static let card = Card(
    "Embedded: 2790 gray images of 36 × 36 pixels, 558 characters in each of five typefaces, by typeface.",
    tags: ["image", "embedded"])

  @Field("npz file with images [n, height, width] and labels [n] to read instead of the embedded images", .nonEmpty)
  var file: String?

  public init() {}

  /// Unpacks the embedded images, or reads the given file.
  public func load(_ environment: DataEnvironment) throws -> DataSet {
    if let file = environment.file ?? file { return try .images(inNPZ: file, environment) }
    var count = 0
    let bytes = UnsafeBufferPointer(start: aviary_asset_fonts(&count), count: count)
    let names = (0..<aviary_asset_fonts_class_count()).compactMap { label in
      aviary_asset_fonts_class_name(label).map { String(cString: $0) }
    }
    return try .embedded(Self.name, bytes, classNames: names)
  }
}
