import AviaryCore
import AviaryData
import AviaryFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Report {
  /// Test rows above their reconstructions, if the model makes any.
  func reconstructions() throws -> String? {
    guard let definition = recipe.model as? any ReconstructingModel else { return nil }
    let (part, originals) = shown(of: 20)
    let made = try definition.reconstructions(model, of: originals.inputs)
    let both = Tensor.concatenate([originals.inputs, made])
    return try grid(both, columns: originals.count, like: originals).map {
      HTML.section(
        "Reconstructions", $0 + HTML.note("Top: \(part) rows. Bottom: their reconstructions."))
    }
  }

  /// Samples from the model; nil if supervised training has made it a classifier.
  func samples() throws -> String? {
    guard let definition = recipe.model as? any GenerativeModel, !recipe.endsSupervised else { return nil }
    let (part, start) = shown(of: 100)
    let steps = 500
    let random = RandomSource(seed: recipe.seed)["samples"]
    let drawn = try definition.samples(model, count: start.count, from: start.inputs, steps: steps, random: random)
    return try grid(drawn, columns: 10, like: start).map {
      let note = "Drawn by \(steps) steps of Gibbs sampling from \(part) rows."
      return HTML.section("Samples", $0 + HTML.note(note))
    }
  }

  /// Up to this many test rows (training rows if there are none), evenly spaced, because the part may be sorted by
  /// class.
  private func shown(of most: Int) -> (part: String, rows: DataSet) {
    let (part, set) = data.test.count > 0 ? ("test", data.test) : ("training", data.train)
    let count = min(most, set.count)
    return (part, set.subset((0..<count).map { $0 * set.count / count }))
  }

  /// The images in one grid, in stored units if the transforms can be inverted; nil if the rows are not images. Black
  /// and white are the minimum and maximum of the stored training inputs.
  private func grid(_ images: Tensor, columns: Int, like set: DataSet) throws -> String? {
    let images = images.reshaped(to: [images.shape[0]] + set.inputShape)
    let stored = try data.preprocessing.inverse(images)
    let shown = stored ?? images
    guard shown.rank == 4, 1...4 ~= shown.shape[3] else { return nil }
    let (least, greatest) = (set.inputs.min().item(), set.inputs.max().item())
    let range = stored == nil ? least...max(least, greatest) : data.inputRange
    let grid = ImageGrid.tiled(shown, columns: columns, range: range)
    let scale = max(1, 36 / max(shown.shape[1], shown.shape[2]))
    let image = Data(try PNG.encode(grid)).base64EncodedString()
    return "<img width=\"\(grid.shape[1] * scale)\" height=\"\(grid.shape[0] * scale)\" alt=\"\" "
      + "src=\"data:image/png;base64,\(image)\">"
  }
}
