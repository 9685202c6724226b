import Aviary

/// Writes predictions as one NumPy array: probabilities [n, classes] or values [n, …].
final class NPYPredictionWriter: PredictionWriter {
  private let file: GrowingNPY

  init(_ path: String) throws { file = try GrowingNPY(path) }

  func write(_ predictions: Predictions, for rows: StoredRows) throws { try file.append(predictions.values) }

  func finish() throws { try file.commit() }
}
