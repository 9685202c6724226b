import AviaryCore
import AviaryFormats
import AviaryLayers

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Report {
  /// The first layer's weights as images, if the inputs are images.
  func filters() -> String? {
    guard let entry = model.parameters.entries.first(where: { $0.isTrainable && $0.shape.rank >= 2 }),
      let pictures = pictures(of: entry)
    else { return nil }
    let shown = pictures.prefix(64)
    let names = data.train.classNames
    let figures = shown.enumerated().compactMap { index, picture -> String? in
      guard let image = Report.png(picture) else { return nil }
      let caption = pictures.count == names?.count ? names?[index] ?? "" : ""
      let (height, width) = (picture.shape[0], picture.shape[1])
      let scale = max(1, 72 / max(height, width))
      return "<figure><img width=\"\(width * scale)\" height=\"\(height * scale)\" alt=\"weights of unit \(index)\" "
        + "src=\"data:image/png;base64,\(image)\">\(HTML.escaped(caption))</figure>"
    }
    let part = pictures.count > shown.count ? "The first \(shown.count) of \(pictures.count). " : ""
    let note = HTML.note("\(part)Gray is zero; white and black are a unit's largest weight, positive and negative.")
    return HTML.section("Filters of \(entry.name)", figures.joined(separator: "\n") + note)
  }

  /// One image [height, width, 1 or 3] per unit.
  private func pictures(of entry: ParameterStore.Entry) -> [Tensor]? {
    let weights = model.parameters.value(of: entry)
    let image = model.inputShape
    if entry.shape.rank == 4 {
      let (height, width, channels) = (entry.shape[0], entry.shape[1], entry.shape[2])
      guard channels == 1 || channels == 3 else { return nil }
      return (0..<entry.shape[3]).map {
        weights.slice(axis: 3, $0..<($0 + 1)).reshaped(to: [height, width, channels])
      }
    }
    // An RBM that also models labels has rows for them below the image's.
    guard entry.shape.rank == 2, image.rank == 3, entry.shape[0] >= image.elementCount, image[2] == 1 || image[2] == 3
    else { return nil }
    let rows = weights.slice(axis: 0, 0..<image.elementCount)
    return (0..<entry.shape[1]).map { rows.slice(axis: 1, $0..<($0 + 1)).reshaped(to: image) }
  }

  /// Gray for zero weights, white and black for the unit's largest magnitude.
  private static func png(_ picture: Tensor) -> String? {
    let bound = picture.abs().max().item()
    guard bound.isFinite else { return nil }
    let scaled = picture * (bound > 0 ? 127 / bound : 0) + 127.5
    guard let bytes = try? PNG.encode(scaled.cast(to: .uint8)) else { return nil }
    return Data(bytes).base64EncodedString()
  }
}
