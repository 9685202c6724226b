import AviaryRegistry

/// Which numbers of the inputs share a statistic.
public enum FeatureScope: String, CaseIterable, FieldValue {
  /// Those at the same place of each example.
  case feature
  /// Those of the same channel, which is the last axis, wherever they are in the example.
  case channel
  /// All of them.
  case all

  /// The axes of inputs [n, …] that a statistic goes over.
  func axes(ofRank rank: Int) -> [Int] {
    switch self {
    case .feature: [0]
    case .channel: Array(0..<Swift.max(rank - 1, 1))
    case .all: Array(0..<rank)
    }
  }
}
