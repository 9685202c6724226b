import AviaryCore

/// A model's predictions for some rows.
public struct Predictions: Sendable {
  /// A class with its probability.
  public struct Class: Sendable, Hashable {
    /// The class's name.
    public var name: String
    /// Its index among the classes.
    public var label: Int
    /// Its probability, or its score if the model has no probabilities.
    public var probability: Double
  }

  /// The kind of predictions.
  public let kind: Predictor.Kind
  /// Probabilities or scores [n, classes]; for other kinds values, codes or reconstructions [n, …].
  public let values: Tensor
  /// The class names; nil for other kinds.
  public let classNames: [String]?

  init(_ values: Tensor, of predictor: Predictor) {
    (kind, self.values, classNames) = (predictor.kind, values, predictor.classNames)
  }

  /// The number of rows.
  public var count: Int { values.shape[0] }

  /// The most probable class of each row, int64 [n]; nil for other kinds.
  public var labels: Tensor? { classNames == nil ? nil : values.argmax(axis: 1) }

  /// The most probable classes of each row in descending order; empty for other kinds.
  public func classes(top count: Int = 1) -> [[Class]] {
    guard let classNames, values.elementCount > 0 else { return [] }
    let width = values.shape[1]
    return values.contiguous().cast(to: .float64).withScalars(as: Double.self) { numbers in
      (0..<self.count).map { row in
        let scores = UnsafeBufferPointer(rebasing: numbers[row * width..<(row + 1) * width])
        return Predictions.greatest(scores, count).map { place in
          Class(name: classNames[place], label: place, probability: scores[place])
        }
      }
    }
  }

  /// The indices of the largest numbers; of equal ones the first comes first.
  private static func greatest(_ numbers: UnsafeBufferPointer<Double>, _ count: Int) -> [Int] {
    guard count > 1 else {
      var best = 0
      for place in numbers.indices where numbers[place] > numbers[best] { best = place }
      return [best]
    }
    let order = numbers.indices.sorted { numbers[$0] == numbers[$1] ? $0 < $1 : numbers[$0] > numbers[$1] }
    return Array(order.prefix(count))
  }
}
