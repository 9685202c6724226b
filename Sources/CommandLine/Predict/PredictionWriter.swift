import Aviary

/// Writes predictions as they are computed.
protocol PredictionWriter: AnyObject {
  /// Writes the predictions for some rows.
  func write(_ predictions: Predictions, for rows: StoredRows) throws
  /// Completes the output.
  func finish() throws
}

/// The columns written for each row.
struct PredictionColumns {
  let predictor: Predictor
  /// The number of most probable classes to show.
  let top: Int
  /// Whether to show the probability or score of every class.
  let areAllShown: Bool
  /// Whether to show each row's file, and its index in the file.
  let showsFiles: Bool
  let showsRows: Bool

  /// The name of a class's value.
  var score: String { predictor.predictsProbabilities ? "probability" : "score" }

  /// The column names for predictions with this many values per row.
  func names(_ width: Int) -> [String] {
    var names = (showsFiles ? ["file"] : []) + (showsRows ? ["row"] : [])
    guard let classes = predictor.classNames else { return names + predictor.valueNames(width) }
    for place in 1...max(1, min(top, classes.count)) {
      let suffix = place == 1 ? "" : "-\(place)"
      names += ["class\(suffix)", "\(score)\(suffix)"]
    }
    return names + (areAllShown ? classes.map { "\(score)(\($0))" } : [])
  }

  /// The file of a row, and its index in the file if it is not an image.
  func place(_ index: Int, of rows: StoredRows) -> (file: String, row: Int?) {
    switch rows.place {
    case .rows(let file, let range): (file, range.lowerBound + index)
    case .images(let files): (files[index], nil)
    }
  }
}

extension Predictions {
  /// Calls the body with a function that formats single values, in as few digits as distinguish neighboring numbers,
  /// and with the number of values per row.
  func texts(_ body: (_ text: (_ row: Int, _ column: Int) -> String, _ width: Int) throws -> Void) rethrows {
    let width = count == 0 ? 0 : values.elementCount / count
    let numbers = values.contiguous()
    if numbers.dtype == .float64 {
      try numbers.withScalars(as: Double.self) { numbers in
        try body({ "\(numbers[$0 * width + $1])" }, width)
      }
    } else {
      try numbers.cast(to: .float32).withScalars(as: Float.self) { numbers in
        try body({ "\(numbers[$0 * width + $1])" }, width)
      }
    }
  }
}
