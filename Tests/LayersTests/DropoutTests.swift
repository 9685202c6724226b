import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry
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

  @Test func theScaleIsTheOneGiven() throws {
    for (rate, scale) in [(0.2, 1.0), (0.5, 2.0), (0, 3.0)] {
      let model = try Model(Dropout(rate, scale: scale), input: [1000], seed: 1)
      var context = Context(.training)
      let output = model.forward(Variable(Tensor.ones([100, 1000])), [], &context).value
      #expect(output.max().item() == scale)
      #expect(abs((output .== 0).cast(to: .float32).mean().item() - rate) < 0.01)
      #expect(output.isZeroOr(scale))
      let plain = Tensor.ones([1, 1000])
      #expect(model(plain).isIdentical(to: plain))
    }
  }

  /// Annealed dropout: the rate at every moment is the schedule's, and the scale keeps the mean.
  @Test func aScheduleAnneals() throws {
    var own = registries
    try own.registerOptimizers()
    let annealed: ConfigurationValue = ["name": "linear", "from": 0.5, "to": 0, "over": 4, "unit": "epoch"]
    let model = try Model(Specification("dropout", ["rate": annealed]), in: own, input: [1000], seed: 1)
    for (epoch, rate) in [(0, 0.5), (1, 0.375), (3, 0.125), (4, 0), (9, 0)] {
      let progress = TrainingProgress(step: epoch * 10, epoch: epoch, stepsPerEpoch: 10, epochs: 10)
      var context = Context(.training, progress: progress)
      let output = model.forward(Variable(Tensor.ones([100, 1000])), [], &context).value
      #expect(abs((output .== 0).cast(to: .float32).mean().item() - rate) < 0.01)
      #expect(output.isZeroOr(1 / (1 - rate)))
    }
    let resolved = try own.resolved(.layer, Specification("dropout", ["rate": annealed]))
    #expect(resolved.value["rate"]?["after"] == 0)
    let rising: ConfigurationValue = ["name": "linear", "from": 0.5, "to": 1, "over": 4]
    let error = #expect(throws: ConfigurationError.self) {
      try own.make(.layer, Specification("dropout", ["rate": rising]))
    }
    #expect(error?.path.description == "rate")
  }
}

extension Tensor {
  /// Whether every element is 0 or a number.
  fileprivate func isZeroOr(_ number: Double) -> Bool {
    ((self .== 0).logicalOr((self - number).abs() .< 1e-6)).all().scalars(as: Bool.self) == [true]
  }
}
