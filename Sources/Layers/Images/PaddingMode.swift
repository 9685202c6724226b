import AviaryCore
import AviaryRegistry

/// The values of padding around an image or a sequence.
public enum PaddingMode: String, CaseIterable, Sendable, FieldValue {
  /// A constant.
  case constant
  /// The reflection at the border, without repeating the border: c b | a b c | b a.
  case reflect
  /// The nearest element: a a | a b c | c c.
  case replicate

  /// Throws ``LayerError`` if an axis is too short for the reflection.
  func check(_ margins: [Margins1D], _ input: Shape, at path: String) throws {
    guard self == .reflect else { return }
    for (axis, margin) in margins.enumerated() where max(margin.before, margin.after) >= input[axis] {
      throw LayerError(
        path: path,
        "it reflects \(max(margin.before, margin.after)) elements at the border, but axis \(axis) of its input \(input) "
          + "has only \(input[axis]); make the margin smaller than that")
    }
  }

  /// The source position of each element along a padded axis.
  func positions(_ margin: Margins1D, length: Int) -> Tensor {
    Tensor(
      (-margin.before..<(length + margin.after)).map { place in
        switch self {
        case .reflect: place < 0 ? -place : place >= length ? 2 * (length - 1) - place : place
        default: min(max(place, 0), length - 1)
        }
      })
  }
}
