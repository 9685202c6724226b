import AviaryAutograd
import AviaryCore
import AviaryLayers
import Testing

/// Dropout's masks.
struct DropoutTests {
  func run(_ rate: Double, step: Int = 0, seed: UInt64 = 1) throws -> Tensor {
    let model = try Model(Sequential { Dropout(rate) }, input: [1000], seed: 1)
    var context = Context(.training, random: RandomSource(seed: seed).at(step: step))
    return model.forward(Variable(Tensor.ones([100, 1000])), [], &context).value
  }

  @Test(arguments: [0.1, 0.5, 0.9]) func theShareOfZerosIsTheRate(_ rate: Double) throws {
    let output = try run(rate)
    let zeros = (output .== 0).cast(to: .float32).mean().item()
    #expect(abs(zeros - rate) < 5 * (rate * (1 - rate) / 1e5).squareRoot())
    let kept = output.max().item()
    #expect(abs(kept - 1 / (1 - rate)) < 1e-5)
    #expect(((output .== 0).logicalOr(output .== kept)).all().scalars(as: Bool.self) == [true])
  }

  @Test func aMaskBelongsToItsStep() throws {
    #expect(try run(0.5, step: 7).isIdentical(to: run(0.5, step: 7)))
    #expect(try !run(0.5, step: 7).isIdentical(to: run(0.5, step: 8)))
    #expect(try !run(0.5, seed: 1).isIdentical(to: run(0.5, seed: 2)))
  }

  @Test func aMaskBelongsToItsLayer() throws {
    let model = try Model(
      Sequential {
        Dropout(); Dropout()
      }, input: [1000], seed: 1)
    var context = Context(.training)
    let zeros = (model.forward(Variable(Tensor.ones([10, 1000])), [], &context).value .== 0).cast(to: .float32)
    #expect(abs(zeros.mean().item() - 0.75) < 0.03)
  }

  @Test func nothingIsDroppedAtRateZero() throws {
    #expect(try run(0).isIdentical(to: Tensor.ones([100, 1000])))
  }
}
