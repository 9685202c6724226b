import AviaryCore
import AviaryFormats
import AviaryRegistry

/// The treatment of missing values in a file of time series.
public enum MissingValues: String, CaseIterable, FieldValue, Sendable {
  /// Missing values are an error.
  case refuse
  /// Missing values are interpolated linearly between neighbors in the same channel; at the ends, the nearest value is
  /// used.
  case interpolate
}

/// Time series from files in the format of the UEA and UCR archives, `NAME_TRAIN.ts` and `NAME_TEST.ts`, plain or
/// gzip-compressed.
///
/// Shapes: inputs float32 [series, steps, channels], padded to the longest series, with lengths if these differ;
/// targets int64 labels [series] in the alphabetical order of the class names, or float32 values [series, 1]. With a
/// test file, the parts `train` and `test` are the rows of the two files. (Bagnall and others: The UEA multivariate
/// time series classification archive, 2018; Ruiz and others, 2021.)
public struct TimeSeriesData: DataSource, Registrable {
  public static let name = "time-series"
  public static let card = Card(
    "Time series from .ts files, the format of the UEA and UCR archives.",
    references: ["Bagnall et al.: The UEA multivariate time series classification archive (2018), arXiv:1811.00075"],
    tags: ["file", "sequence"])

  @Field("File with the series, also relative to the recipe or AVIARY_DATA", .nonEmpty) var file: String?
  @Field("File with the test part, if any", .nonEmpty) var testFile: String?
  @Field("Missing values: refuse the file, or interpolate them linearly") var missing = MissingValues.refuse

  public init() {}

  /// The series in a file, and those of the test part in another.
  public init(_ file: String, testFile: String? = nil, missing: MissingValues = .refuse) {
    self.file = file
    self.testFile = testFile
    self.missing = missing
  }

  /// Reads the files.
  public func load(_ environment: DataEnvironment) throws -> DataSet {
    guard let file = environment.file ?? file else {
      throw DataError(Self.name, "no file given; set data.file in the recipe, or use --data FILE")
    }
    let names = [file] + (environment.file == nil ? [testFile].compactMap { $0 } : [])
    return try TimeSeriesReading(missing: missing).load(names, environment)
  }
}

/// Builds a data set from files of time series.
struct TimeSeriesReading {
  var missing = MissingValues.refuse

  /// The series of one file, or of a training and a test file.
  func load(_ names: [String], _ environment: DataEnvironment) throws -> DataSet {
    let files = try names.map { name in
      let (path, file) = try environment.found(name) { try TimeSeriesFile.read($0) }
      return (path: path, file: file)
    }
    let all = files.flatMap(\.file.series)
    let channels = all[0].channels.count
    for (path, file) in files where file.series[0].channels.count != channels {
      throw DataError(
        path,
        "its series have \(file.series[0].channels.count) channels, but those of '\(files[0].path)' have \(channels)")
    }
    let steps = all.map(\.count).max() ?? 0
    var values: [Float] = []
    values.reserveCapacity(all.count * steps * channels)
    for (path, file) in files {
      for (row, series) in file.series.enumerated() {
        let filled = try complete(series, path, row)
        for step in 0..<steps { values += filled.map { step < $0.count ? Float($0[step]) : 0 } }
      }
    }
    let path = files[0].path
    var set = DataSet(
      name: files[0].file.name ?? path.split(separator: "/").last.map(String.init) ?? path,
      inputs: Tensor(values, shape: [all.count, steps, channels]))
    let lengths = all.map(\.count)
    if Set(lengths).count > 1 { set.lengths = lengths }
    if files.count > 1 {
      let count = files[0].file.series.count
      set.parts = ["train": 0..<count, "test": count..<all.count]
    }
    try setTargets(of: &set, all.map(\.label), areValues: files[0].file.hasValues, path, environment)
    return try set.validated()
  }

  private func setTargets(
    of set: inout DataSet, _ labels: [String?], areValues: Bool, _ path: String, _ environment: DataEnvironment
  ) throws {
    let texts = labels.compactMap { $0 }
    guard texts.count == labels.count else {
      guard texts.isEmpty else { throw DataError(path, "one of the files has classes, but the other does not") }
      return
    }
    func place(_ row: Int) -> String { "series \(row)" }
    guard !areValues else {
      let numbers = try texts.enumerated().map { row, text in
        guard let number = Float(text) else {
          throw DataError(path, "\(place(row)): expected a number to predict, found '\(text)'")
        }
        return number
      }
      set.targets = Tensor(numbers, shape: [numbers.count, 1])
      return
    }
    let numbers = texts.compactMap(Double.init)
    let classes = numbers.count == texts.count ? ClassNumbering(numbers, texts: texts) : ClassNumbering(texts)
    let found = try TargetReading(.labels, environment).labels(classes, source: path, target: "the class", place: place)
    (set.targets, set.classNames) = (found.targets, found.names)
    set.classesAreCounted = TargetReading.areCounted(found.names)
    set.notes += [found.note].compactMap { $0 }
  }

  /// The channels of a series, with gaps filled in.
  private func complete(_ series: TimeSeriesFile.Series, _ path: String, _ row: Int) throws -> [[Double]] {
    try series.channels.enumerated().map { channel, values in
      guard let gap = values.firstIndex(where: \.isNaN) else { return values }
      guard missing == .interpolate else {
        throw DataError(
          path,
          "series \(row), channel \(channel + 1): the value at step \(gap) is missing; set data.missing to \"interpolate\", "
            + "or remove the series")
      }
      guard let filled = Self.interpolated(values) else {
        throw DataError(path, "series \(row), channel \(channel + 1): all values are missing; remove the series")
      }
      return filled
    }
  }

  /// The values with gaps interpolated linearly; nil if there are no values.
  static func interpolated(_ values: [Double]) -> [Double]? {
    let known = values.indices.filter { !values[$0].isNaN }
    guard let first = known.first, let last = known.last else { return nil }
    var result = values
    for place in values.indices where place < first || place > last {
      result[place] = values[place < first ? first : last]
    }
    for (left, right) in zip(known, known.dropFirst()) where right > left + 1 {
      for place in (left + 1)..<right {
        let share = Double(place - left) / Double(right - left)
        result[place] = values[left] * (1 - share) + values[right] * share
      }
    }
    return result
  }
}
