import AviaryCore
import AviaryRegistry

/// What is put around an image or a sequence.
public enum PaddingMode: String, CaseIterable, Sendable, FieldValue {
  /// One value everywhere.
  case constant
  /// What lies as far on the other side of the border, which is not repeated: c b | a b c | b a.
  case reflect
  /// The nearest element: a a | a b c | c c.
  case replicate

  /// Throws ``LayerError`` where an axis is too short to be reflected so far.
  func check(_ margins: [Margins1D], _ input: Shape, at path: String) throws {
    guard self == .reflect else { return }
    for (axis, margin) in margins.enumerated() where max(margin.before, margin.after) >= input[axis] {
      throw LayerError(
        path: path,
        "it reflects \(max(margin.before, margin.after)) places beyond the border, and axis \(axis) of its input \(input) "
          + "has but \(input[axis]); make the margin smaller than that")
    }
  }

  /// The position that stands for each place along an axis with margins.
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
