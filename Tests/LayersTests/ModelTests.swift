import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import Testing

/// Models and their stores.
struct ModelTests {
  static let network = Sequential {
    Conv2D(2, window: 3, padding: .same, activation: Relu())
    MaxPool2D()
    Flatten()
    Dense(4, weightRegularizer: L2(0.1))
    BatchNorm()
  }

  func model(seed: UInt64 = 1, dtype: DType = .float32) throws -> Model {
    try Model(Self.network, input: .image(6, 4, 1), dtype: dtype, seed: seed)
  }

  @Test func theSummaryCountsEveryLayer() throws {
    let text = try model().summary
    #expect(
      text == """
        layer         output     parameters
        ───────────────────────────────────
        0.conv2d      [6, 4, 2]          20
        1.max-pool2d  [3, 2, 2]           0
        2.flatten     [12]                0
        3.dense       [4]                52
        4.batch-norm  [4]                16
        80 trained numbers, 8 of state, 352 bytes
        """)
  }

  @Test func theSummaryShowsNestedLayers() throws {
    let network = Sequential {
      Sequential {
        Dense(4)
        Tanh()
      }
      Dense(2)
    }
    let rows = try Model(network, input: [3], seed: 1).summaryRows()
    #expect(rows.map(\.name) == ["0.sequential.0.dense", "0.sequential.1.tanh", "1.dense"])
    #expect(rows.map(\.parameters) == [16, 0, 10])
  }

  @Test func aSingleLayerIsAModel() throws {
    let model = try Model(Dense(3), input: [2, 2], seed: 1)
    #expect(model.parameters.entries.map(\.name) == ["weight", "bias"])
    #expect(model.summaryRows().map(\.name) == ["dense"])
    #expect(model.summaryRows().map(\.parameters) == [15])
    #expect(model(Tensor.ones([7, 2, 2])).shape == [7, 3])
  }

  /// Layers that do not fit an input: where the error is placed, and what it says.
  struct Misfit: Sendable, CustomTestStringConvertible {
    var network: Sequential
    var input: Shape
    var path: String
    var problem: String

    var testDescription: String { "\(path): \(problem)" }

    init(_ input: Shape, _ path: String, _ problem: String, @LayerBuilder _ layers: () -> [any Layer]) {
      (network, self.input, self.path, self.problem) = (Sequential(layers()), input, path, problem)
    }
  }

  static let misfits: [Misfit] = [
    Misfit(.image(6, 6, 1), "0.conv2d", "does not fit into images of 6×6") { Conv2D(2, window: 9) },
    Misfit(.image(6, 6, 1), "0.conv2d", "does not fit into images of 6×6") { Conv2D(2, window: 3, dilation: 4) },
    Misfit(.image(6, 6, 1), "0.max-pool2d", "does not fit") { MaxPool2D(7) },
    Misfit(.image(6, 6, 1), "1.max-pool2d", "images of 4×4") {
      Conv2D(2, window: 3)
      MaxPool2D(5)
    },
    Misfit([36], "1.conv2d", "it takes images [height, width, channels], not [4]") {
      Dense(4)
      Conv2D(2, window: 3)
    },
    Misfit([36], "0.average-pool2d", "it takes images") { AveragePool2D() },
    Misfit([36], "0.reshape", "do not fill [5, 7]") { Reshape([5, 7]) },
    Misfit([36], "0.reshape", "do not fill [5, -1]") { Reshape([5, -1]) },
    Misfit([36], "0.reshape", "do not fill") { Reshape([.max, .max]) },
    Misfit([], "0.batch-norm", "channels") { BatchNorm() },
    Misfit([], "0.relu", "at least one axis") { Relu() },
    Misfit([4, 0], "", "the input [4, 0] has an empty axis") { Dense(3) },
    Misfit([1, 1, 1, 1, 1, 1, 1, 1], "", "more than 7 axes") { Dense(3) },
    Misfit([36], "0.dense", "does not fit into") { Dense(.max) },
    Misfit([36], "0.dense", "does not fit into") { Dense(1 << 40) },
    Misfit(.image(6, 6, 3), "0.conv2d", "does not fit into") { Conv2D(1 << 50, window: 65_536, padding: .same) },
    Misfit([1 << 31, 1 << 31, 1 << 31], "", "does not fit into") { Conv2D(1, window: 1) },
    Misfit([3], "1.sequential.1.max-pool2d", "images") {
      Sequential { Dense(2) }
      Sequential {
        Flatten()
        MaxPool2D()
      }
    },
  ]

  @Test(arguments: misfits) func misfitsAreFoundWhenTheModelIsBuilt(_ misfit: Misfit) {
    let error = #expect(throws: LayerError.self) { try Model(misfit.network, input: misfit.input, seed: 1) }
    #expect(error?.path == misfit.path)
    #expect(error?.problem.contains(misfit.problem) == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test func onlyFloatingParameters() {
    #expect(throws: LayerError.self) { try Model(Dense(1), input: [2], dtype: .int64, seed: 1) }
    #expect(throws: LayerError.self) { try Model(Dense(1), input: [2], dtype: .float16, seed: 1) }
  }

  @Test func aWrongInitializerIsFound() {
    struct Wrong: Initializer {
      func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor { Tensor.zeros([1]) }
    }
    let error = #expect(throws: LayerError.self) {
      try Model(Dense(2, weightInitializer: Wrong()), input: [3], seed: 1)
    }
    #expect(error?.problem.contains("float32[3, 2]") == true)
  }

  @Test func aCopyIsASnapshot() throws {
    var model = try model()
    let snapshot = model
    let weight = model.parameters["3.dense.weight"]
    model.parameters["3.dense.weight"] = Tensor.zeros([12, 4])
    model.parameters.trainable.withMutableScalars(as: Float.self) { $0[0] = 42 }
    #expect(snapshot.parameters["3.dense.weight"].isIdentical(to: weight))
    #expect(model.parameters["3.dense.weight"].isIdentical(to: Tensor.zeros([12, 4])))
    #expect(model.parameters["0.conv2d.weight"].scalars(as: Float.self)[0] == 42)
    #expect(snapshot.parameters["0.conv2d.weight"].scalars(as: Float.self)[0] != 42)
  }

  @Test func entriesLieSideBySide() throws {
    let store = try model().parameters
    #expect(store.trainableCount == 80)
    let flat = store.trainable.scalars(as: Float.self)
    for entry in store.entries where entry.isTrainable {
      let range = entry.offset..<(entry.offset + entry.elementCount)
      #expect(store.value(of: entry).scalars(as: Float.self) == Array(flat[range]))
    }
  }

  @Test(arguments: [
    ("*", 8), ("*.bias", 2), ("0.*", 2), ("*.weight", 2), ("3.dense.weight", 1), ("*running*", 2), ("*d*e*t", 2),
    ("bias", 0),
    ("0.conv2d.bias*", 1), ("*.weight.bias", 0),
  ])
  func patternsChooseEntries(_ pattern: String, _ count: Int) throws {
    #expect(try model().parameters.entries(matching: pattern).count == count)
  }

  @Test func whatIsSavedCanBeLoaded() throws {
    let (saved, other) = (try model(seed: 1), try model(seed: 2))
    let values = saved.parameters.namedValues
    var loaded = other
    try loaded.parameters.load(values)
    let x = normal([2, 6, 4, 1], 1, dtype: .float32)
    #expect(loaded(x).isIdentical(to: saved(x)))
    #expect(!other(x).isIdentical(to: saved(x)))
    var double = try model(seed: 2, dtype: .float64)
    try double.parameters.load(values)
    #expect(distance(double(x.cast(to: .float64)), saved(x).cast(to: .float64)) < 1e-5)
  }

  @Test func aPartCanBeLoaded() throws {
    var loaded = try model(seed: 2)
    let before = loaded.parameters
    try loaded.parameters.load(
      ["0.conv2d.weight": Tensor.ones([3, 3, 1, 2]), "0.conv2d.bias": Tensor.ones([2])], into: "0.*")
    #expect(loaded.parameters["0.conv2d.bias"].scalars(as: Float.self) == [1, 1])
    #expect(loaded.parameters["3.dense.weight"].isIdentical(to: before["3.dense.weight"]))
  }

  @Test func whatDoesNotFitIsNamedAndNothingChanges() throws {
    var model = try model()
    let before = model.parameters
    var values = NamedTensors(before.namedValues.map { ($0.name, Tensor.ones($0.tensor.shape)) })
    values["3.dense.weight"] = nil
    values["3.dens.weight"] = Tensor.ones([12, 4])
    values["3.dense.bias"] = Tensor.ones([5])
    values["0.conv2d.bias"] = Tensor([1, 2])
    let error = #expect(throws: ParameterMismatch.self) { try model.parameters.load(values) }
    #expect(error?.missing == ["3.dense.weight"])
    #expect(error?.unexpected.map(\.name) == ["3.dens.weight"])
    #expect(error?.unexpected.first?.suggestion == "3.dense.weight")
    #expect(error?.misshapen.map(\.name) == ["0.conv2d.bias", "3.dense.bias"])
    let text = error?.description ?? ""
    #expect(text.contains("'3.dense.bias' is float32[5], expected float32[4]"))
    #expect(text.contains("'3.dens.weight' is not a parameter of the model; did you mean '3.dense.weight'?"))
    #expect(model.parameters.trainable.isIdentical(to: before.trainable))
  }

  @Test func aLongMismatchIsCut() throws {
    var model = try model()
    var values = model.parameters.namedValues
    for index in 0..<500 { values["other\(index)"] = Tensor.ones([1]) }
    let error = #expect(throws: ParameterMismatch.self) { try model.parameters.load(values) }
    #expect(error?.unexpected.count == 500)
    let text = error?.description ?? ""
    #expect(text.hasSuffix("\n  490 more are not parameters of the model"))
    #expect(text.split(separator: "\n").count == 12)
  }

  @Test(.timeLimit(.minutes(1))) func manyLayersAreBuiltAndLoadedInTheirNumbersTime() throws {
    let network = Sequential((0..<20_000).map { _ in Dense(1) })
    var model = try Model(network, input: [1], seed: 1)
    try model.parameters.load(model.parameters.namedValues)
    #expect(model.parameters.entries.count == 40_000)
    let tied = Sequential([Dense(1)] + (0..<20_000).map { _ in Dense(1, tiedTo: "0.dense.weight") })
    #expect(try Model(tied, input: [1], seed: 1).parameters.entries.count == 20_002)
  }

  @Test func parametersAreCheckedTogetherBeforeAnyIsMade() throws {
    // Each has a third of the memory and there are four.
    let units = Int((Double(MemoryLimit.byteCount) / 12).squareRoot())
    let network = Sequential((0..<5).map { _ in Dense(units) })
    let error = #expect(throws: LayerError.self) { try Model(network, input: [1], seed: 1) }
    #expect(error?.problem.contains("MiB of memory, of which earlier parameters use") == true)
  }

  @Test func entriesKnowTheirPenalties() throws {
    let penalized = try model().parameters.entries.filter { $0.regularizer != nil }
    #expect(penalized.map(\.name) == ["3.dense.weight"])
  }
}
