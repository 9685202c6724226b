import AviaryTestSupport
import Testing

/// Maxout, paddings, poolings, graphs, and the means that stand for dropout in inference, against PyTorch in float64:
/// outputs and derivatives.
struct FurtherGoldenLayerTests {
  static let document = Result { try GoldenDocument("further_layers") }
  static let cases = (try? document.get())?.cases ?? []

  @Test func theDocumentHoldsWhatIsTested() throws {
    #expect(try Self.document.get().cases.count == 35)
  }

  @Test(arguments: cases) func agrees(_ stored: GoldenCase) throws { try expectAgreement(with: stored) }
}
