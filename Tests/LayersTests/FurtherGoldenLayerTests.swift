import AviaryTestSupport
import Testing

/// Maxout, paddings, poolings, graphs, recurrent layers, attention, and the means that replace dropout in inference,
/// against PyTorch in float64: outputs and derivatives.
struct FurtherGoldenLayerTests {
  static let cases = ["further_layers", "recurrent_layers", "attention_layers"].flatMap {
    (try? GoldenDocument($0))?.cases ?? []
  }

  @Test(arguments: [("further_layers", 35), ("recurrent_layers", 20), ("attention_layers", 7)])
  func theDocumentHoldsWhatIsTested(_ name: String, _ count: Int) throws {
    #expect(try GoldenDocument(name).cases.count == count)
  }

  @Test(arguments: cases) func agrees(_ stored: GoldenCase) throws { try expectAgreement(with: stored) }
}
