import AviaryCore
import AviaryData
import AviaryRegistry
import Testing

/// Windows over time series, and forecasts in the units of the data.
@Suite struct ForecastTests {
  /// Ten rows: sales 1, 2, 4 … 512, and the temperatures 10, 11 … 19.
  private func table(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let rows = (0..<10).map { "day \($0),\(1 << $0),\(10 + $0)" }
      try write(Array((["day,sales,temperature"] + rows).joined(separator: "\r\n").utf8), to: "\(folder)/sales.csv")
      try body("\(folder)/sales.csv")
    }
  }

  @Test func windowsFollowOneAnother() throws {
    try table { path in
      let set = try SeriesData(
        path, targets: ["sales"], inputs: ["temperature"], steps: 3, horizon: 2, stride: 2, period: 2
      ).load()
      #expect(set.inputs.shape == [3, 3, 2] && set.targets?.shape == [3, 2])
      #expect(set.inputs.scalars(as: Int.self) == [1, 10, 2, 11, 4, 12, 4, 12, 8, 13, 16, 14, 16, 14, 32, 15, 64, 16])
      #expect(set.targets?.scalars(as: Int.self) == [8, 16, 32, 64, 128, 256])
      #expect(set.featureNames == ["sales", "temperature"] && set.targetName == "sales")
      let windows = try #require(set.forecast)
      #expect(windows.starts == [0, 2, 4] && windows.lastValues.scalars(as: Int.self) == [4, 4, 16, 16, 64, 64])
      // Two steps before each.
      #expect(windows.seasonalValues?.scalars(as: Int.self) == [2, 4, 8, 16, 32, 64])
      #expect(set.subset([2, 0]).forecast?.starts == [4, 0])
      let both = try SeriesData(path, targets: ["temperature", "sales"], steps: 8, horizon: 2).load()
      #expect(both.targets?.shape == [1, 2, 2] && both.targets?.scalars(as: Int.self) == [18, 256, 19, 512])
      // The last column unless named, and the window whose future is not known.
      let latest = try SeriesData(path, steps: 2).latest(DataEnvironment())
      #expect(
        latest.inputs.scalars(as: Int.self) == [18, 19] && latest.targets == nil && latest.forecast?.starts == [8])
    }
  }

  static let transforms: [[any Transform]] = [
    [], [LogTransform()], [DifferenceTransform(lag: 1)], [DifferenceTransform(lag: 3)],
    [LogTransform(offset: 2), DifferenceTransform(lag: 2), StandardizeTransform(per: .channel)],
    [DifferenceTransform(lag: 1), DifferenceTransform(lag: 2), ScaleTransform(divisor: 7, offset: 1)],
    [NormalizeRangeTransform(per: .channel), DifferenceTransform(lag: 1)],
  ]

  /// What the transforms make of the values to forecast leads back to these.
  @Test(arguments: transforms.indices) func transformsAreUndoneInForecasts(_ index: Int) throws {
    try table { path in
      for names in [["sales"], ["sales", "temperature"]] {
        let inputs = names.count == 1 ? ["temperature"] : []
        let set = try SeriesData(path, targets: names, inputs: inputs, steps: 4, horizon: 5).load()
        let learning = try Preprocessing(Self.transforms[index], dtype: .float64, fittedTo: set.inputs)
        let prepared = try learning(set)
        let targets = try #require(prepared.targets)
        #expect(targets.shape == (names.count == 1 ? [2, 5] : [2, 5, 2]))
        let windows = try #require(prepared.forecast)
        let found = try windows.forecasts(from: targets)
        let expected = try #require(set.forecast?.future)
        #expect(found.shape == expected.shape && (found - expected).abs().max().item() < 1e-9)
        #expect(try learning(set.inputs) == prepared.inputs, "inputs do not depend on what follows them")
      }
    }
  }

  /// By hand: log₂-like differences of powers of two are equal, of lag 2 twice as large.
  @Test func differencesAndLogarithms() throws {
    let x = Tensor([1.0, 2, 4, 8, 16], shape: [1, 5, 1])
    #expect(try DifferenceTransform(lag: 2)(x).scalars(as: Double.self) == [3, 6, 12])
    let logs = try DifferenceTransform(lag: 1)(LogTransform()(x)).scalars(as: Double.self)
    #expect(logs.allSatisfy { abs($0 - 0.6931471805599453) < 1e-15 })
    let after = try DifferenceTransform(lag: 2).inverse(Tensor([24.0, 48, 96], shape: [1, 3, 1]), after: x, [:])
    #expect(after?.scalars(as: Double.self) == [32, 64, 128])
    #expect(
      dataError { _ = try LogTransform(offset: 1)(Tensor([3.0, -2])) }.contains(
        "above -1.0, found -2.0; set offset to a number above 2.0"))
    #expect(dataError { _ = try DifferenceTransform(lag: 5)(x) }.contains("a lag of 5 needs more"))
    #expect(dataError { _ = try DifferenceTransform(lag: 1)(Tensor.zeros([4, 3])) }.contains("sequences"))
  }

  @Test func partsDoNotSeeTheFuture() throws {
    let set = try SeasonalSeriesData(count: 200, steps: 12, horizon: 6, seed: 1).load()
    let windows = try #require(set.forecast)
    let random = RandomSource(seed: 1)
    func spans(_ rows: [Int], from first: Int = 0) -> [Range<Int>] {
      rows.map { (windows.starts[$0] + first)..<(windows.starts[$0] + 18) }
    }
    let apart = try TimeSplit(test: 0.2, validation: 0.1).partition(set, random: random)
    #expect(spans(apart.train).map(\.upperBound).max() == 140)
    #expect(
      spans(apart.validation).map(\.lowerBound).min() == 140 && spans(apart.validation).map(\.upperBound).max() == 160)
    #expect(spans(apart.test).map(\.lowerBound).min() == 160 && spans(apart.test).map(\.upperBound).max() == 200)
    #expect(apart.train.count == 123 && apart.validation.count == 3 && apart.test.count == 23)
    // What is forecast stays apart.
    let knowing = try TimeSplit(test: 0.2, validation: 0.1, knowsPast: true).partition(set, random: random)
    #expect(knowing.train == apart.train && knowing.test.count == 35)
    #expect(spans(knowing.test, from: 12).map(\.lowerBound).min() == 160)
    #expect(spans(knowing.validation, from: 12).map(\.lowerBound).min() == 140)
    let message = dataError { _ = try TimeSplit(test: 0.2, validation: 0.05).partition(set, random: random) }
    #expect(
      message.contains("validation part has 10 steps, too few for a window of 18; set split.knowsPast"), "\(message)")
    // Rows that are no windows keep their order.
    let rows = try TimeSplit(test: 0.25).partition(countingSet(8), random: random)
    #expect(rows == Partition(train: [0, 1, 2, 3, 4, 5], test: [6, 7]))
  }

  @Test func mistakesAreTold() throws {
    try table { path in
      let set = try SeriesData(path, targets: ["sales"], steps: 3, horizon: 2).load()
      func message(_ transforms: [any Transform]) -> String {
        dataError { _ = try Preprocessing(transforms, dtype: .float64, fittedTo: set.inputs)(set) }
      }
      #expect(message([FlattenTransform()]).contains("no longer a series"))
      #expect(message([StandardizeTransform()]).contains("set per to \"channel\""))
      #expect(dataError { _ = try SeriesData(path, steps: 9, horizon: 2).load() }.contains("the series has 10 steps"))
      #expect(dataError { _ = try SeriesData(path, targets: ["sale"]).load() }.contains("did you mean 'sales'"))
      #expect(throws: ConfigurationError.self) {
        try dataRegistries().make(.dataSet, "series", ["steps": 4, "period": 5])
      }
      #expect(throws: ConfigurationError.self) {
        try dataRegistries().make(.dataSet, "series", ["targets": ["a"], "inputs": ["a"]])
      }
    }
  }

  @Test func missingValuesNameTheirLine() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/gaps.csv"
      try write(Array("t,x\n0,1\n1,\n2,NA\n3,7\n4,9\n".utf8), to: path)
      let message = dataError { _ = try SeriesData(path, targets: ["x"], steps: 2).load() }
      #expect(
        message.contains("line 3, column 2 ('x')") && message.contains("--set data.missing=interpolate"), "\(message)")
      let set = try SeriesData(path, targets: ["x"], steps: 4, missing: .interpolate).load()
      #expect((set.inputs.flattened() - Tensor([1.0, 3, 5, 7])).abs().max().item() < 1e-14)
      #expect(set.notes.contains("2 missing values of the column 'x' are interpolated"))
    }
  }
}
