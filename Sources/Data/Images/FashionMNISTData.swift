import AviaryRegistry

/// Fashion-MNIST: articles of clothing from a shop's pictures, in the shape and the files of MNIST.
///
/// Shapes: inputs uint8 [70000, 28, 28, 1], background 0, targets int64 [70000]; parts `train` 0..<60000 and `test`
/// 60000..<70000, in the files' order; 6000 and 1000 of each of ten classes.
///
/// The files, plain or in gzip, lie in the folder `fashion-mnist` of the folder of all data
/// (``DataEnvironment/dataFolder``), or in that itself. `--data FILE` reads an npz archive in their place.
public struct FashionMNISTData: DataSource, Registrable {
  /// The set's configuration.
  public typealias Configuration = ImageFolder

  /// `"fashion-mnist"`.
  public static let name = "fashion-mnist"
  /// What is worth knowing.
  public static let card = Card(
    "Articles of clothing: 60000 gray images of 28 × 28 pixels to learn from and 10000 to judge by; to be fetched.",
    fields: ImageFolder.fields,
    references: [
      "Xiao, Rasul, Vollgraf: Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms (2017), "
        + "arXiv:1708.07747, licence MIT"
    ], tags: ["images", "file"])

  private static let images = IDXImages(
    name: name,
    classNames: [
      "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ], firstLabels: [9, 0, 0, 3, 0, 2, 7, 2, 5, 5])
  private let configuration: Configuration

  /// Takes the folder from the configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    self.configuration = try configuration.checked()
  }

  /// The files in a folder; in that of all data unless given.
  public init(folder: String? = nil) { configuration = ImageFolder(folder) }

  /// Reads the files. Throws ``DataError`` where they are missing or damaged.
  public func load(_ environment: DataEnvironment) throws -> DataSet {
    if let file = environment.file { return try .images(inNPZ: file, environment) }
    return try Self.images.load(configuration, environment)
  }
}
