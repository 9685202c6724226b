import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import Testing

/// Normalizations of each example by itself: PyTorch's values and derivatives, further laws, and what they refuse.
struct NormalizationTests {
  static let document = Result { try GoldenDocument("normalizations") }
  static let cases = (try? document.get())?.cases ?? []

  @Test func theDocumentHoldsWhatIsTested() throws {
    #expect(try Self.document.get().cases.count == 28)
  }

  @Test(arguments: cases) func agrees(_ stored: GoldenCase) throws { try expectAgreement(with: stored) }

  @Test(arguments: [
    Specification("layer-norm", ["axes": 2, "epsilon": 0.1]), Specification("layer-norm", ["affine": false]),
    Specification("rms-norm", ["axes": 3, "epsilon": 0.1]), Specification("group-norm", ["groups": 1, "epsilon": 0.1]),
    Specification("instance-norm", ["affine": false, "epsilon": 0.1]),
  ])
  func lawsInFurtherConfigurations(_ specification: Specification) throws {
    #expect(try checkLayer(specification, in: registries) == [])
  }

  /// Numbers far from zero keep their digits: the variance is taken around the mean.
  @Test(arguments: ["layer-norm", "group-norm", "instance-norm"])
  func aGreatMeanCostsNoDigits(_ name: String) throws {
    let configuration: ConfigurationObject = name == "group-norm" ? ["groups": 2] : [:]
    let model = try Model(Specification(name, configuration), in: registries, input: [64, 4], seed: 1)
    let steps = Tensor.range(to: 256, dtype: .float32).reshaped(to: [1, 64, 4])
    #expect(distance(model(steps + 65_536), model(steps)) < 1e-3)
  }

  @Test(
    arguments: [
      ("layer-norm", [:], [], "normalizes the last 1 axes"),
      ("layer-norm", ["axes": 3], [4, 2], "make 'axes' smaller"),
      ("layer-norm", [:], [5, 1], "each value of its input [5, 1] separately"),
      ("rms-norm", ["axes": 2], [3, 1, 1], "each value of its input [3, 1, 1] separately"),
      ("group-norm", ["groups": 4], [3, 6], "divides channels into 4 groups, but its input [3, 6] has 6"),
      ("group-norm", ["groups": 6], [6], "a single value"), ("group-norm", ["groups": 1], [], "not single numbers"),
      ("instance-norm", [:], [6], "with several positions, not [6]"),
      ("instance-norm", [:], [1, 1, 4], "with several positions, not [1, 1, 4]"),
    ] as [(String, ConfigurationObject, Shape, String)])
  func whatDoesNotFitIsRefused(_ name: String, _ configuration: ConfigurationObject, _ input: Shape, _ words: String)
    throws
  {
    let layer = try registries.make(.layer, Specification(name, configuration))
    let error = #expect(throws: LayerError.self) { try Model(Sequential([layer]), input: input, seed: 1) }
    #expect(error?.path == "0.\(name)")
    #expect(error?.problem.contains(words) == true, "\(error?.description ?? "")")
  }
}
