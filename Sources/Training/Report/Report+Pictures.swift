import AviaryCore
import AviaryData
import AviaryFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Report {
  /// Test rows above what the model makes of them, where it gives its inputs back.
  func reconstructions() throws -> String? {
    guard let definition = recipe.model as? any ReconstructingModel else { return nil }
    let set = data.test.count > 0 ? data.test : data.train
    // Rows from all over the part, which may be sorted by class.
    let shown = min(20, set.count)
    let originals = set.subset((0..<shown).map { $0 * set.count / shown }).inputs
    let made = try definition.reconstructions(model, of: originals)
    guard let picture = try Report.grid(Tensor.concatenate([originals, made]), columns: shown, like: set) else {
      return nil
    }
    let part = data.test.count > 0 ? "Test" : "Training"
    return HTML.section(
      "Reconstructions", picture + HTML.note("\(part) rows above, what the model gives back below."))
  }

  /// What the model draws of its own.
  func samples() throws -> String? {
    guard let definition = recipe.model as? any GenerativeModel else { return nil }
    let steps = 500
    let random = RandomSource(seed: recipe.seed)["samples"]
    let drawn = try definition.samples(model, count: 100, steps: steps, random: random)
    return try Report.grid(drawn, columns: 10, like: data.train).map {
      HTML.section("Samples", $0 + HTML.note("A hundred chains of Gibbs sampling, each after \(steps) steps."))
    }
  }

  /// Images in one picture; nil where the rows are no images. Black and white are the least and the greatest input.
  private static func grid(_ images: Tensor, columns: Int, like set: DataSet) throws -> String? {
    guard set.inputShape.rank == 3, 1...4 ~= set.inputShape[2] else { return nil }
    let (least, greatest) = (set.inputs.min().item(), set.inputs.max().item())
    let grid = ImageGrid.tiled(
      images.reshaped(to: [images.shape[0]] + set.inputShape), columns: columns, range: least...max(least, greatest))
    let scale = max(1, 36 / max(set.inputShape[0], set.inputShape[1]))
    let image = Data(try PNG.encode(grid)).base64EncodedString()
    return "<img width=\"\(grid.shape[1] * scale)\" height=\"\(grid.shape[0] * scale)\" alt=\"\" "
      + "src=\"data:image/png;base64,\(image)\">"
  }
}
