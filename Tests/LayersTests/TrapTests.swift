#if compiler(>=6.2)
  import AviaryCore
  import AviaryLayers
  import Testing

  /// A programmer's mistake ends the program with words, in release builds as well: what was called with what, the rule, and
  /// the caller's file and line. (Each of these tests starts a process of its own.)
  @Suite struct TrapTests {
    @Test func aModelTellsTheShapesItTakes() async throws {
      let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        try Mistake.wrongShape()
      }
      expect(result, "the model takes [batch] + [3], not [4, 5]", at: Mistake.wrongShapeLine)
    }

    @Test func aMisspeltParameterHasTheNearestName() async throws {
      let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        try Mistake.misspeltName()
      }
      expect(
        result, "there is no parameter '0.dense.wieght'; did you mean '0.dense.weight'?", at: Mistake.misspeltNameLine)
    }

    @Test func operationsTellTheirOperands() async throws {
      let product = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Mistake.product()
      }
      expect(product, "matmul(float32[2, 3], float32[2, 3]): the inner dimensions agree", at: Mistake.productLine)
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
      expect(dense, "a dense layer of 0 units", at: Mistake.noUnitsLine)
      let row = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Mistake.rowOfScalar()
      }
      expect(row, "a position in a scalar", at: Mistake.rowOfScalarLine)
    }

    @Test func tensorsThatCannotBeTellTheirSize() async throws {
      let large = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.zeros([1 << 40])
      }
      expect(large, "out of memory: a tensor float32[1099511627776] takes 4398046511104 bytes, and there are")
      let uncountable = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.zeros([1 << 40, 1 << 40])
      }
      expect(uncountable, "a tensor of shape [1099511627776, 1099511627776] has more elements than can be counted")
      let bytes = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.zeros([1 << 62])
      }
      expect(bytes, "a tensor float32[4611686018427387904] takes more bytes than can be counted")
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

    static let misspeltNameLine = #line + 3
    static func misspeltName() throws {
      let model = try Model(Sequential { Dense(2) }, input: [3], seed: 1)
      _ = model.parameters["0.dense.wieght"]
    }

    static let productLine = #line + 1
    static func product() { _ = Tensor.zeros([2, 3]).matmul(Tensor.zeros([2, 3])) }

    static let noUnitsLine = #line + 1
    static func noUnits() { _ = Dense(0) }

    static let rowOfScalarLine = #line + 1
    static func rowOfScalar() { _ = Tensor.zeros([])[0] }
  }
#endif
