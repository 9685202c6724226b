import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import Testing

/// The activations at points whose values are known.
struct ActivationTests {
  static let points = Tensor([[-2, -0.5, 0], [0.25, 1, 3]], dtype: .float64)
  static let values: [(String, [Double])] = [
    ("identity", [-2, -0.5, 0, 0.25, 1, 3]),
    ("step", [0, 0, 1, 1, 1, 1]),
    ("relu", [0, 0, 0, 0.25, 1, 3]),
    ("leaky-relu", [-0.02, -0.005, 0, 0.25, 1, 3]),
    (
      // λ = 1.0507009873554805 times x above zero, λα = 1.7580993408473766 times eˣ − 1 below.
      "selu",
      [-1.5201664685956948, -0.6917581878028713, 0, 0.2626752468388701, 1.0507009873554805, 3.1521029620664414]
    ),
    ("elu", [-0.8646647167633873, -0.3934693402873666, 0, 0.25, 1, 3]),
    (
      "gelu",
      [-0.04550026389635842, -0.15426876936299344, 0, 0.14967658142073093, 0.8413447460685429, 2.99595030590511]
    ),
    (
      "silu",
      [-0.23840584404423512, -0.18877033439907273, 0, 0.14054412522144952, 0.7310585786300049, 2.8577223804672998]
    ),
    (
      "softplus",
      [
        0.1269280110429725, 0.4740769841801067, 0.6931471805599453, 0.8259394198788436, 1.3132616875182228,
        3.048587351573742,
      ]
    ),
    (
      "sigmoid",
      [0.11920292202211755, 0.3775406687981454, 0.5, 0.5621765008857981, 0.7310585786300049, 0.9525741268224334]
    ),
    (
      "tanh",
      [-0.9640275800758169, -0.46211715726000975, 0, 0.24491866240370913, 0.7615941559557649, 0.9950547536867305]
    ),
    (
      // e^x divided by the row's sum, e⁻² + e^-½ + 1 and e^¼ + e + e³.
      "softmax",
      [
        0.0776955791485706, 0.3482074278837349, 0.5740969929676946, 0.053305949993470284, 0.112848697021731,
        0.8338453529847987,
      ]
    ),
    (
      "mish",
      [
        -0.2525014826957089, -0.22074377465173, 0.0, 0.1695724096638176,
        0.8650983882673103, 2.9865350049679575,
      ]
    ),
    ("softsign", [-2 / 3.0, -1 / 3.0, 0, 0.2, 0.5, 0.75]),
    ("hard-sigmoid", [1 / 6.0, 5 / 12.0, 0.5, 13 / 24.0, 2 / 3.0, 1]),
    ("hard-tanh", [-1, -0.5, 0, 0.25, 1, 1]),
    (
      "log-softmax",
      [
        -2.554956919641991, -1.0549569196419906, -0.5549569196419906, -2.9317073218930827,
        -2.1817073218930827, -0.1817073218930827,
      ]
    ),
    // The rows' greatest two, less a threshold of −¾; the greatest alone.
    ("sparsemax", [0, 0.25, 0.75, 0, 0, 1]),
  ]

  @Test func allAreTested() {
    #expect(Self.values.map(\.0).sorted() == registries.entries(of: .activation).map(\.name))
  }

  @Test(arguments: values) func valuesAreKnown(_ name: String, _ expected: [Double]) throws {
    let activation = try registries.make(.activation, name)
    let found = activation(Variable(Self.points))
    #expect(distance(found.value, Tensor(expected, shape: [2, 3])) < 1e-14)
    if let fused = activation.fused { #expect(distance(fused(Self.points), found.value) < 1e-15) }
  }

  @Test func theStepHasNoDerivative() {
    #expect(throws: DifferentiationError.self) { try gradient(at: Self.points) { Step()($0).sum() } }
  }

  /// The derivative jumps at 0, where the piece below has it, as PyTorch has.
  @Test func theSlopeOfEluAtZeroIsAlpha() throws {
    let slopes = try gradient(at: Tensor([0.0, 1e-300, -1e-300])) { Elu(alpha: 0.25)($0).sum() }
    #expect(slopes == Tensor([0.25, 1, 0.25]))
    let error = #expect(throws: ConfigurationError.self) { try registries.make(.activation, "elu", ["alpha": 0]) }
    #expect(error?.description.contains("alpha") == true)
  }

  @Test func swishIsSilu() throws {
    #expect(try registries.make(.activation, "swish") is Silu)
    _ = try Model("swish", in: registries, input: [3], seed: 1)
  }

  /// The axis of the operation is the last unless given.
  @Test func sparsemaxAlongAnyAxis() {
    let x = normal([3, 4, 2], 6)
    for axis in [0, 1, -2] {
      #expect(
        distance(x.sparsemax(axis: axis).sum(axes: [axis]), Tensor.ones(x.shape.removing(axis: (axis + 3) % 3))) < 1e-14
      )
    }
    #expect(
      distance(x.sparsemax(axis: 1), x.transposed(axes: [0, 2, 1]).sparsemax().transposed(axes: [0, 2, 1])) == 0)
  }

  /// Halves of an odd number of channels do not exist.
  @Test func gatesNeedTheirHalf() throws {
    let error = #expect(throws: LayerError.self) { try Model("glu", in: registries, input: [5], seed: 1) }
    #expect(error?.description.contains("an even number of channels") == true)
    #expect(try Model("gated-linear-unit", in: registries, input: [6], seed: 1).outputShape == [3])
  }

  @Test func extremesStayFinite() {
    let far = Variable(Tensor([[-1e4, 0, 1e4]], dtype: .float64))
    #expect(Softmax()(far).value.scalars(as: Double.self) == [0, 0, 1])
    #expect(Sigmoid()(far).value.scalars(as: Double.self) == [0, 0.5, 1])
    #expect(Tanh()(far).value.scalars(as: Double.self) == [-1, 0, 1])
    #expect(Elu(alpha: 2)(far).value.scalars(as: Double.self) == [-2, 0, 1e4])
    #expect(Gelu()(far).value.scalars(as: Double.self) == [0, 0, 1e4])
    #expect(Silu()(far).value.scalars(as: Double.self) == [0, 0, 1e4])
    #expect(Softplus()(far).value.scalars(as: Double.self) == [0, 0.6931471805599453, 1e4])
    #expect(Mish()(far).value.scalars(as: Double.self) == [0, 0, 1e4])
    #expect(HardSigmoid()(far).value.scalars(as: Double.self) == [0, 0.5, 1])
    #expect(HardTanh()(far).value.scalars(as: Double.self) == [-1, 0, 1])
    #expect(LogSoftmax()(far).value.scalars(as: Double.self) == [-2e4, -1e4, 0])
    #expect(Sparsemax()(far * 1e300).value.scalars(as: Double.self) == [0, 0, 1])
  }
}
