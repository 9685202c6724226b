import AviaryRegistry

/// Which input values share a statistic.
public enum FeatureScope: String, CaseIterable, FieldValue {
  /// Values at the same position in each example.
  case feature
  /// Values in the same channel (the last axis), at any position.
  case channel
  /// All values.
  case all

  /// The axes of inputs [n, …] that a statistic reduces.
  func axes(ofRank rank: Int) -> [Int] {
    switch self {
    case .feature: [0]
    case .channel: Array(0..<Swift.max(rank - 1, 1))
    case .all: Array(0..<rank)
    }
  }
}
