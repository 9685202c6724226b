import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryTestSupport
import Testing

/// Losses whose rows are sequences, or depend on each other.
@Suite struct SequenceLossTests {
  @Test(arguments: try GoldenDocument("sequence_losses").cases) func agrees(_ stored: GoldenCase) throws {
    let (input, target) = (try stored.tensor("input"), try stored.tensor("target"))
    func loss(_ x: Variable) throws -> Variable {
      try stored.name.hasPrefix("ctc") ? CTC()(x, target) : Triplet(margin: stored.number("margin"))(x, target)
    }
    let rows = try loss(Variable(input)).value
    #expect(mismatch(rows, try stored.tensor("rows")) == nil)
    let (_, gradient) = try valueAndGradient(at: input) { try loss($0).mean() }
    #expect(mismatch(gradient, try stored.tensor("inputGradient")) == nil)
  }

  @Test func labelsThatDoNotFitCostVeryMuch() throws {
    // Two equal labels need a blank between them: three steps.
    let rows = try CTC()(Variable(Tensor.zeros([1, 2, 3])), Tensor([[1, 1]])).value
    #expect(rows.item() > 1e29)
  }

  @Test func misfitsAreRefused() {
    for (labels, complaint) in [([[1, 3]], "from 1 to 2"), ([[0, 1]], "after the last")] {
      let error = #expect(throws: LossError.self) { try CTC()(Variable(Tensor.zeros([1, 4, 3])), Tensor(labels)) }
      #expect(error?.description.contains(complaint) == true)
    }
    #expect(throws: LossError.self) { try CTC()(Variable(Tensor.zeros([2, 3])), Tensor([[1], [2]])) }
    #expect(throws: LossError.self) { try Triplet()(Variable(Tensor.zeros([2, 3])), Tensor([1, 2, 3])) }
  }
}
