import AviaryDataAssets
import AviaryRegistry

/// Handwritten digits, small enough to be embedded in the library.
///
/// 1797 images of 8 × 8 pixels by 13 people: the test part of "Optical Recognition of Handwritten Digits", in the order
/// of scikit-learn's `load_digits`. Background 0, ink up to 16: the number of dark pixels in a 4 × 4 block of the scan.
/// (Alpaydin and Kaynak, 1998; Creative Commons Attribution 4.0.)
///
/// Shapes: inputs uint8 [1797, 8, 8, 1], targets int64 [1797]; classes have from 174 rows (8) to 183 rows (3). The
/// original training part is not included, so the set has no parts of its own: use the split `stratified` or
/// `fractions`.
public struct DigitsData: DataSource, Registrable {
  public static let name = "digits"
  public static let card = Card(
    "Embedded: 1797 handwritten digits of 8 × 8 pixels with values from 0 to 16.",
    references: [
      "Alpaydin, Kaynak: Optical Recognition of Handwritten Digits (1998), UCI Machine Learning Repository, "
        + "doi:10.24432/C50P49, license CC BY 4.0"
    ], tags: ["image", "embedded"])

  @Field("npz file with images [n, height, width] and labels [n] to read instead of the embedded images", .nonEmpty)
  var file: String?

  public init() {}

  /// Unpacks the embedded images, or reads the given file.
  public func load(_ environment: DataEnvironment) throws -> DataSet {
    if let file = environment.file ?? file { return try .images(inNPZ: file, environment) }
    var count = 0
    let bytes = UnsafeBufferPointer(start: aviary_asset_digits(&count), count: count)
    return try .embedded(Self.name, bytes, classNames: (0...9).map(String.init))
  }
}
