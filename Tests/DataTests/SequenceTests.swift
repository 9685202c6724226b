import AviaryCore
import AviaryData
import Foundation
import Testing

/// Sequences of different lengths, texts, and series from files.
@Suite struct SequenceTests {
  private func ragged(_ lengths: [Int]) -> DataSet {
    let steps = lengths.max() ?? 1
    let values = lengths.enumerated().flatMap { row, length in
      (0..<steps).map { $0 < length ? Float(row * 100 + $0) : 0 }
    }
    var set = DataSet(
      name: "ragged", inputs: Tensor(values, shape: [lengths.count, steps, 1]),
      targets: Tensor(lengths.indices.map { $0 % 2 }, shape: [lengths.count]))
    set.lengths = lengths
    return set
  }

  @Test func batchesAreAsLongAsTheirLongestRow() throws {
    let set = try ragged([2, 5, 1, 3, 3]).validated()
    let batches = Array(BatchLoader(set, batchSize: 2))
    #expect(batches.map(\.lengths) == [[2, 5], [1, 3], [3]])
    #expect(batches.map(\.inputs.shape) == [[2, 5, 1], [2, 3, 1], [1, 3, 1]])
    #expect(batches[1].inputs.scalars(as: Int.self) == [200, 0, 0, 300, 301, 302])
    #expect(set.subset([4, 0]).lengths == [3, 2])
  }

  @Test func shuffledBatchesHoldRowsOfLikeLengths() {
    let lengths = (0..<97).map { 1 + $0 * 37 % 50 }
    let set = ragged(lengths)
    let random = RandomSource(seed: 3)
    let loader = BatchLoader(set, batchSize: 8, shuffling: random)
    #expect(loader.flatMap(\.rows).sorted() == Array(0..<97))
    #expect(Array(loader).map(\.rows) == Array(BatchLoader(set, batchSize: 8, shuffling: random)).map(\.rows))
    let padded = loader.reduce(0) { $0 + $1.inputs.shape[1] * $1.count }
    #expect(Double(padded) < 1.25 * Double(lengths.reduce(0, +)))
    let longest = loader.map { $0.inputs.shape[1] }
    #expect(longest != longest.sorted())
  }

  @Test func tracksGoOnFromBatchToBatch() {
    let rows = Array(BatchLoader(countingSet(11), batchSize: 4, shuffling: RandomSource(seed: 1), inTracks: true)).map(
      \.rows)
    #expect(rows == [[0, 3, 6, 9], [1, 4, 7, 10], [2, 5, 8]])
  }

  @Test func paddingIsNoDataForTransforms() throws {
    let set = ragged([1, 3])
    let steps = StepRows(lengths: [1, 3], steps: 3)
    let scaling = try Preprocessing([StandardizeTransform()], dtype: .float64, fittedTo: steps.rows(of: set.inputs))
    let found = try scaling(set).inputs.scalars(as: Double.self)
    let (mean, deviation) = ((0.0 + 100 + 101 + 102) / 4, 1913.1875.squareRoot())
    #expect(abs(found[0] + mean / deviation) < 1e-5 && abs(found[5] - (102 - mean) / deviation) < 1e-5)
    #expect(found[1...2] == [0, 0])
  }

  @Test func lengthsAreChecked() {
    for lengths in [[2, 0], [2], [2, 4]] {
      var set = ragged([2, 3])
      set.lengths = lengths
      #expect(throws: DataError.self) { try set.validated() }
    }
  }

  @Test func aTextIsPiecesAndWhatFollows() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/text.txt"
      try Data("ab\r\nbä\nab".utf8).write(to: URL(filePath: path))
      let set = try TextData(path, steps: 3, test: 0, validation: 0).load()
      #expect(set.classNames == ["\n", "a", "b", "ä"])
      #expect(set.inputs.scalars(as: Int.self) == [1, 2, 0, 2, 3, 0])
      #expect(set.targets?.scalars(as: Int.self) == [2, 0, 2, 3, 0, 1])
      // Another text is read with the vocabulary of the first.
      var environment = DataEnvironment(file: path)
      environment.schema = DataSchema(classNames: ["\n", "a", "b"], targetKind: .labels)
      let error = #expect(throws: DataError.self) { try TextData(steps: 2).load(environment) }
      #expect(error?.description.contains("line 2: the character \"ä\" is not among the 3 of the training") == true)
      #expect(throws: DataError.self) { try TextData(path, steps: 9).load() }
    }
  }

  @Test func wordsAndMarks() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/text.txt"
      try Data("The cat, the dog.\nThe end's the end: the".utf8).write(to: URL(filePath: path))
      let set = try TextData(path, unit: .words, steps: 4, test: 0, validation: 0).load()
      #expect(set.classNames?.first == "the" && set.classNames?.last == TextData.unknown)
      let numbers = set.inputs.scalars(as: Int.self)
      #expect(numbers.prefix(4).map { set.classNames?[$0] } == ["The", "cat", ",", "the"])
      #expect(TextData.spaced("dog", after: "the") == " dog" && TextData.spaced(".", after: "dog") == ".")
    }
  }

  @Test func symbolsAreRepeatedAfterADelay() throws {
    let set = try CopyMemoryData(delay: 3, length: 2, symbols: 4, count: 50, seed: 1).load()
    #expect(set.inputs.shape == [50, 7] && set.targets?.shape == [50, 7] && set.symbols?.count == 6)
    for row in 0..<50 {
      let (input, target) = (set.inputs[row].scalars(as: Int.self), set.targets?[row].scalars(as: Int.self))
      #expect(input[2...] == [0, 0, 5, 0, 0] && input[..<2].allSatisfy { 1...4 ~= $0 })
      #expect(target == [0, 0, 0, 0, 0] + input[..<2])
    }
  }

  @Test func numbersAreWrittenTwice() throws {
    let set = try WrittenNumbersData(digits: 3, count: 1000, seed: 1).load()
    let (symbols, names) = (set.symbols ?? [], set.classNames ?? [])
    let previous = try #require(set.furtherInputs[WrittenNumbersData.previous])
    #expect(set.count == 1000 && set.lengths?.max() == set.inputs.shape[1] && previous.lengths?.min() == 2)
    let texts = (0..<1000).map { row in
      set.inputs[row].scalars(as: Int.self).prefix(set.lengths?[row] ?? 0).map { symbols[$0] }.joined()
    }
    let digits = (0..<1000).map { row in
      set.targets?[row].scalars(as: Int.self).prefix(previous.lengths?[row] ?? 0).map { names[$0] }.joined()
    }
    let place = try #require(texts.firstIndex(of: "four hundred twelve"))
    #expect(digits[place] == "412<end>")
    #expect(previous.values[place].scalars(as: Int.self) == [11, 4, 1, 2])
    #expect(texts.contains("zero") && texts.contains("twenty-one") && Set(texts).count == 1000)
  }

  @Test func embeddedSonnets() throws {
    let set = try TextData(steps: 50).load()
    #expect(set.count == 975 && set.classes == set.symbols?.count)
    #expect(set.parts["test"]?.upperBound == set.count)
    let first = set.inputs[0].scalars(as: Int.self).compactMap { set.symbols?[$0] }.joined()
    #expect(first.hasPrefix("From fairest creatures we desire increase,\n"))
  }

  @Test func seriesOfDifferentLengths() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/x.ts"
      try Data("@classLabel true no yes\n@data\n1,2:3,4:yes\n5:6:no\n".utf8).write(to: URL(filePath: path))
      let set = try TimeSeriesData(path).load()
      #expect(set.inputs.shape == [2, 2, 2] && set.lengths == [2, 1])
      #expect(set.inputs.scalars(as: Int.self) == [1, 3, 2, 4, 5, 6, 0, 0])
      #expect(set.classNames == ["no", "yes"] && set.targets?.scalars(as: Int.self) == [1, 0])
      try Data("@data\n?,2,?,?,8,?\n".utf8).write(to: URL(filePath: path))
      let error = #expect(throws: DataError.self) { try TimeSeriesData(path).load() }
      #expect(error?.description.contains("\"interpolate\"") == true)
      let filled = try TimeSeriesData(path, missing: .interpolate).load()
      #expect(filled.inputs.scalars(as: Int.self) == [2, 2, 4, 6, 8, 8])
    }
  }
}
