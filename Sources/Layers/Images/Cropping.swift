import AviaryAutograd
import AviaryCore

extension Shape {
  /// The shape without margins along its first axes. Throws ``LayerError`` if nothing is left.
  func cropped(_ margins: [Margins1D], at path: String) throws -> Shape {
    var output = self
    for (axis, margin) in margins.enumerated() {
      guard self[axis] > margin.before + margin.after else {
        throw LayerError(
          path: path,
          "it crops \(margin.before) and \(margin.after) elements from axis \(axis) of its input \(self), which has only "
            + "\(self[axis]); make the margins smaller")
      }
      output[axis] -= margin.before + margin.after
    }
    return output
  }
}

extension Variable {
  /// A batch without margins along the axes after its first.
  func cropped(_ margins: [Margins1D]) -> Variable {
    var (starts, counts) = (shape.dimensions.map { _ in 0 }, shape.dimensions)
    for (axis, margin) in margins.enumerated() {
      starts[axis + 1] = margin.before
      counts[axis + 1] -= margin.before + margin.after
    }
    return slice(starts: starts, counts: counts)
  }
}
