import AviaryCore
import AviaryData
import AviaryFormats
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A transform without an inverse.
private struct Magnitude: Transform, Registrable {
  static let name = "magnitude"
  static let card = Card("Magnitudes.")
  func callAsFunction(_ inputs: Tensor, _ learned: NamedTensors) throws -> Tensor { inputs.abs() }
}

/// Reports and runs show samples of generative models in the units of the stored data.
@Suite struct PictureTests {
  private static let short = ["epochs=1", "model.units=8"]

  private func trained(
    _ folder: ScratchFolder, _ changes: [String], in registries: Registries = .standard
  ) throws -> FinishedRun {
    var options = Trainer.Options()
    options.output = folder["run"]
    var recipe = try ZooTests.recipe("digits-rbm")
    for change in Self.short + changes { try recipe.set(change) }
    try Trainer(recipe, in: registries, options: options).run()
    return try FinishedRun(folder["run"], in: registries)
  }

  /// The pictures of a report: reconstructions, then samples.
  private func pictures(_ folder: ScratchFolder) throws -> [Tensor] {
    let html = try folder.text("run/report.html")
    return try ["Reconstructions", "Samples"].map { title in
      let section = try #require(html.split(separator: "<h2>\(title)</h2>").dropFirst().first)
      let code = try #require(section.split(separator: "base64,").dropFirst().first?.prefix { $0 != "\"" })
      return try PNG.decode(Array(try #require(Data(base64Encoded: String(code)))))
    }
  }

  @Test func standardizedImagesLookLikeTheData() throws {
    let folder = try ScratchFolder()
    let changes = [#"transforms=["standardize"]"#, "model.visible=gaussian", "optimizer.learningRate.from=0.01"]
    let run = try trained(folder, changes)
    let test = try run.recipe.prepare().test
    let count = min(20, test.count)
    let rows = (0..<count).map { $0 * test.count / count }
    let stored = try #require(try run.preprocessing.inverse(test.subset(rows).inputs))
    let expected = ImageGrid.tiled(stored, columns: count, range: 0...16).cast(to: .float32)
    let upper = try pictures(folder)[0].slice(axis: 0, 0..<8).cast(to: .float32)
    #expect(upper.shape == expected.shape && (upper - expected).abs().max().item() <= 1)
    // Whole numbers from 0 to 16 again.
    #expect((stored - (stored + 0.5).floor()).abs().max().item() < 1e-4 && stored.max().item() <= 16.001)
  }

  /// The same RBM on flattened inputs: its pictures are still images.
  @Test func flattenedImagesAreShownAsImages() throws {
    let (images, rows) = (try ScratchFolder(), try ScratchFolder())
    let scale = #"{"name":"scale","divisor":16}"#
    let first = try trained(images, ["transforms=[\(scale)]"])
    let second = try trained(rows, ["transforms=[\(scale),\"flatten\"]"])
    for (a, b) in zip(try pictures(images), try pictures(rows)) {
      #expect(a.shape == b.shape && a.scalars(as: Int.self) == b.scalars(as: Int.self))
    }
    func samples(_ run: FinishedRun, _ units: ExampleUnits) throws -> Tensor {
      try run.samples(count: 3, from: "test", steps: 2, seed: 1, units: units)
    }
    #expect(try samples(second, .model).shape == [3, 64] && samples(second, .stored).shape == [3, 8, 8, 1])
    #expect(try samples(second, .stored).scalars(as: Float.self) == samples(first, .stored).scalars(as: Float.self))
  }

  @Test func whatHasNoInverseIsRefusedInStoredUnits() throws {
    var registries = Registries.standard
    try registries.register(Magnitude.self)
    let folder = try ScratchFolder()
    let run = try trained(folder, [#"transforms=[{"name":"scale","divisor":16},"magnitude"]"#], in: registries)
    let error = #expect(throws: ModelError.self) { try run.samples(count: 2, from: nil, steps: 1, seed: 1) }
    #expect(error?.description.contains("no inverse") == true && error?.description.contains("--units model") == true)
    #expect(try run.samples(count: 2, from: nil, steps: 1, seed: 1, units: .model).shape == [2, 8, 8, 1])
    #expect(try pictures(folder).count == 2)
  }
}
