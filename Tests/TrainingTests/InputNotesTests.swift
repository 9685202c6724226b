import AviaryCore
import AviaryFormats
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Testing

/// Oddities of the training rows are reported before training.
@Suite struct InputNotesTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// The notes of a training on a file, without those on how it was read.
  private func notes(_ changes: String...) throws -> [String] {
    let name = folder["x"]
    let file = folder.holds("x.csv") ? "csv" : "npz"
    let data = #"data={"name":"\#(file)","file":"\#(name).\#(file)"}"#
    let split = #"split={"name":"fractions","test":0.25}"#
    return try Trainer(recipe([data, split, "transforms=[]"] + changes), in: registries).notes
      .filter { !$0.hasPrefix("target") && !$0.hasPrefix("table") }
  }

  private func write(_ inputs: Tensor) throws {
    let labels = Tensor((0..<inputs.shape[0]).map { $0 % 2 })
    try folder.write(NPZ.encode(["x": inputs, "y": labels]), to: "x.npz")
  }

  private func write(_ lines: [String]) throws {
    try folder.write(Array(lines.joined(separator: "\n").utf8), to: "x.csv")
  }

  private let standardizing = #"transforms=["standardize"]"#

  @Test func inputsThatAreAllTheSameAreTold() throws {
    let same = "all training rows have the same inputs, so nothing can be learned from them"
    for dtype in [DType.uint8, .int64, .uint64, .float32, .float64] {
      try write(Tensor(repeating: 7, shape: [40, 3], dtype: dtype))
      #expect(try notes() == [same], "\(dtype)")
    }
    var numbers = [Double](repeating: 7, count: 120)
    numbers[0] = 8
    numbers[1] = 9
    numbers[2] = 7.5
    try write(Tensor(numbers, shape: [40, 3]))
    #expect(try notes(#"split={"name":"none"}"#) == [])
    #expect(
      try notes(#"split={"name":"none"}"#, #"transforms=[{"name":"normalize-range","low":0,"high":1e-320}]"#)
        == ["the transforms make the inputs of all training rows the same; check their factors and ranges"])
  }

  @Test func targetsThatBecomeTheSameAreTold() throws {
    let changes = [
      #"data={"name": "csv", "file": "\#(folder["x"]).csv", "targetKind": "values"}"#, "metrics=[]",
      "objective.loss=mean-squared-error", #"model.layers=[{"name": "dense", "units": 1}]"#,
    ]
    for (offset, isTold) in [(1_700_000_000, true), (1000, false)] {
      try write(["a,t"] + (0..<80).map { "\($0),\(offset + $0)" })
      let found = try Trainer(recipe(changes + ["split=none"]), in: registries).notes
      let told = found.contains { $0.hasPrefix("80 different targets become 2 in float32") }
      #expect(told == isTold, "\(found)")
      let wide = try Trainer(recipe(changes + ["split=none", "precision=float64"]), in: registries).notes
      #expect(!wide.contains { $0.contains("different targets") })
    }
  }

  @Test func columnsThatAreTheSameAreTold() throws {
    try write(["a,b,c,y"] + (0..<40).map { "\($0 % 7),3,-1,\($0 % 2)" })
    #expect(try notes() == ["each of the columns 'b', 'c' has the same number in all training rows"])
    try write(["a,b,c,y"] + (0..<40).map { "\($0 % 7),3,\($0 % 5),\($0 % 2)" })
    #expect(try notes() == ["the column 'b' has the same number in all training rows"])
  }

  @Test func numbersThatBecomeTheSameAreTold() throws {
    // Neighbors in float32 are 128 apart there.
    for dtype in [DType.int32, .uint32, .int64, .uint64, .float64] {
      try write(Tensor((0..<40).map { 1_700_000_000 + $0 }, shape: [40, 1]).cast(to: dtype))
      let found = try notes()
      #expect(found.count == 1 && found[0].hasPrefix("the inputs: 30 different numbers become "), "\(found)")
      #expect(
        found.first?.hasSuffix(
          " in float32, since they differ little for their size; the transform 'standardize' keeps them distinct")
          == true)
      #expect(try notes(standardizing) == [], "\(dtype)")
      #expect(try notes("precision=float64") == [], "\(dtype)")
    }
    try write(Tensor((0..<80).map { $0 % 2 == 0 ? $0 % 7 : 1 << 62 + $0 }, shape: [40, 2]))
    #expect(
      try notes(standardizing) == [
        "input 1: 30 different numbers become 1 in float32, since they differ little for their size; subtract a number near them "
          + "before saving them"
      ])
    try write(Tensor((0..<40).map { UInt64.max - UInt64($0) }, shape: [40, 1]))
    #expect(try notes(standardizing).first?.hasPrefix("the inputs: 30 different numbers become 1 in float32") == true)
  }

  @Test func longNumbersOfATableAreTold() throws {
    try write(["a,t,y"] + (0..<40).map { "\($0 % 7),46116860184273879\($0 + 10),\($0 % 2)" })
    #expect(
      try notes(standardizing) == [
        "the column 't': 40 different numbers become 1 in float64, which keeps 15 digits; subtract a number near them before "
          + "saving them",
        "the column 't' has the same number in all training rows",
      ])
    // Trailing zeros do not count as digits.
    try write(["a,t,y"] + (0..<40).map { "\($0 % 7),\($0 % 2 == 0 ? "3.000000000000000000" : "3.0"),\($0 % 2)" })
    #expect(try notes() == ["the column 't' has the same number in all training rows"])
  }

  @Test func partsThatAreDividedAnewAreTold() throws {
    let (x, y) = (Tensor((0..<80).map { Float($0 % 7) }, shape: [40, 2]), Tensor((0..<40).map { $0 % 2 }))
    try folder.write(
      NPZ.encode(["x_train": x, "y_train": y, "x_test": x[0..<10], "y_test": y[0..<10]]), to: "x.npz")
    #expect(
      try notes() == [
        "the set's own parts (train, test) are joined and divided again by the split 'fractions'; --set split=given keeps them"
      ])
    #expect(try notes("split=given") == [])
  }
}
