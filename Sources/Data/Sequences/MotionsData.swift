import AviaryCore
import AviaryFormats
import AviaryRegistry

/// Wrist motions during four activities, recorded by a smart watch.
///
/// Shapes: inputs float32 [80, 100, 6], 100 samples at 10 Hz of accelerometer x, y, z and gyroscope x, y, z; targets
/// int64 [80]: badminton, running, standing, walking; parts `train` 0..<40 and `test` 40..<80, each with ten rows of
/// every class.
///
/// The files `BasicMotions_TRAIN.ts` and `BasicMotions_TEST.ts`, plain or gzip-compressed, are in the folder
/// `basicmotions` of the data folder (``DataEnvironment/dataFolder``), or in the data folder itself. `--data FILE`
/// reads another file in the same format.
public struct MotionsData: DataSource, Registrable {
  public static let name = "motions"
  public static let card = Card(
    "Wrist motions recorded by a smart watch: standing, walking, running and badminton, 6 channels of 100 samples.",
    references: [
      "Bagnall et al.: The UEA multivariate time series classification archive (2018), arXiv:1811.00075: BasicMotions"
    ], tags: ["file", "sequence"])

  @Field(
    "Folder of the files, also relative to the recipe or AVIARY_DATA; by default basicmotions inside AVIARY_DATA",
    .nonEmpty
  )
  var folder: String?

  public init() {}

  /// Reads the files in a folder; by default in the data folder.
  public init(folder: String? = nil) { self.folder = folder }

  /// Reads the files. Throws ``DataError`` if they are missing or damaged.
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
        + "download BasicMotions from timeseriesclassification.com, and set AVIARY_DATA to the folder with 'basicmotions'"
    )
  }
}
