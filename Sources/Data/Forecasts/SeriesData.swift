import AviaryCore
import AviaryFormats
import AviaryRegistry

/// Windows over a time series in a CSV table, to forecast the values that follow: each row of the table is a step, in
/// the order of time.
///
/// Shapes: inputs float64 [windows, steps, channels], the columns to forecast before the further ones; targets float64
/// [windows, horizon], or [windows, horizon, columns] for several columns.
///
/// ```swift
/// let set = try SeriesData("passengers.csv", targets: ["passengers"], steps: 24, horizon: 12, period: 12).load()
/// let parts = try TimeSplit(test: 0.2).partition(set, random: RandomSource(seed: 1))
/// ```
public struct SeriesData: ForecastSource, Registrable {
  public static let name = "series"
  public static let card = Card(
    "Windows over a time series in a CSV table, to forecast the values that follow.",
    tags: ["file", "table", "sequence", "regression"])

  @Field("CSV file, also relative to the recipe's folder or AVIARY_DATA; --data FILE overrides it", .nonEmpty)
  var file: String?
  @Field(
    "Columns to forecast, by name, or by index from 0 if there are no names; empty for the last column")
  var targets: [String] = []
  @Field("Further columns whose past values are inputs") var inputs: [String] = []
  var windows = SeriesWindows()
  @Field("Missing values: refuse the file, or interpolate them linearly") var missing = MissingValues.refuse
  @Field(
    "Whether the first row names the columns; automatic: if it has text above numbers, or ascending numbers"
  )
  var header = CSVData.Header.automatic

  public init() {}

  /// Windows over some columns of a file. Traps on values out of range.
  public init(
    _ file: String, targets: [String] = [], inputs: [String] = [], steps: Int = 24, horizon: Int = 1, stride: Int = 1,
    period: Int? = nil, missing: MissingValues = .refuse, sourceFile: StaticString = #fileID, line: UInt = #line
  ) {
    self.file = file
    self.targets = targets
    self.inputs = inputs
    windows = SeriesWindows(steps, horizon, stride, period)
    self.missing = missing
    self = required(file: sourceFile, line: line)
  }

  public func validate() throws {
    let names = targets + inputs
    guard let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) else { return }
    throw ConfigurationError(
      .invalid("the column '\(names[twice])' appears twice; the past of a target is an input anyway"),
      at: [.key(twice < targets.count ? "targets" : "inputs")])
  }

  /// All windows of the file.
  public func load(_ environment: DataEnvironment) throws -> DataSet { try windows.load(series(environment)) }

  /// The last window of the file.
  public func latest(_ environment: DataEnvironment) throws -> DataSet { try windows.latest(series(environment)) }

  private func series(_ environment: DataEnvironment) throws -> Series {
    guard let file = environment.file ?? file else {
      throw DataError(Self.name, "no file given; set data.file in the recipe, or use --data FILE")
    }
    return try DataError.wrapping {
      let (path, bytes) = try environment.read(file)
      if let error = DataError.noTable(path, bytes, isMeasured: environment.schema != nil) { throw error }
      let options = CSVOptions(
        delimiter: nil, decimalMark: nil, header: CSVOptions.Header(rawValue: header.rawValue) ?? .automatic,
        missingNumbers: missing == .interpolate ? .nan : .refused)
      let table = try CSVTable(bytes, source: path, options: options)
      guard table.rowCount > 0 else { throw DataError(path, "the table has no data rows") }
      let wanted =
        targets.isEmpty ? [table.columnCount - 1] : try targets.map { try CSVColumns.position(of: $0, in: table) }
      let columns = wanted + (try inputs.map { try CSVColumns.position(of: $0, in: table) })
      var series = Series(
        name: path.split(separator: "/").last.map(String.init) ?? path, values: try numbers(table, columns),
        columns: wanted.count)
      if let names = CSVColumns.distinctNames(of: table) { series.names = columns.map { names[$0] } }
      if missing == .interpolate { try interpolate(&series, path) }
      return series
    }
  }

  private func numbers(_ table: CSVTable, _ columns: [Int]) throws -> Tensor {
    do { return try table.numbers(columnsAt: columns) } catch var error as FormatError
      where error.expected == "a number"
    {
      error.remedy =
        error.remedy == nil
        ? "write a number, or choose other columns in data.targets and data.inputs"
        : "fill in the value, or interpolate missing values with --set data.missing=interpolate"
      throw error
    }
  }

  private func interpolate(_ series: inout Series, _ path: String) throws {
    let count = series.values.shape[0]
    let numbers = series.values.transposed().scalars(as: Double.self)
    var filled: [Double] = []
    for channel in 0..<series.values.shape[1] {
      let values = Array(numbers[(channel * count)..<((channel + 1) * count)])
      let name = series.names.map { "'\($0[channel])'" } ?? "number \(channel + 1)"
      guard let found = TimeSeriesReading.interpolated(values) else {
        throw DataError(path, "all values of the column \(name) are missing; choose another column")
      }
      let gaps = values.count(where: \.isNaN)
      if gaps > 0 {
        series.notes.append(
          "\(gaps) missing value\(gaps == 1 ? "" : "s") of the column \(name) \(gaps == 1 ? "is" : "are") interpolated")
      }
      filled += found
    }
    series.values = Tensor(filled, shape: [series.values.shape[1], count]).transposed().contiguous()
  }
}
