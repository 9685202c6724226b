import AviaryCore
import AviaryFormats
import AviaryLayers
import AviaryOptimizers
import AviaryTestSupport
import AviaryTraining
import Testing

/// Minimization under constraints, by a penalty and by multipliers.
@Suite struct ConstrainedTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// A line with a slope of at most 1, where the best slope is about 2.
  private func line(_ changes: String...) throws -> Recipe {
    try recipe(
      [
        #"data={"name": "linear"}"#, "split=none", "precision=float64", "transforms=[]", "metrics=[]", "batchSize=null",
        #"model.layers=[{"name": "dense", "units": 1, "weightConstraint": {"name": "max-norm", "maximum": 1}}]"#,
        #"objective={"name": "constrained", "objective": {"name": "supervised", "loss": "mean-squared-error"}}"#,
        #"optimizer={"name": "sgd", "learningRate": 0.05}"#, "epochs=5000",
        #"stopping={"name": "reached", "monitor": "train.kkt", "value": 1e-10}"#,
      ] + changes)
  }

  /// Slope and intercept, and the derivatives of the mean squared error by them, worked out by hand.
  private func end(_ trainer: Trainer) throws -> (slope: Double, atSlope: Double, atIntercept: Double, epochs: Int) {
    let result = try trainer.run()
    let (w, b) = (result.model.parameters["0.dense.weight"].item(), result.model.parameters["0.dense.bias"].item())
    let rows = trainer.data.train
    let (x, t) = (rows.inputs.flattened().cast(to: .float64), try #require(rows.targets).flattened().cast(to: .float64))
    let residual = x * w + b - t
    return (w, (residual * x * 2).mean().item(), (residual * 2).mean().item(), result.history.count)
  }

  @Test func multipliersReachTheSolution() throws {
    let options = ResumeTests.options(folder["run"])
    let found = try end(Trainer(line(), in: registries, options: options))
    #expect(abs(found.slope - 1) < 1e-10 && abs(found.atIntercept) < 1e-9 && found.epochs < 1000)
    // The multiplier is minus the derivative by the slope: the condition of Karush, Kuhn and Tucker.
    let file = try Safetensors(contentsOf: folder["run/checkpoint.safetensors"])
    let multiplier = try #require(file.tensors["objective.multiplier.0.dense.weight"]).item()
    #expect(found.atSlope < -1 && abs(multiplier + found.atSlope) < 1e-8)
  }

  /// The violation is the multiplier over ρ.
  @Test func penaltiesComeNear() throws {
    for weight in [10.0, 100] {
      let found = try end(
        Trainer(
          line(
            "objective.method=penalty", "objective.weight=\(weight)", "optimizer.learningRate=\(0.1 / weight)",
            "epochs=20000", #"stopping={"name": "tolerance", "monitor": "train.loss", "change": 1e-15}"#),
          in: registries))
      #expect(found.slope > 1 && abs((found.slope - 1) * weight + found.atSlope) < 1e-3 * weight)
    }
  }

  @Test func inactiveConstraintsChangeNothing() throws {
    let wide = #"model.layers=[{"name": "dense", "units": 1, "weightConstraint": {"name": "max-norm", "maximum": 50}}]"#
    let found = try end(Trainer(line(wide, "epochs=20000"), in: registries))
    #expect(found.slope > 1.5 && abs(found.atSlope) < 1e-8 && abs(found.atIntercept) < 1e-8)
  }

  @Test func aResumedRunHasTheSameBits() throws {
    let straight = try Trainer(line("epochs=37"), in: registries).run()
    _ = try Trainer(line("epochs=18"), in: registries, options: ResumeTests.options(folder["part"])).run()
    var options = ResumeTests.options(folder["part"])
    options.epochs = 37
    let resumed = try Trainer(resuming: folder["part"], in: registries, options: options).run()
    #expect(resumed.model.parameters.trainable == straight.model.parameters.trainable)
  }

  @Test func mistakesAreTold() throws {
    let free = #"model.layers=[{"name": "dense", "units": 1}]"#
    #expect(message { _ = try Trainer(line(free), in: registries) }?.contains("weightConstraint") == true)
    let fit = #"objective.objective=layer-variance"#
    #expect(message { _ = try Trainer(line(fit), in: registries) }?.contains("objective with gradients") == true)
  }
}
