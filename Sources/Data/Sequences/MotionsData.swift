import AviaryCore
import AviaryFormats
import AviaryRegistry

/// Motions of a wrist, recorded by a smart watch: which of four activities was it?
///
/// Shapes: inputs float32 [80, 100, 6], 100 samples at 10 Hz of accelerometer x, y, z and gyroscope x, y, z; targets int64
/// [80]: badminton, running, standing, walking; parts `train` 0..<40 and `test` 40..<80, ten of each class in both.
///
/// The files `BasicMotions_TRAIN.ts` and `BasicMotions_TEST.ts`, plain or in gzip, lie in the folder `basicmotions` of the
/// folder of all data (``DataEnvironment/dataFolder``), or in that itself. `--data FILE` reads another file of the same form.
public struct MotionsData: DataSource, Registrable {
  public static let name = "motions"
  public static let card = Card(
    "Motions of a wrist, recorded by a smart watch: standing, walking, running and badminton, 6 channels of 100 samples.",
    references: [
      "Bagnall et al.: The UEA multivariate time series classification archive (2018), arXiv:1811.00075: BasicMotions"
    ], tags: ["file", "sequence"])

  @Field(
    "Folder of the files, also relative to the recipe or AVIARY_DATA; by default basicmotions inside of that", .nonEmpty
  )
  var folder: String?

  public init() {}

  /// The files in a folder; in that of all data unless given.
  public init(folder: String? = nil) { self.folder = folder }

  /// Reads the files. Throws ``DataError`` where they are missing or damaged.
  public func load(_ environment: DataEnvironment) throws -> DataSet {
    if let file = environment.file { return try TimeSeriesReading().load([file], environment) }
    let folders =
      folder.map { environment.places(of: $0) } ?? environment.places(of: "basicmotions") + environment.places(of: "")
    let stems = ["BasicMotions_TRAIN.ts", "BasicMotions_TEST.ts"]
    for folder in folders {
      let files = stems.compactMap { stem in
        [stem, stem + ".gz"].map { folder.appendingPath($0) }.first { FileBytes.count($0) != nil }
      }
      if files.count == stems.count { return try TimeSeriesReading().load(files, environment) }
    }
    throw DataError(
      Self.name,
      "\(stems.joined(separator: " and ")) are not in \(folders.filter { !$0.isEmpty }.map { "'\($0)'" }.joined(separator: " nor in ")); "
        + "get the archive's BasicMotions from timeseriesclassification.com, and set AVIARY_DATA to the folder that holds 'basicmotions'"
    )
  }
}
