import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import Testing

/// Activations, losses and penalties against PyTorch in float64: values, gradients and second derivatives.
struct GoldenFunctionTests {
  static let document = Result { try GoldenDocument("functions") }
  static let layers = Result { try GoldenDocument("function_layers") }

  static func cases(_ kind: String) -> [GoldenCase] {
    ((try? document.get())?.cases ?? []).filter { $0.value["kind"]?.stringValue == kind }
  }

  @Test func theDocumentsHoldWhatIsTested() throws {
    #expect(Self.cases("activation").count == 24)
    #expect(Self.cases("loss").count == 50)
    #expect(Self.cases("regularizer").count == 7)
    #expect(try Self.layers.get().cases.count == 16)
  }

  @Test(arguments: cases("activation")) func activationsAgree(_ stored: GoldenCase) throws {
    let function = try entry(of: stored, .activation)
    let (input, cotangent) = (try stored.tensor("input"), Variable(try stored.tensor("cotangent")))
    #expect(mismatch(function(Variable(input)).value, try stored.tensor("output")) == nil)
    let scalar = { (x: Variable) in (function(x) * cotangent).sum() }
    #expect(mismatch(try gradient(at: input, of: scalar), try stored.tensor("inputGradient")) == nil)
    #expect(mismatch(try hessian(at: input, of: scalar), try stored.tensor("hessian")) == nil)
  }

  @Test(arguments: cases("loss")) func lossesAgree(_ stored: GoldenCase) throws {
    let loss = try entry(of: stored, .loss)
    let (input, target) = (try stored.tensor("input"), Variable(try stored.tensor("target")))
    #expect(try loss(Variable(input), target).shape == [input.shape[0]])
    let scalar = { (x: Variable) in try loss(x, target).mean() }
    let (value, slopes) = try valueAndGradient(at: input, of: scalar)
    #expect(mismatch(value, Tensor(try stored.number("value"))) == nil)
    #expect(mismatch(slopes, try stored.tensor("inputGradient")) == nil)
    #expect(mismatch(try hessian(at: input, of: scalar), try stored.tensor("hessian")) == nil)
  }

  @Test(arguments: cases("regularizer")) func penaltiesAgree(_ stored: GoldenCase) throws {
    let penalty = try entry(of: stored, .regularizer)
    let (input, scalar) = (try stored.tensor("input"), { (x: Variable) in penalty(x) })
    let (value, slopes) = try valueAndGradient(at: input, of: scalar)
    #expect(value.shape == [])
    #expect(mismatch(value, Tensor(try stored.number("value"))) == nil)
    #expect(mismatch(slopes, try stored.tensor("inputGradient")) == nil)
    #expect(mismatch(try hessian(at: input, of: scalar), try stored.tensor("hessian")) == nil)
  }

  @Test(arguments: (try? layers.get())?.cases ?? []) func layersAgree(_ stored: GoldenCase) throws {
    try expectAgreement(with: stored)
  }

  private func entry<Product>(of stored: GoldenCase, _ kind: Kind<Product>) throws -> Product {
    let configuration = try stored.field("configuration").objectValue ?? [:]
    return try registries.make(kind, try #require(try stored.field("entry").stringValue), configuration)
  }
}
