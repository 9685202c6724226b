import AviaryCore
import AviaryTestSupport
import AviaryTraining
import Testing

/// The loss on a plane through a trained network.
@Suite struct LossSurfaceTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func train(_ changes: String...) throws -> FinishedRun { try train(recipe(changes)) }

  private func train(_ recipe: Recipe) throws -> FinishedRun {
    _ = try Trainer(recipe, in: registries, options: ResumeTests.options(folder["run"])).run()
    return try FinishedRun(folder["run"], in: registries)
  }

  /// A line has two parameters, so the plane is the whole space, and the loss is a paraboloid.
  @Test func aLineHasAParaboloid() throws {
    let line = try recipe(
      "data=linear", "split=none", "precision=float64", "transforms=[]", "metrics=[]", "batchSize=null", "epochs=40",
      "objective.loss=mean-squared-error", #"optimizer={"name": "sgd", "learningRate": 0.02, "momentum": 0.5}"#,
      #"model.layers=[{"name": "dense", "units": 1}]"#)
    let run = try train(line)
    let surface = try LossSurface(of: folder["run"], in: registries, points: 3, rows: 100_000)
    #expect(surface.isRepeated && surface.path.count == 41)
    let last = try #require(surface.path.last)
    #expect(last.a == 0 && last.b == 0)
    let final = try #require(run.scores()["train"]?.values["loss"])
    #expect(abs(surface.center - final) < 1e-12)
    let shares = try #require(surface.shares)
    #expect(abs(shares.0 + shares.1 - 1) < 1e-9 && shares.0 >= shares.1)
    // The directions are orthonormal: distances are those of the parameters, which begin with zeros for the bias.
    let begun = try Trainer(line, in: registries).model.parameters.trainable
    let moved = (begun - run.model.parameters.trainable).square().sum().item().squareRoot()
    let (a, b) = surface.path[0]
    let distance = (a * a + b * b).squareRoot()
    #expect(abs(distance - moved) < 1e-9)
    // Second differences of a paraboloid are the same everywhere.
    let v = surface.values
    #expect(v.count == 9 && surface.x.contains(surface.path[0].a) && surface.y.contains(surface.path[0].b))
    let bends: [Double] = [0, 3, 6].map { (first: Int) -> Double in v[first] - 2 * v[first + 1] + v[first + 2] }
    #expect(bends[0] > 0 && abs(bends[1] - bends[0]) < 1e-8 * bends[0] && abs(bends[2] - bends[0]) < 1e-8 * bends[0])
    // Of 1/n·Σ(w·x + b − t)², along the first axis: 2·h²·E[(d₁·(x, 1))²] ≥ 0 and at most 2·h²·(1 + E[x²]).
    let x = try Trainer(line, in: registries).data.train.inputs.cast(to: .float64)
    let h = (surface.x.upperBound - surface.x.lowerBound) / 2
    let most = 2 * h * h * (1 + x.square().mean().item())
    #expect(bends[0] <= most * (1 + 1e-12))
  }

  @Test func randomDirectionsHaveTheNormsOfTheUnits() throws {
    let run = try train("epochs=3", "model.layers.0.activation=identity")
    func surface(_ seed: UInt64, _ extent: Double) throws -> LossSurface {
      try LossSurface(
        of: folder["run"], in: registries, directions: .random(seed: seed), points: 3, extent: extent, rows: 7)
    }
    let (one, again, other) = (try surface(1, 1), try surface(1, 1), try surface(2, 1))
    #expect(one.values == again.values && one.values != other.values && one.path.isEmpty && one.shares == nil)
    #expect(one.x == -1...1 && one.values[4] == one.center)
    // Near the center, the surface is the loss.
    let near = try surface(1, 1e-6)
    #expect(
      near.values.allSatisfy { abs($0 - one.center) < 1e-4 } && one.values.contains { abs($0 - one.center) > 1e-2 })
    #expect(run.history.count == 3)
  }

  @Test func thePageShowsPathAndCross() throws {
    _ = try train("epochs=2")
    let surface = try LossSurface(of: folder["run"], in: registries, points: 5)
    let page = surface.html()
    #expect(page.contains("Loss surface of clouds") && page.contains("<title>training</title>"))
    #expect(surface.svg().split(separator: "\n").count { $0.contains("#aab") } > 5)
    #expect(surface.explanation.contains("% of the path's variance"))
  }

  @Test func runsWithoutTrainingHaveNone() throws {
    _ = try train("epochs=0")
    let found = message { _ = try LossSurface(of: folder["run"], in: registries) }
    #expect(found?.contains("trains nothing") == true)
  }
}
