import AviaryCore
import AviaryFormats

/// The four files of MNIST and data sets like it: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
/// `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`, plain or gzip-compressed.
struct IDXImages {
  var name: String
  var classNames: [String]
  /// The first labels of the training part. They identify the set if the files are in a folder with another name, since
  /// the files' names do not.
  var firstLabels: [Int]

  /// Sizes and digests of the four original compressed files, in the order of ``stems``.
  var originals: [(byteCount: Int, sha256: String)]
  /// Addresses of folders with the files.
  var mirrors: [String]

  private static let stems = [("train-images", 3), ("train-labels", 1), ("t10k-images", 3), ("t10k-labels", 1)]

  /// The files to fetch.
  var remoteFiles: [RemoteFile] {
    zip(IDXImages.stems, originals).map { stem, original in
      RemoteFile(
        IDXImages.names(stem.0, stem.1)[0], byteCount: original.byteCount, sha256: original.sha256, mirrors: mirrors)
    }
  }

  /// The folder with the training images.
  func location(_ own: ImageFolder, _ environment: DataEnvironment) -> String? {
    own.candidates(name, environment).first { find("train-images", 3, $0.path) != nil }?.path
  }

  /// Reads the set: the training part, then the test part.
  func load(_ own: ImageFolder, _ environment: DataEnvironment) throws -> DataSet {
    if let file = environment.file ?? own.file { return try .images(inNPZ: file, environment) }
    let candidates = own.candidates(name, environment)
    guard let folder = candidates.first(where: { find("train-images", 3, $0.path) != nil }) else {
      throw DataError.missing(IDXImages.names("train-images", 3)[0], of: name, in: candidates)
    }
    let tensors = try IDXImages.stems.map { stem, rank in
      guard let path = find(stem, rank, folder.path) else {
        throw DataError.missing(IDXImages.names(stem, rank)[0], of: name, in: [folder])
      }
      return try read(path, rank)
    }
    own.note(folder, in: environment)
    if !folder.isNamed { try checkIdentity(tensors[1], folder.path) }
    return try set(train: (tensors[0], tensors[1]), test: (tensors[2], tensors[3]), folder.path)
  }

  /// A file's possible names: the usual one, and that of archives that keep the original's dot.
  private static func names(_ stem: String, _ rank: Int) -> [String] {
    ["\(stem)-idx\(rank)-ubyte", "\(stem).idx\(rank)-ubyte"].flatMap { [$0 + ".gz", $0] }
  }

  private func find(_ stem: String, _ rank: Int, _ folder: String) -> String? {
    IDXImages.names(stem, rank).map { folder.appendingPath($0) }.first { FileBytes.count($0) != nil }
  }

  private func read(_ path: String, _ rank: Int) throws -> Tensor {
    try DataError.wrapping {
      // The largest file is 47 MB; a small gzip file could expand to anything.
      let tensor = try IDX.read(path, maximumByteCount: 1 << 28)
      guard tensor.rank == rank, tensor.dtype == .uint8 else {
        throw DataError(path, "expected uint8 of \(rank) axes, found \(tensor.spec)")
      }
      return tensor
    }
  }

  private func checkIdentity(_ labels: Tensor, _ folder: String) throws {
    let found = labels.scalars(as: Int.self).prefix(firstLabels.count)
    guard !found.elementsEqual(firstLabels) else { return }
    throw DataError(
      name,
      "the files in '\(folder)' are of another set: expected the first labels \(firstLabels), found \(Array(found)); "
        + "put each set in a folder with its name, '\(folder.appendingPath(name))'")
  }

  private func set(train: (Tensor, Tensor), test: (Tensor, Tensor), _ folder: String) throws -> DataSet {
    for (images, labels) in [train, test] where images.shape[0] != labels.shape[0] {
      throw DataError(folder, "expected a label for each of \(images.shape[0]) images, found \(labels.shape[0])")
    }
    guard train.0.shape.removing(axis: 0) == test.0.shape.removing(axis: 0) else {
      throw DataError(folder, "training and test images differ in size: \(train.0.shape) and \(test.0.shape)")
    }
    let (count, total) = (train.0.shape[0], train.0.shape[0] + test.0.shape[0])
    return try DataSet(
      name: name, inputs: Tensor.concatenate([train.0, test.0]).expandingDimension(at: 3),
      targets: Tensor.concatenate([train.1, test.1]).cast(to: .int64), classNames: classNames,
      parts: ["train": 0..<count, "test": count..<total]
    ).validated()
  }
}
