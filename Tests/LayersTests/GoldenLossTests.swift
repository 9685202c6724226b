import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import Testing

/// Losses and penalties against PyTorch in float64: values and derivatives.
struct GoldenLossTests {
  static let losses = GoldenLayerTests.cases(
    "meanSquaredError", "meanAbsoluteError", "huber", "softmaxCrossEntropy", "sigmoidCrossEntropy")
  static let penalties = GoldenLayerTests.cases("l1", "l2")

  @Test func theDocumentHoldsWhatIsTested() {
    #expect(Self.losses.count == 23)
    #expect(Self.penalties.count == 4)
  }

  @Test(arguments: losses) func lossesAgree(_ stored: GoldenCase) throws {
    let names = [
      "meanSquaredError": "mean-squared-error", "softmaxCrossEntropy": "softmax-cross-entropy",
      "sigmoidCrossEntropy": "sigmoid-cross-entropy", "meanAbsoluteError": "mean-absolute-error", "huber": "huber",
    ]
    let name = try #require(names[stored.field("kind").stringValue ?? ""])
    var configuration: ConfigurationObject = stored.name.contains("/batch") ? ["reduction": "sum"] : [:]
    if let delta = try stored.field("configuration")["delta"] { configuration["delta"] = delta }
    let loss = try registries.make(.loss, name, configuration)
    let (input, target) = (try stored.tensor("input"), try stored.tensor("target"))
    let rows = try loss(Variable(input), Variable(target))
    #expect(rows.shape == [input.shape[0]])
    let (value, gradient) = try valueAndGradient(at: input) { try loss($0, Variable(target)).mean() }
    let expected = try stored.number("value")
    #expect(abs(value.item() - expected) <= 1e-12 * max(1, abs(expected)))
    #expect(mismatch(gradient, try stored.tensor("inputGradient")) == nil)
  }

  @Test(arguments: penalties) func penaltiesAgree(_ stored: GoldenCase) throws {
    let name = try #require(try stored.field("kind").stringValue)
    let rate = try #require(try stored.field("configuration")["rate"])
    let penalty = try registries.make(.regularizer, name, ["rate": rate])
    let (value, gradient) = try valueAndGradient(at: stored.tensor("input")) { penalty($0) }
    #expect(value.shape == [])
    #expect(abs(value.item() - (try stored.number("value"))) < 1e-13)
    #expect(mismatch(gradient, try stored.tensor("inputGradient")) == nil)
  }

  @Test func theElasticNetIsBothPenalties() {
    let w = Variable(normal([3, 4], 1))
    let both = L1L2(l1: 0.3, l2: 0.7)(w).value.item()
    #expect(abs(both - (L1(0.3)(w).value.item() + L2(0.7)(w).value.item())) < 1e-14)
    #expect(L1L2(l1: 0.3, l2: 0)(w).value.item() == L1(0.3)(w).value.item())
  }
}
