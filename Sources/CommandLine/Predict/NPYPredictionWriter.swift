import Aviary

/// Predictions as one array of NumPy's: [n, classes] of probabilities, or [n, …] of values.
final class NPYPredictionWriter: PredictionWriter {
  private let file: GrowingNPY

  init(_ path: String) throws { file = try GrowingNPY(path) }

  func write(_ predictions: Predictions, for rows: StoredRows) throws { try file.append(predictions.values) }

  func finish() throws { try file.commit() }
}
