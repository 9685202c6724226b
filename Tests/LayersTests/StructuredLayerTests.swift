import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import Testing

/// Layers of images and sequences: PyTorch's values and derivatives, further laws, and what they refuse.
struct StructuredLayerTests {
  static let document = Result { try GoldenDocument("structured_layers") }
  static let cases = (try? document.get())?.cases ?? []

  @Test func theDocumentHoldsWhatIsTested() throws {
    #expect(try Self.document.get().cases.count == 82)
  }

  @Test(arguments: cases) func agrees(_ stored: GoldenCase) throws { try expectAgreement(with: stored) }

  @Test(arguments: [
    Specification("conv1d", ["filters": 2, "window": 2, "padding": "causal", "strides": 2, "activation": "softmax"]),
    Specification("conv1d", ["filters": 2, "window": 3, "padding": "cover", "strides": 3, "bias": false]),
    Specification("depthwise-conv2d", ["window": 2, "multiplier": 2, "padding": "cover", "strides": 3]),
    Specification("separable-conv2d", ["filters": 2, "window": [3, 1], "padding": "same", "activation": "softmax"]),
    Specification("separable-conv2d", ["filters": 2, "window": 2, "multiplier": 2, "dilation": 2]),
    Specification("conv2d-transposed", ["filters": 2, "window": 2, "strides": 3, "padding": "same"]),
    Specification("average-pool1d", ["window": 3, "strides": 1, "padding": "same"]),
    Specification("adaptive-max-pool2d", ["size": [3, 5]]), Specification("adaptive-average-pool2d", ["size": [5, 3]]),
    Specification("pad2d", ["margins": [2, 1], "mode": "reflect"]), Specification("pad1d", ["mode": "replicate"]),
    Specification("upsample2d", ["factor": [1, 3], "interpolation": "bilinear"]),
    Specification("upsample1d", ["factor": 3, "interpolation": "linear"]),
    Specification("time-distributed", ["layers": ["layer-norm", ["name": "dropout", "rate": 0.3], "flatten"]]),
    Specification(
      "time-distributed", ["layers": [["name": "time-distributed", "layers": [["name": "dense", "units": 2]]]]]),
  ])
  func lawsInFurtherConfigurations(_ specification: Specification) throws {
    #expect(try checkLayer(specification, in: registries) == [])
  }

  static let misfits: [(name: String, configuration: ConfigurationObject, input: Shape, words: String)] = [
    ("conv1d", ["filters": 2, "window": 3], [6], "it takes sequences [steps, channels], not [6]"),
    ("conv1d", ["filters": 2, "window": 3, "dilation": 4], [6, 2], "its window spans 9 steps"),
    ("conv1d", ["filters": 2, "window": 3, "padding": 3], [6, 2], "entirely in its padding of 3"),
    ("max-pool1d", ["window": 7], [6, 2], "do not fit into sequences of 6"),
    ("depthwise-conv2d", ["window": 5], [4, 4, 2], "its window, 5×5 pixels, does not fit into images of 4×4"),
    ("depthwise-conv2d", ["window": 3], [4, 4], "it takes images [height, width, channels], not [4, 4]"),
    ("separable-conv2d", ["filters": 2, "window": [1, 9]], [4, 4, 1], "does not fit into images of 4×4"),
    ("conv2d-transposed", ["filters": 2, "window": 3], [4, 4], "it takes images"),
    ("conv2d-transposed", ["filters": 2, "window": 2, "padding": 2], [4, 4, 1], "its padding crops more"),
    ("conv2d-transposed", ["filters": 2, "window": 3, "padding": 2], [1, 1, 1], "its padding crops more"),
    ("adaptive-max-pool2d", ["size": 2], [4, 4], "it takes images"),
    ("adaptive-average-pool1d", ["size": 2], [4, 4, 1], "it takes sequences"),
    ("global-average-pool", [:], [4], "such as images, not [4]"),
    ("pad2d", [:], [4, 4], "it takes images"), ("pad1d", ["margins": 4, "mode": "reflect"], [4, 1], "has only 4"),
    ("crop2d", ["margins": [0, 2]], [4, 4, 1], "crops 2 and 2 elements from axis 1 of its input [4, 4, 1]"),
    ("crop1d", [:], [2, 3], "make the margins smaller"), ("upsample2d", [:], [4], "it takes images"),
    ("upsample1d", [:], [4], "it takes sequences"),
    ("time-distributed", ["layers": ["tanh"]], [4], "sequences [steps, …]"),
  ]

  @Test(arguments: misfits.indices)
  func whatDoesNotFitIsRefused(_ index: Int) throws {
    let (name, configuration, input, words) = Self.misfits[index]
    let layer = try registries.make(.layer, Specification(name, configuration))
    let error = #expect(throws: LayerError.self) { try Model(Sequential([layer]), input: input, seed: 1) }
    #expect(error?.path == "0.\(name)")
    #expect(error?.problem.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test(
    arguments: [
      ("max-pool1d", ["padding": "causal"], "padding"), ("average-pool1d", ["window": 0], "window"),
      ("conv1d", ["filters": 1, "window": 2, "padding": "full"], "padding"),
      ("conv1d", ["filters": 1, "window": 2, "padding": -1], "padding"),
      ("conv2d-transposed", ["filters": 1, "window": 2, "padding": "cover"], "padding"),
      ("conv2d-transposed", ["filters": 1, "window": 2, "strides": [2, 1], "outputPadding": 1], "outputPadding"),
      (
        "conv2d-transposed", ["filters": 1, "window": 2, "strides": 2, "padding": "same", "outputPadding": 1],
        "outputPadding"
      ),
      ("pad2d", ["margins": [1, 2, 3]], "margins"), ("pad2d", ["mode": "mirror"], "mode"),
      ("crop1d", ["margins": [1, -1]], "margins"), ("upsample2d", ["factor": 0], "factor"),
      ("upsample2d", ["interpolation": "linear"], "interpolation"),
      ("depthwise-conv2d", ["window": 2, "multiplier": 0], "multiplier"),
    ] as [(String, ConfigurationObject, String)])
  func whatCannotBeIsRefusedAtItsField(_ name: String, _ configuration: ConfigurationObject, _ field: String) throws {
    let error = #expect(throws: ConfigurationError.self) {
      try registries.make(.layer, Specification(name, configuration))
    }
    #expect(error?.description.contains(field) == true, "\(error?.description ?? "")")
  }

  @Test func marginsAreOneNumberTwoOrFour() throws {
    let cases: [(given: ConfigurationValue, margins: Margins2D)] = [
      (2, 2), ([1, 3], Margins2D(top: 1, bottom: 1, left: 3, right: 3)),
      ([1, 2, 3, 4], Margins2D(top: 1, bottom: 2, left: 3, right: 4)),
    ]
    for (given, margins) in cases {
      #expect(try Margins2D(configurationValue: given) == margins)
      #expect(margins.configurationValue == given)
    }
    let ends: [(given: ConfigurationValue, margins: Margins1D)] = [(2, 2), ([0, 3], Margins1D(0, 3))]
    for (given, margins) in ends {
      #expect(try Margins1D(configurationValue: given) == margins)
      #expect(margins.configurationValue == given)
    }
    for wrong in [[1], [1, 2, 3], -1, 65_536, "one", [1, "one"]] as [ConfigurationValue] {
      #expect(throws: ConfigurationError.self) { try Margins2D(configurationValue: wrong) }
      #expect(throws: ConfigurationError.self) { try Margins1D(configurationValue: wrong) }
    }
  }

  /// A causal convolution's output does not change if later steps do.
  @Test func causalMeansThatTheFutureIsNotSeen() throws {
    let layer = Conv1D(3, window: 3, padding: .causal, dilation: 2)
    let model = try Model(layer, input: [8, 2], dtype: .float64, seed: 1)
    let x = normal([1, 8, 2], 2)
    let changed = Tensor.concatenate([x.slice(axis: 1, 0..<5), normal([1, 3, 2], 3)], axis: 1)
    let (first, second) = (model(x), model(changed))
    #expect(first.slice(axis: 1, 0..<5).isIdentical(to: second.slice(axis: 1, 0..<5)))
    #expect(distance(first, second) > 0.1)
  }

  /// Steps are rows to the layers inside: two of them are enough for statistics of a batch.
  @Test(arguments: [(1, 2), (2, nil), (5, nil)] as [(Int, Int?)])
  func stepsAreRowsOfWhatLooksAtTheBatch(_ steps: Int, _ demanded: Int?) throws {
    let layer = TimeDistributed { BatchNorm() }
    let model = try Model(layer, input: [steps, 3], dtype: .float64, seed: 1)
    #expect(model.demandingLayer?.rows == demanded)
    let x = normal([3, steps, 3], 1)
    let flat = try Model(BatchNorm(), input: [3], dtype: .float64, seed: 1)
    let found = try derivatives(of: model, at: x, cotangent: x)
    let expected = try derivatives(
      of: flat, at: x.reshaped(to: [3 * steps, 3]), cotangent: x.reshaped(to: [3 * steps, 3]))
    #expect(distance(found.output, expected.output.reshaped(to: [3, steps, 3])) < 1e-14)
    #expect(distance(found.input, expected.input.reshaped(to: [3, steps, 3])) < 1e-14)
  }

  /// Pieces of a long sequence cost no more than the sequence.
  @Test func adaptivePoolingOfALongSequence() throws {
    let model = try Model(AdaptiveAveragePool1D(50_001), input: [100_000, 1], seed: 1)
    let steps = Tensor.range(to: 100_000, dtype: .float32).reshaped(to: [1, 100_000, 1])
    let means = model(steps).scalars(as: Float.self)
    // Pieces 0 ..< 2, 1 ..< 4, 3 ..< 6 …
    #expect(means.count == 50_001 && Array(means.prefix(3)) == [0.5, 2, 4] && means.last == 99_998.5)
  }

  /// Every hyper-parameter of the weights reaches the parameters of the layers with more than one.
  @Test(
    arguments: [
      ("conv1d", ["filters": 3, "window": 2], [4, 2], ["weight"], 3),
      ("depthwise-conv2d", ["window": 2, "multiplier": 3], [4, 4, 2], ["weight"], 6),
      ("separable-conv2d", ["filters": 3, "window": 2], [4, 4, 2], ["depthwise", "pointwise"], 3),
      ("conv2d-transposed", ["filters": 3, "window": 2], [4, 4, 2], ["weight"], 3),
    ] as [(String, ConfigurationObject, Shape, [String], Int)])
  func everyFieldReachesItsParameter(
    _ name: String, _ required: ConfigurationObject, _ input: Shape, _ weights: [String], _ biases: Int
  ) throws {
    var configuration = required
    configuration["weightInitializer"] = ["name": "constant", "value": 2]
    configuration["biasInitializer"] = ["name": "constant", "value": 3]
    configuration["weightRegularizer"] = ["name": "l1", "rate": 0.25]
    configuration["weightConstraint"] = ["name": "max-norm", "maximum": 1]
    let store = try Model(Specification(name, configuration), in: registries, input: input, seed: 1).parameters
    #expect(store.entries.map(\.name) == weights + ["bias"])
    for weight in weights {
      let entry = try #require(store.entry(named: weight))
      #expect(store[weight].isIdentical(to: Tensor(repeating: 2, shape: entry.shape)))
      #expect(entry.regularizer != nil && entry.constraint != nil)
    }
    #expect(store["bias"].isIdentical(to: Tensor(repeating: 3, shape: [biases])))
    configuration["bias"] = false
    let other = try Model(Specification(name, configuration), in: registries, input: input, seed: 1)
    #expect(other.parameters.entries.map(\.name) == weights)
  }
}
