import AviaryCore
import AviaryFormats

/// The four files of MNIST, which sets made in its image share: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
/// `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`, plain or in gzip.
struct IDXImages {
  var name: String
  var classNames: [String]
  /// The labels that the training part begins with. As the files' names do not tell which set they are of, these must be
  /// found where the files lie in a folder of another name.
  var firstLabels: [Int]

  /// Reads the set: the training part, then the test part.
  func load(_ configuration: ImageFolder, _ environment: DataEnvironment) throws -> DataSet {
    let candidates = configuration.candidates(name, environment)
    for candidate in candidates {
      guard let images = try read("train-images", 3, candidate.path) else { continue }
      func other(_ stem: String, _ rank: Int) throws -> Tensor {
        if let found = try read(stem, rank, candidate.path) { return found }
        throw DataError.missing(IDXImages.names(stem, rank)[0], of: name, in: [candidate])
      }
      let labels = try other("train-labels", 1)
      if !candidate.isNamed { try checkIdentity(labels, candidate.path) }
      return try set(
        train: (images, labels), test: (other("t10k-images", 3), other("t10k-labels", 1)), candidate.path)
    }
    throw DataError.missing(IDXImages.names("train-images", 3)[0], of: name, in: candidates)
  }

  /// A file's names: the usual one, and that of archives that keep the original's dot.
  private static func names(_ stem: String, _ rank: Int) -> [String] {
    ["\(stem)-idx\(rank)-ubyte", "\(stem).idx\(rank)-ubyte"].flatMap { [$0 + ".gz", $0] }
  }

  private func read(_ stem: String, _ rank: Int, _ folder: String) throws -> Tensor? {
    for file in IDXImages.names(stem, rank) {
      let path = folder.appendingPath(file)
      do {
        let tensor = try IDX.read(path)
        guard tensor.rank == rank, tensor.dtype == .uint8 else {
          throw DataError(path, "expected uint8 of \(rank) axes, found \(tensor.spec)")
        }
        return tensor
      } catch let error as FormatError where error.kind == .missing {
      } catch let error as FormatError {
        throw DataError(error)
      }
    }
    return nil
  }

  private func checkIdentity(_ labels: Tensor, _ folder: String) throws {
    let found = labels.scalars(as: Int.self).prefix(firstLabels.count)
    guard !found.elementsEqual(firstLabels) else { return }
    throw DataError(
      name,
      "the files in '\(folder)' are another set's: expected the first labels \(firstLabels), found \(Array(found)); "
        + "put each set into a folder of its name, '\(folder.appendingPath(name))'")
  }

  private func set(train: (Tensor, Tensor), test: (Tensor, Tensor), _ folder: String) throws -> DataSet {
    for (images, labels) in [train, test] where images.shape[0] != labels.shape[0] {
      throw DataError(folder, "expected a label for each of the \(images.shape[0]) images, found \(labels.shape[0])")
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
