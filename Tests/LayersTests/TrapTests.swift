#if compiler(>=6.2)
  import AviaryCore
  import AviaryLayers
  import Testing

  /// A programmer's mistake ends the program with a message, in release builds as well: the call, the rule, and the
  /// caller's file and line. (Each of these tests starts its own process.)
  @Suite struct TrapTests {
    @Test func aModelTellsTheShapesItTakes() async throws {
      let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        try Mistake.wrongShape()
      }
      expect(result, "the model needs inputs [batch] + [3], not [4, 5]", at: Mistake.wrongShapeLine)
    }

    @Test func aMisspelledParameterHasTheNearestName() async throws {
      let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        try Mistake.misspelledName()
      }
      expect(
        result, "there is no parameter '0.dense.wieght'; did you mean '0.dense.weight'?", at: Mistake.misspelledNameLine
      )
    }

    @Test func operationsTellTheirOperands() async throws {
      let product = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Mistake.product()
      }
      expect(product, "matmul(float32[2, 3], float32[2, 3]): the inner dimensions must agree", at: Mistake.productLine)
      let sum = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.zeros([2, 3]) + Tensor.zeros([4])
      }
      // An operator cannot be given its caller's line.
      expect(sum, "add(float32[2, 3], float32[4])")
    }

    @Test func initializersAndSubscriptsTellTheirArguments() async throws {
      let dense = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Mistake.noUnits()
      }
      expect(dense, "Dense: units: expected a whole number above 0, found 0", at: Mistake.noUnitsLine)
      let row = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Mistake.rowOfScalar()
      }
      expect(row, "a scalar has no positions", at: Mistake.rowOfScalarLine)
    }

    @Test func tensorsThatCannotBeTellTheirSize() async throws {
      let large = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.zeros([1 << 40])
      }
      expect(large, "out of memory: a tensor float32[1099511627776] needs 4398046511104 bytes, but there are")
      let uncountable = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.zeros([1 << 40, 1 << 40])
      }
      expect(uncountable, "a tensor float32[1099511627776, 1099511627776] has too many elements")
      let bytes = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.zeros([1 << 62])
      }
      expect(bytes, "a tensor float32[4611686018427387904] needs too many bytes")
    }

    @Test func layersTellTheirArguments() async throws {
      let dropout = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Mistake.rateOfOne()
      }
      expect(dropout, "Dropout: rate: expected a number in [0, 1), found 1.0", at: Mistake.rateOfOneLine)
      let connect = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Mistake.oneSample()
      }
      expect(connect, "DropConnect: samples: expected a whole number in [2, 10000], found 1", at: Mistake.oneSampleLine)
      let noise = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Mistake.negativeNoise()
      }
      expect(
        noise, "GaussianNoise: standardDeviation: expected a number of at least 0, found -1.0",
        at: Mistake.negativeNoiseLine)
      let border = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Mistake.negativeBorder()
      }
      expect(
        border, "Conv2D: padding: expected a border of 0 to 65535 rows and columns, found \"-1 rows and 0 columns\"",
        at: Mistake.negativeBorderLine)
      let part = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        try Mistake.layersBeyond()
      }
      expect(part, "there are no layers 0..<9; the chain has 1", at: Mistake.layersBeyondLine)
    }

    @Test func numbersThatOverflowAreTold() async throws {
      let window = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Mistake.longStride()
      }
      expect(window, "strides (9223372036854775807, 1)", at: Mistake.longStrideLine)
      let range = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Mistake.endlessRange()
      }
      expect(range, "the range from 0.0 to inf by 1.0 has inf numbers", at: Mistake.endlessRangeLine)
      let position = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Mistake.greatestPosition()
      }
      expect(
        position, "there is no position 9223372036854775807 on the first axis of float32[2]",
        at: Mistake.greatestPositionLine)
      let padded = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Mistake.greatestPad()
      }
      expect(padded, "pad(float32[2]): axis 0 would have a length beyond Int", at: Mistake.greatestPadLine)
      let broadcast = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Mistake.greatestBroadcast()
      }
      expect(broadcast, "would have too many elements", at: Mistake.greatestBroadcastLine)
    }

    @Test func aSymbolWithoutVectorHasItsLayer() async throws {
      let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        try Mistake.unknownSymbol()
      }
      expect(
        result, "layer 0.embedding: it takes whole numbers from 0 to 2, but one of its inputs is 3.0",
        at: Mistake.unknownSymbolLine)
    }

    private func expect(
      _ result: ExitTest.Result, _ words: String, at line: Int? = nil, _ location: SourceLocation = #_sourceLocation
    ) {
      let text = String(decoding: result.standardErrorContent, as: UTF8.self)
      #expect(text.contains(words), "\(text.prefix(500))", sourceLocation: location)
      if let line { #expect(text.contains("TrapTests.swift:\(line)"), "\(text.prefix(500))", sourceLocation: location) }
    }
  }

  /// Mistakes and the lines that make them.
  private enum Mistake {
    static let wrongShapeLine = #line + 3
    static func wrongShape() throws {
      let model = try Model(Dense(2), input: [3], seed: 1)
      _ = model(Tensor.zeros([4, 5]))
    }

    static let unknownSymbolLine = #line + 3
    static func unknownSymbol() throws {
      let model = try Model(Sequential { Embedding(symbols: 3, size: 2) }, input: [1], seed: 1)
      _ = model(Tensor.zeros([1, 1]) + 3)
    }

    static let misspelledNameLine = #line + 3
    static func misspelledName() throws {
      let model = try Model(Sequential { Dense(2) }, input: [3], seed: 1)
      _ = model.parameters["0.dense.wieght"]
    }

    static let productLine = #line + 1
    static func product() { _ = Tensor.zeros([2, 3]).matmul(Tensor.zeros([2, 3])) }

    static let rateOfOneLine = #line + 1
    static func rateOfOne() { _ = Dropout(1.0) }

    static let oneSampleLine = #line + 1
    static func oneSample() { _ = DropConnect(Dense(2), samples: 1) }

    static let negativeNoiseLine = #line + 1
    static func negativeNoise() { _ = GaussianNoise(-1.0) }

    static let negativeBorderLine = #line + 1
    static func negativeBorder() { _ = Conv2D(1, window: 3, padding: .border(rows: -1, columns: 0)) }

    static let layersBeyondLine = #line + 1
    static func layersBeyond() throws { _ = try Model(Sequential { Dense(2) }, input: [3], seed: 1).layers(0..<9) }

    static let longStrideLine = #line + 1
    static func longStride() { _ = Window2D(height: 2, width: 2, strides: (.max, 1)) }

    static let endlessRangeLine = #line + 1
    static func endlessRange() { _ = Tensor.range(to: .infinity) }

    static let greatestPositionLine = #line + 1
    static func greatestPosition() { _ = Tensor.zeros([2])[Int.max] }

    static let greatestPadLine = #line + 1
    static func greatestPad() { _ = Tensor.zeros([2]).padded(before: [.max], after: [.max]) }

    static let greatestBroadcastLine = #line + 1
    static func greatestBroadcast() { _ = Tensor.zeros([1]).broadcast(to: [.max, 4]) }

    static let noUnitsLine = #line + 1
    static func noUnits() { _ = Dense(0) }

    static let rowOfScalarLine = #line + 1
    static func rowOfScalar() { _ = Tensor.zeros([])[0] }
  }
#endif
