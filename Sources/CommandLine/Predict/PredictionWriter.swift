import Aviary

/// Writes predictions as they come.
protocol PredictionWriter: AnyObject {
  /// Takes the predictions for some rows.
  func write(_ predictions: Predictions, for rows: StoredRows) throws
  /// Ends the file.
  func finish() throws
}

/// What is written of each row.
struct PredictionColumns {
  /// What predicts.
  let predictor: Predictor
  /// How many classes of each row.
  let top: Int
  /// Whether the number of every class is written.
  let areAllShown: Bool
  /// Whether the file of a row is written, and whether its number in the file.
  let showsFiles: Bool
  let showsRows: Bool

  /// What a class's number is called.
  var score: String { predictor.predictsProbabilities ? "probability" : "score" }

  /// The names of all columns for predictions of a width.
  func names(_ width: Int) -> [String] {
    var names = (showsFiles ? ["file"] : []) + (showsRows ? ["row"] : [])
    guard let classes = predictor.classNames else { return names + predictor.valueNames(width) }
    for place in 1...max(1, min(top, classes.count)) {
      let suffix = place == 1 ? "" : "-\(place)"
      names += ["class\(suffix)", "\(score)\(suffix)"]
    }
    return names + (areAllShown ? classes.map { "\(score)(\($0))" } : [])
  }

  /// The file and the number of the row at a place among some.
  func place(_ index: Int, of rows: StoredRows) -> (file: String, row: Int?) {
    switch rows.place {
    case .rows(let file, let range): (file, range.lowerBound + index)
    case .images(let files): (files[index], nil)
    }
  }
}

extension Predictions {
  /// The numbers of a row, as they are written: as few digits as tell a float32 from its neighbours.
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
