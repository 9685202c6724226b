import AviaryCore
import AviaryFormats
import AviaryRegistry

/// CIFAR-10: small color photographs in ten classes, read from the original binary batches.
///
/// Shapes: inputs uint8 [60000, 32, 32, 3], channels red, green, blue, from 0 to 255; targets int64 [60000]; parts
/// `train` 0..<50000 (the five batches in order) and `test` 50000..<60000.
///
/// The files are in the folder `cifar10` of the data folder (``DataEnvironment/dataFolder``), or in the data folder
/// itself: `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`, directly or in a folder
/// `cifar-10-batches-bin`, or the archive `cifar-10-binary.tar.gz`. A batch has records of 3073 bytes: the label, then
/// 1024 bytes per channel in row-major order. `--data FILE` reads an npz archive instead.
public struct CIFAR10Data: FetchableDataSource, Registrable {
  public static let name = "cifar10"
  public static let card = Card(
    "Photographs: 50000 training and 10000 test color images of 32 × 32 pixels; fetch them first.",
    references: ["Krizhevsky: Learning multiple layers of features from tiny images (2009), chapter 3"],
    tags: ["image", "file"])

  private static let archive = "cifar-10-binary.tar.gz"
  private static let batches = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]
  private static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]
  var folder = ImageFolder()

  public init() {}

  /// Reads the files in a folder; by default in the data folder.
  public init(folder: String? = nil) { self.folder = ImageFolder(folder) }

  /// The original archive.
  public var remoteFiles: [RemoteFile] {
    [
      RemoteFile(
        Self.archive, byteCount: 170_052_171,
        sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        addresses: [
          "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
          "https://cave.cs.toronto.edu/kriz/cifar-10-binary.tar.gz",
        ])
    ]
  }

  /// The folder of the batches, or the archive.
  public func location(in environment: DataEnvironment) -> String? {
    for candidate in folder.candidates(Self.name, environment) {
      for folder in [candidate.path, candidate.path.appendingPath("cifar-10-batches-bin")]
      where FileBytes.count(folder.appendingPath(Self.batches[0])) != nil {
        self.folder.note(candidate, in: environment)
        return folder
      }
      let archive = candidate.path.appendingPath(Self.archive)
      if FileBytes.count(archive) != nil {
        self.folder.note(candidate, in: environment)
        return archive
      }
    }
    return nil
  }

  /// Reads the batches. Throws ``DataError`` if they are missing or damaged.
  public func load(_ environment: DataEnvironment) throws -> DataSet {
    if let file = environment.file ?? folder.file { return try .images(inNPZ: file, environment) }
    guard let location = location(in: environment) else {
      throw DataError.missing(Self.archive, of: Self.name, in: folder.candidates(Self.name, environment))
    }
    return try DataError.wrapping {
      let parts = location.hasSuffix(".tar.gz") ? try unpacked(location) : try read(location)
      let count = parts.dropLast().reduce(0) { $0 + $1.images.shape[0] }
      let images = Tensor.concatenate(parts.map(\.images))
      return try DataSet(
        name: Self.name, inputs: images, targets: Tensor.concatenate(parts.map(\.labels)),
        classNames: Self.classNames, parts: ["train": 0..<count, "test": count..<images.shape[0]]
      ).validated()
    }
  }

  private func read(_ folder: String) throws -> [(images: Tensor, labels: Tensor)] {
    try Self.batches.map { name in
      let path = folder.appendingPath(name)
      let bytes = try FileBytes.read(path)
      return try bytes.withUnsafeBytes { try records($0, path) }
    }
  }

  private func unpacked(_ path: String) throws -> [(images: Tensor, labels: Tensor)] {
    // The six batches and their metadata are 184.4 million bytes.
    let bytes = try Tar.inflated(FileBytes.read(path), source: path, maximumByteCount: 185_000_000)
    let files = try Tar.files(in: bytes, source: path)
    return try Self.batches.map { name in
      guard let file = files.first(where: { $0.name == name || $0.name.hasSuffix("/" + name) }) else {
        throw DataError(path, "expected a file '\(name)' in the archive, found \(files.map(\.name))")
      }
      return try bytes.withUnsafeBytes { try records(.init(rebasing: $0[file.range]), "\(path): \(name)") }
    }
  }

  private func records(_ bytes: UnsafeRawBufferPointer, _ source: String) throws -> (images: Tensor, labels: Tensor) {
    let width = 1 + 3 * 32 * 32
    let count = bytes.count / width
    guard count > 0, bytes.count % width == 0 else {
      throw DataError(source, "expected records of \(width) bytes, found \(bytes.count) bytes")
    }
    let records = Tensor(bytes: bytes, shape: [count, width], dtype: .uint8)
    let planes = records.slice(axis: 1, 1..<width).reshaped(to: [count, 3, 32, 32])
    return (
      planes.transposed(axes: [0, 2, 3, 1]).contiguous(),
      records.slice(axis: 1, 0..<1).reshaped(to: [count]).cast(to: .int64)
    )
  }
}
