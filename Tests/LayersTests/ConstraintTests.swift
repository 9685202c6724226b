import AviaryCore
import AviaryLayers
import AviaryRegistry
import Testing

/// The effect of constraints on parameters.
struct ConstraintTests {
  /// Columns with norms 5, 0.5 and 0.
  static let weights = Tensor([[3, 0.3, 0], [-4, 0.4, 0]], dtype: .float64)

  @Test func aNormIsCutAtItsMaximum() {
    let cut = MaxNorm(2)(Self.weights)
    #expect(distance(cut, Tensor([[1.2, 0.3, 0], [-1.6, 0.4, 0]])) < 1e-15)
    #expect(cut.slice(axis: 1, 1..<3).isIdentical(to: Self.weights.slice(axis: 1, 1..<3)))
  }

  @Test func whatObeysIsLeftAlone() throws {
    #expect(MaxNorm(5)(Self.weights).isIdentical(to: Self.weights))
    #expect(MaxNorm(5)(Tensor([3.0, .nan])).isNaN().all().scalars(as: Bool.self) == [true])
    var store = try Model(
      Dense(3, weightConstraint: MaxNorm(5)), input: [2], dtype: .float64, seed: 1
    ).parameters
    store["weight"] = Self.weights
    store.applyConstraints()
    #expect(store["weight"].isIdentical(to: Self.weights))
  }

  @Test func aUnitNormIsOne() {
    #expect(distance(UnitNorm()(Self.weights), Tensor([[0.6, 0.6, 0], [-0.8, 0.8, 0]])) < 1e-15)
  }

  /// W·(WᵀW)^−½: the signs of a diagonal matrix, the rotation of a rotated and stretched one.
  @Test func orthogonalWeightsAreTheNearest() {
    let constraint = OrthogonalWeights()
    #expect(distance(constraint(Tensor([[3.0, 0], [0, -0.01]])), Tensor([[1.0, 0], [0, -1]])) < 1e-14)
    let turn = Tensor([[0.6, -0.8], [0.8, 0.6]])
    let stretch = Tensor([[2.0, 0.5], [0.5, 1]])
    #expect(distance(constraint(turn.matmul(stretch)), turn) < 1e-14)
    #expect(distance(constraint(stretch.matmul(turn)), turn) < 1e-14)
    #expect(distance(constraint(Tensor([3.0, 4.0])), Tensor([0.6, 0.8])) < 1e-15)
    #expect(constraint(turn).isIdentical(to: turn))
    let zeros = Tensor.zeros([2, 2], dtype: .float64)
    #expect(constraint(zeros).isIdentical(to: zeros))
  }

  @Test(arguments: [[6, 3], [3, 6], [2, 2, 3, 5], [40, 40]] as [Shape], [DType.float32, .float64])
  func productsAreTheIdentity(_ shape: Shape, _ dtype: DType) {
    let weights = OrthogonalWeights()(normal(shape, 8, dtype: dtype) * 3).reshaped(to: [-1, shape[-1]]).cast(
      to: .float64)
    let short = weights.shape[0] < weights.shape[1] ? weights : weights.transposed()
    let identity = Tensor.identity(short.shape[0], dtype: .float64)
    #expect(distance(short.matmul(short.transposed()), identity) < (dtype == .float32 ? 1e-5 : 1e-13))
  }

  @Test func negativeWeightsAreCut() {
    #expect(distance(NonNegative()(Self.weights), Tensor([[3, 0.3, 0], [0, 0.4, 0]])) == 0)
  }

  @Test func filtersAndVectorsHaveTheirOwnNorms() {
    let filters = normal([3, 2, 4, 5], 1) * 3
    let norms = UnitNorm()(filters).square().sum(axes: [0, 1, 2])
    #expect(distance(norms, Tensor.ones([5], dtype: .float64)) < 1e-14)
    #expect(distance(MaxNorm(1)(Tensor([3.0, 4.0])), Tensor([0.6, 0.8])) < 1e-15)
  }

  @Test(arguments: registries.entries(of: .constraint).map(\.name))
  func twiceIsOnce(_ name: String) throws {
    let constraint = try registries.make(.constraint, name)
    let once = constraint(normal([4, 3], 2) * 5)
    #expect(distance(constraint(once), once) < 1e-15)
  }

  @Test func aStoreImposesThem() throws {
    let network = Sequential {
      Dense(3, weightConstraint: MaxNorm(0.1))
      Dense(2)
    }
    var model = try Model(network, input: [4], dtype: .float64, seed: 1)
    let before = model.parameters
    model.parameters.applyConstraints()
    let norms = model.parameters["0.dense.weight"].square().sum(axes: [0]).sqrt()
    #expect(distance(norms, Tensor(repeating: 0.1, shape: [3], dtype: .float64)) < 1e-14)
    #expect(model.parameters["1.dense.weight"].isIdentical(to: before["1.dense.weight"]))
  }
}
