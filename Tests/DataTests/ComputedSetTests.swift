import AviaryCore
import AviaryData
import AviaryRegistry
import Testing

@Suite struct ComputedSetTests {
  @Test(arguments: [
    (GatesData.Gate.and, [0, 0, 0, 1]), (.or, [0, 1, 1, 1]), (.xor, [0, 1, 1, 0]), (.nand, [1, 1, 1, 0]),
    (.nor, [1, 0, 0, 0]), (.xnor, [1, 0, 0, 1]),
  ])
  func gatesHaveTheirTables(_ gate: GatesData.Gate, _ outputs: [Int]) throws {
    let set = try GatesData(gate, repetitions: 2).load()
    #expect(set.inputs.scalars(as: Int.self) == [0, 0, 0, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 1])
    #expect(set.targets?.scalars(as: Int.self) == outputs + outputs)
    #expect(set.inputs.dtype == .float32)
    #expect(set.classes == 2)
  }

  @Test func cloudsHaveTheCourseParameters() throws {
    let set = try dataRegistries().make(.dataSet, "two-class").load()
    #expect(set.inputs.spec == TensorSpec([200, 2], .float32))
    #expect(set.targets?.scalars(as: Int.self) == [Int](repeating: 0, count: 100) + [Int](repeating: 1, count: 100))

    let many = try dataRegistries().make(.dataSet, "two-class", ["count": 50_000]).load()
    for (label, mean) in [(0, -4.0), (1, 4.0)] {
      let cloud = many.inputs[(label * 50_000)..<((label + 1) * 50_000)].cast(to: .float64)
      // Standard errors: √(20 / 50000) = 0.02 for a mean, 20·√(2 / 50000) = 0.13 for a variance.
      for found in cloud.mean(axes: [0]).scalars(as: Double.self) { #expect(abs(found - mean) < 0.1) }
      for found in cloud.variance(axes: [0]).scalars(as: Double.self) { #expect(abs(found - 20) < 0.6) }
    }
  }

  @Test func covarianceIsThatOfTheConfiguration() throws {
    let configuration: ConfigurationObject = [
      "means": [[0, 0], [0, 0]], "covariance": [[4, 3], [3, 9]], "count": 50_000,
    ]
    let x = try dataRegistries().make(.dataSet, "two-class", configuration).load().inputs.cast(to: .float64)
    let covariance = (x.transposed().matmul(x) / 100_000).scalars(as: Double.self)
    for (found, expected) in zip(covariance, [4.0, 3, 3, 9]) { #expect(abs(found - expected) < 0.2) }
  }

  @Test func pointsLieAboutTheirLine() throws {
    let exact = try dataRegistries().make(
      .dataSet, "linear", ["weights": [2, -1], "intercept": 0.5, "noise": 0, "count": 50]
    ).load()
    #expect(exact.inputs.spec == TensorSpec([50, 2], .float32) && exact.targets?.shape == [50, 1])
    let targets = exact.targets?.scalars(as: Double.self) ?? []
    for (row, target) in targets.enumerated() {
      let x = exact.inputs[row].scalars(as: Double.self)
      #expect(abs(2 * x[0] - x[1] + 0.5 - target) < 1e-5)
    }
    // Standard errors: 1 / √50000 = 0.0045 for means, 0.0063 for variances.
    let many = try dataRegistries().make(.dataSet, "linear", ["count": 50_000]).load()
    let x = many.inputs.cast(to: .float64)
    let errors = try #require(many.targets).cast(to: .float64) - x * 3 - 2
    for (values, label) in [(x, "x"), (errors, "ε")] {
      #expect(abs(values.mean().item()) < 0.03 && abs(values.square().mean().item() - 1) < 0.04, "\(label)")
    }
    #expect(abs((x * errors).mean().item()) < 0.03)
  }

  @Test func pointsFollowTheSeed() throws {
    let source = try dataRegistries().make(.dataSet, "two-class")
    func points(_ source: any DataSource, seed: UInt64) throws -> [Float] {
      try source.load(DataEnvironment(random: RandomSource(seed: seed))).inputs.scalars()
    }
    #expect(try points(source, seed: 1) == points(source, seed: 1))
    #expect(try points(source, seed: 1) != points(source, seed: 2))
    let fixed = try dataRegistries().make(.dataSet, "two-class", ["seed": 5])
    #expect(try points(fixed, seed: 1) == points(fixed, seed: 2))
    #expect(try points(fixed, seed: 1) == points(source, seed: 5))
  }

  @Test(arguments: ["gates", "two-class"])
  func filesAreRefused(_ name: String) throws {
    let source = try dataRegistries().make(.dataSet, name)
    let message = dataError { _ = try source.load(DataEnvironment(file: "own.npz")) }
    #expect(message.hasPrefix("own.npz: the data set '\(name)' is computed and reads no file"))
  }
}
