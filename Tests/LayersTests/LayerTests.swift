import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import Testing

/// Not covered by laws and golden values: the effect of each field of a configuration.
struct LayerTests {
  /// Rows 0 1 2, 3 4 5, 6 7 8.
  static let image = Tensor.range(to: 9, dtype: .float64).reshaped(to: [1, 3, 3, 1])

  @Test(
    arguments: [
      ("average-pool2d", ["window": 2, "strides": 1], [2.0, 3, 5, 6]),
      ("max-pool2d", ["window": 2, "strides": 1], [4, 5, 7, 8]),
      // Windows at the border contain only elements inside the image.
      ("average-pool2d", ["window": 2, "padding": "same"], [2, 3.5, 6.5, 8]),
      ("max-pool2d", ["window": 2, "padding": "same"], [4, 5, 7, 8]),
      ("average-pool2d", ["window": [3, 1]], [3, 4, 5]),
      ("max-pool2d", ["window": [1, 3]], [2, 5, 8]),
      ("max-pool2d", ["window": 1, "strides": 2], [0, 2, 6, 8]),
      ("max-pool2d", [:], [4]),
    ] as [(String, ConfigurationObject, [Double])])
  func poolingIsKnown(_ name: String, _ configuration: ConfigurationObject, _ expected: [Double]) throws {
    let model = try Model(
      Specification(name, configuration), in: registries, input: .image(3, 3, 1), dtype: .float64, seed: 1)
    #expect(model(Self.image).scalars(as: Double.self) == expected)
  }

  @Test func dilationSpreadsAFilter() throws {
    let layer = Conv2D(1, window: 2, dilation: 2, weightInitializer: Constant(1), biasInitializer: Constant(0.5))
    let model = try Model(layer, input: .image(3, 3, 1), dtype: .float64, seed: 1)
    #expect(model(Self.image).scalars(as: Double.self) == [16.5])  // 0 + 2 + 6 + 8, and the bias
  }

  @Test(
    arguments: [
      ("dense", ["units": 3]), ("conv2d", ["filters": 3, "window": 2]), ("maxout", ["units": 3, "pieces": 1]),
      ("maxout-conv2d", ["channels": 3, "pieces": 1, "window": 2]), ("drop-connect", ["units": 3]),
      ("standout", ["units": 3]),
    ] as [(String, ConfigurationObject)])
  func everyFieldReachesItsParameter(_ name: String, _ required: ConfigurationObject) throws {
    var configuration = required
    configuration["weightInitializer"] = ["name": "constant", "value": 2]
    configuration["biasInitializer"] = ["name": "constant", "value": 3]
    configuration["weightRegularizer"] = ["name": "l1", "rate": 0.25]
    configuration["weightConstraint"] = ["name": "max-norm", "maximum": 1]
    let store = try Model(
      Specification(name, configuration), in: registries, input: .image(4, 4, 2), seed: 1
    ).parameters
    let (weight, bias) = (try #require(store.entry(named: "weight")), try #require(store.entry(named: "bias")))
    #expect(store["weight"].isIdentical(to: Tensor(repeating: 2, shape: weight.shape)))
    #expect(store["bias"].isIdentical(to: Tensor(repeating: 3, shape: [3])))
    let regularizer = try #require(weight.regularizer)
    #expect(regularizer(Variable(store["weight"])).value.item() == 0.25 * 2 * Double(weight.elementCount))
    let constraint = try #require(weight.constraint)
    #expect(abs(constraint(store["weight"]).square().sum().item() - 3) < 1e-5)
    #expect(bias.regularizer == nil && bias.constraint == nil)
    configuration["bias"] = false
    let other = try Model(Specification(name, configuration), in: registries, input: .image(4, 4, 2), seed: 1)
    #expect(other.parameters.entries.map(\.name) == ["weight"])
  }

  @Test func aSizeIsOneNumberOrTwo() throws {
    let window = try #require(registries.entry(of: .layer, named: "conv2d").schema.first { $0.name == "window" })
    #expect(window.type.description == "a whole number, or a list, each element a whole number")
    let cases: [(given: ConfigurationValue, size: Size2D)] = [(.integer(3), 3), (.array([3, 5]), [3, 5])]
    for (given, size) in cases {
      #expect(try Size2D(configurationValue: given) == size)
      #expect(size.configurationValue == given)
    }
    let square = try Size2D(configurationValue: [4, 4])
    #expect(square.configurationValue == 4)
  }

  @Test func aPaddingIsANameOrABorder() throws {
    let cases: [(given: ConfigurationValue, padding: Window2D.Padding)] = [
      ("valid", .valid), ("same", .same), ("cover", .cover), (3, .border(rows: 3, columns: 3)),
      ([1, 2], .border(rows: 1, columns: 2)),
    ]
    for (given, padding) in cases {
      #expect(try Window2D.Padding(configurationValue: given) == padding)
      #expect(padding.configurationValue == given)
    }
    for wrong in ["full", -1, [1], [1, 2, 3], 65_536, [1, "same"]] as [ConfigurationValue] {
      #expect(throws: ConfigurationError.self) { try Window2D.Padding(configurationValue: wrong) }
    }
  }

  /// Windows of 3×3 in a border of 3 would see nothing of the image.
  @Test func aBorderIsSmallerThanTheWindow() throws {
    for name in ["max-pool2d", "conv2d"] {
      var configuration: ConfigurationObject = ["window": 3, "padding": [1, 3]]
      if name == "conv2d" { configuration["filters"] = 1 }
      let error = #expect(throws: LayerError.self) {
        try Model(Specification(name, configuration), in: registries, input: .image(4, 4, 1), seed: 1)
      }
      #expect(error?.problem.contains("entirely in its padding") == true)
    }
  }

  /// Each piece has its own norm: the columns (3, 4) and (6, 8) of one unit.
  @Test func aConstraintActsOnEachPiece() throws {
    var model = try Model(
      Maxout(1, pieces: 2, weightConstraint: MaxNorm(5)), input: [2], dtype: .float64, seed: 1)
    model.parameters["weight"] = Tensor([[3, 6], [4, 8]], dtype: .float64)
    model.parameters.applyConstraints()
    #expect(distance(model.parameters["weight"], Tensor([[3, 3], [4, 4]], dtype: .float64)) < 1e-15)
  }

  /// max(x, −x) = |x|; of two equal pieces the first gets the gradient.
  @Test func maxoutIsTheGreatestPiece() throws {
    var model = try Model(Maxout(1, pieces: 2), input: [1], dtype: .float64, seed: 1)
    try model.parameters.load(["weight": Tensor([[1, -1]], dtype: .float64), "bias": Tensor([0.0, 0.0])])
    let x = Tensor([[-2], [0], [3]], dtype: .float64)
    let found = try derivatives(of: model, at: x, cotangent: Tensor.ones([3, 1], dtype: .float64))
    #expect(found.output == Tensor([[2], [0], [3]], dtype: .float64))
    #expect(found.input == Tensor([[-1], [1], [1]], dtype: .float64))
    #expect(found.parameters[1] == Tensor([2.0, 1.0]))
  }

  @Test func batchNormalizationStandardizesAndRemembers() throws {
    let model = try Model(BatchNorm(momentum: 0.5), input: [2], dtype: .float64, seed: 1)
    let x = Tensor([[1, 10], [3, 30]], dtype: .float64)
    var context = Context(.training)
    let output = model.forward(Variable(x), model.parameters.variables { _ in true }, &context).value
    #expect(distance(output, Tensor([[-1, -1], [1, 1]], dtype: .float64)) < 1e-3)
    var after = model.parameters
    after.apply(context.stateUpdates)
    #expect(after["runningMean"].scalars(as: Double.self) == [1, 10])
    #expect(after["runningVariance"].scalars(as: Double.self) == [1, 50.5])
    #expect(model.parameters["runningMean"].scalars(as: Double.self) == [0, 0])
  }

  @Test func anotherPackagesActivationIsALayerToo() throws {
    var own = registries
    try own.registerActivation(Square.self)
    let network = try Sequential(from: [Specification("dense", ["units": 2]), "square"], in: own)
    let model = try Model(network, input: [3], dtype: .float64, seed: 1)
    let x = normal([4, 3], 1)
    #expect(distance(model(x), x.matmul(model.parameters["0.dense.weight"]).square()) < 1e-15)
    let inside = try own.make(.layer, "dense", ["units": 2, "activation": "square"])
    let other = try Model(inside, input: [3], dtype: .float64, seed: 1)
    #expect(distance(other(x), x.matmul(other.parameters["weight"]).square()) < 1e-15)
    #expect(throws: RegistrationError.self) { try own.registerActivation(Square.self) }
  }
}

struct Square: Activation, Registrable {
  static let name = "square"
  static let card = Card("The square.", formula: "f(x) = x²")
  func callAsFunction(_ x: Variable) -> Variable { x.square() }
}
