import AviaryRegistry

/// MNIST: handwritten digits, 28 × 28 pixels, background 0 and ink up to 255, read from the four original files.
///
/// Shapes: inputs uint8 [70000, 28, 28, 1], targets int64 [70000]; parts `train` 0..<60000 and `test` 60000..<70000, in
/// the files' order. The common split into 50000 training, 10000 validation and 10000 test rows is `{"name": "given",
/// "validationCount": 10000}`.
///
/// The files, plain or gzip-compressed, are in the folder `mnist` of the data folder (``DataEnvironment/dataFolder``),
/// or in the data folder itself. `--data FILE` reads an npz archive instead, such as Keras' `mnist.npz`.
public struct MNISTData: FetchableDataSource, Registrable {
  public static let name = "mnist"
  public static let card = Card(
    "Handwritten digits: 60000 training and 10000 test gray images of 28 × 28 pixels; fetch them first.",
    references: [
      "LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition (1998); "
        + "LeCun, Cortes, Burges: The MNIST database of handwritten digits, license CC BY-SA 3.0"
    ], tags: ["image", "file"])

  private static let images = IDXImages(
    name: name, classNames: (0...9).map(String.init), firstLabels: [5, 0, 4, 1, 9, 2, 1, 3, 1, 4],
    originals: [
      (9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
      (28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
      (1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
      (4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
    ],
    mirrors: [
      "https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/",
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
