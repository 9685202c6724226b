import AviaryRegistry

/// Fashion-MNIST: articles of clothing from a shop's pictures, in MNIST's shape and file format.
///
/// Shapes: inputs uint8 [70000, 28, 28, 1], background 0, targets int64 [70000]; parts `train` 0..<60000 and `test`
/// 60000..<70000, in the files' order, with 6000 and 1000 rows of each of ten classes.
///
/// The files, plain or gzip-compressed, are in the folder `fashion-mnist` of the data folder
/// (``DataEnvironment/dataFolder``), or in the data folder itself. `--data FILE` reads an npz archive instead.
public struct FashionMNISTData: FetchableDataSource, Registrable {
  public static let name = "fashion-mnist"
  public static let card = Card(
    "Articles of clothing: 60000 training and 10000 test gray images of 28 × 28 pixels; fetch them first.",
    references: [
      "Xiao, Rasul, Vollgraf: Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms (2017), "
        + "arXiv:1708.07747, license MIT"
    ], tags: ["image", "file"])

  private static let images = IDXImages(
    name: name,
    classNames: [
      "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ], firstLabels: [9, 0, 0, 3, 0, 2, 7, 2, 5, 5],
    originals: [
      (26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
      (29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
      (4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
      (5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    ],
    mirrors: [
      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ])
  var folder = ImageFolder()

  public init() {}

  /// Reads the files in a folder; by default in the data folder.
  public init(folder: String? = nil) { self.folder = ImageFolder(folder) }

  /// Reads the files. Throws ``DataError`` if they are missing or damaged.
  public func load(_ environment: DataEnvironment) throws -> DataSet {
    try Self.images.load(folder, environment)
  }

  /// The four original files.
  public var remoteFiles: [RemoteFile] { Self.images.remoteFiles }

  /// The folder of the files.
  public func location(in environment: DataEnvironment) -> String? { Self.images.location(folder, environment) }
}
