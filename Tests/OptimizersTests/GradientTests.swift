import AviaryCore
import AviaryOptimizers
import AviaryRegistry
import AviaryTestSupport
import Testing

@Suite struct GradientTests {
  let registries: Registries

  init() throws { registries = try standardRegistries() }

  private func flat(_ tensors: [Tensor?]) -> Tensor {
    let scalars = tensors.flatMap { $0?.scalars(as: Double.self) ?? [] }
    return Tensor(scalars, shape: [scalars.count])
  }

  @Test(arguments: try GoldenDocument("clipping").cases)
  func clipsAsStored(_ stored: GoldenCase) throws {
    let name = stored.name.hasPrefix("globalNorm") ? "global-norm" : "value"
    let clipping = try registries.make(.clipping, name, ["threshold": stored.field("limit")])
    let input = flat(try stored.tensors("inputs"))
    if name == "global-norm" { #expect(abs(input.euclideanNorm() - (try stored.number("norm"))) < 1e-14) }
    var gradient = input
    clipping.clip(&gradient)
    let expected = flat(try stored.tensors("outputs")).scalars(as: Double.self)
    for (found, wanted) in zip(gradient.scalars(as: Double.self), expected) {
      #expect(abs(found - wanted) <= 1e-15 * max(1, abs(wanted)))
    }
    if stored.name.hasSuffix("small") { #expect(gradient == input) }
  }

  @Test func everyClippingHasStoredValuesAndIsItsOwn() throws {
    #expect(registries.entries(of: .clipping).map(\.name) == ["global-norm", "value"])
    let twins = checkDistinct(.clipping, in: registries) { clipping in
      var gradient = Tensor([3.0, -4.0, 0.5], shape: [3])
      clipping.clip(&gradient)
      return gradient.scalars(as: Double.self)
    }
    #expect(twins == [])
  }

  @Test func clippingByNormLeavesWhatIsNotFinite() throws {
    var gradient = Tensor([Float.infinity, 1, -2], shape: [3])
    try ClippingByGlobalNorm(threshold: 1).clip(&gradient)
    #expect(gradient.scalars(as: Float.self) == [.infinity, 1, -2])
  }

  @Test func clippingByNormWorksWhereSquaresOverflow() throws {
    var gradient = Tensor([3e30, -4e30] as [Float], shape: [2])
    try ClippingByGlobalNorm(threshold: 1).clip(&gradient)
    for (found, wanted) in zip(gradient.scalars(as: Double.self), [0.6, -0.8]) { #expect(abs(found - wanted) < 1e-6) }
  }

  @Test func gradientsThatAreNotFiniteAreNamed() throws {
    try Tensor([1.0, -3e200, 0], shape: [3]).requireFinite(step: 4)
    try Tensor([3e38, -3e38] as [Float], shape: [2]).requireFinite(step: 4)
    try Tensor.zeros([0]).requireFinite(step: 0)
    let error = #expect(throws: NonFiniteGradientError.self) {
      try Tensor([1, .nan, -.infinity, 2] as [Float], shape: [4]).requireFinite(step: 17)
    }
    #expect(error?.step == 17 && error?.element == 1 && error?.count == 2 && error?.elementCount == 4)
    #expect(error?.description.hasPrefix("the gradient of step 17 is not finite: 2 of 4 elements") == true)
    #expect(throws: NonFiniteGradientError.self) { try Tensor([1, .infinity], shape: [2]).requireFinite(step: 0) }
  }
}
