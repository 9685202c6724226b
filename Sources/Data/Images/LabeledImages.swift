import AviaryCore
import AviaryFormats

extension DataSet {
  /// The arrays `images` [n, height, width] and `labels` [n] of an embedded npz archive. Images get a last axis of one
  /// channel, labels become int64.
  static func embedded(_ name: String, _ bytes: UnsafeBufferPointer<UInt8>, classNames: [String]) throws -> DataSet {
    try DataError.wrapping {
      let arrays = try NPZ.decode(Array(bytes), source: "the embedded data set '\(name)'")
      let images = try arrays.tensor(named: "images")
      return try DataSet(
        name: name, inputs: images.expandingDimension(at: images.rank),
        targets: arrays.tensor(named: "labels").cast(to: .int64), classNames: classNames
      ).validated()
    }
  }

  /// An npz archive with images [n, height, width] and labels [n], read instead of a set of images. Its labels name the
  /// classes.
  static func images(inNPZ file: String, _ environment: DataEnvironment) throws -> DataSet {
    var environment = environment
    environment.placesAreClasses = true
    let set = try NPZData(file, addingChannelAxis: true, targetKind: .labels).load(environment)
    guard set.inputs.rank == 4, set.labels != nil else {
      throw DataError(
        set.name,
        "expected images [n, height, width] and labels [n], found inputs \(set.inputs.spec) and "
          + "\(set.targets.map { "targets \($0.spec)" } ?? "no targets")")
    }
    return set
  }
}
