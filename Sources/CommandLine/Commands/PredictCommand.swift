import Aviary

/// `aviary predict`: makes predictions with a run's model for rows and images.
struct PredictCommand: Command {
  static let name = "predict"
  static let summary = "Makes predictions with a run's model for tables, arrays, images or folders of images."
  static let usage = """
    aviary predict RUN FILE... [options]

    Makes a prediction for each row of a CSV table, npz archive or npy array, for each PNG, PGM or PPM image, and for
    each image in a folder, after the run's preprocessing. Tables need no target; columns are matched by name to those
    of the training data. A run that forecasts a time series gives the steps after the end of each table, with naive
    forecasts beside them.

      --output FILE     write a .csv, .jsonl or .npy file instead of CSV to standard output; an .npy file has
                        all probabilities, values or codes
      --json            print one JSON object per row
      --top K           show the K most probable classes of each row (default: 1)
      --probabilities   also show the probability of every class
      --codes           output the codes of an autoencoder or RBM instead of reconstructions
      --inputs NAME     name of the array of inputs in an npz archive
      --invert          invert images, such as black on white for a run trained on white on black
      --threads N       number of threads
      --quiet           hide progress and notes
    """

  /// How predictions are written.
  private enum Form { case csv, json, npy }

  private let arguments: Arguments
  private let folder: String
  private let files: [String]
  private let output: String?
  private let form: Form

  init(parsing arguments: [String]) throws {
    self.arguments = try Arguments(
      arguments, valued: ["output": false, "top": false, "inputs": false, "threads": false],
      flags: ["json", "probabilities", "codes", "invert", "quiet"])
    guard self.arguments.positional.count > 1 else {
      throw UsageError("expected a run's folder and the files to predict for")
    }
    folder = self.arguments.positional[0]
    files = Array(self.arguments.positional.dropFirst())
    output = self.arguments.value("output")
    let forms: [String: Form] = [".csv": .csv, ".jsonl": .json, ".json": .json, ".npy": .npy]
    let found = output.map { output in forms.first { output.lowercased().hasSuffix($0.key) }?.value }
    if let output, found == .some(nil), !self.arguments.has("json") {
      throw UsageError("--output: expected a name that ends in .csv, .jsonl or .npy, found '\(output)'")
    }
    if let output, let place = output.resolvedPath, let input = files.first(where: { $0.resolvedPath == place }) {
      throw UsageError("--output: '\(output)' is the input '\(input)'; choose another file")
    }
    guard found != .some(.npy) || !self.arguments.has("json") else {
      throw UsageError("--json writes text, but --output names an .npy file; leave one of them out")
    }
    form = self.arguments.has("json") ? .json : (found ?? .csv) ?? .csv
    _ = try self.arguments.integer("threads", atLeast: 1)
    _ = try self.arguments.integer("top", atLeast: 1)
  }

  func run(_ surroundings: Surroundings) throws {
    if let threads = try arguments.integer("threads", atLeast: 1) { Threads.set(threads) }
    let run = try FinishedRun(folder, in: surroundings.registries)
    if run.makesForecasts { return try forecast(run) }
    let predictor = try Predictor(run, predicting: arguments.has("codes") ? .codes : nil)
    try checkClasses(predictor)
    var form = predictor.inputForm
    (form.arrayName, form.invertsImages) = (arguments.value("inputs"), arguments.has("invert"))
    let rows = try FileRows(files, form: form)
    let writer = try writer(predictor, rows)
    let isQuiet = arguments.has("quiet")
    let progress = PredictionProgress(
      isShown: !isQuiet && Terminal.isInteractive(2) && (output != nil || !Terminal.isInteractive(1)))
    defer { progress.close() }
    // Ctrl-C leaves no partial file.
    if output != nil { Interrupt.watch() }
    defer { if output != nil { Interrupt.unwatch() } }
    var (count, told) = (0, 0)
    while let some = try rows.next() {
      if !isQuiet {
        for note in rows.notes.dropFirst(told) { Terminal.error("note: \(ErrorText.shortened(note.oneLine))") }
        told = rows.notes.count
      }
      try writer.write(predictor(some.inputs), for: some)
      count += some.inputs.shape[0]
      progress.show(rows: count, share: rows.share)
      if output != nil, Interrupt.isPending { throw Interrupted() }
    }
    if count == 0, !isQuiet { Terminal.error("note: there are no rows to predict") }
    try writer.finish()
    progress.close()
    guard let output, !isQuiet else { return }
    Terminal.print(
      "\(count) prediction\(count == 1 ? "" : "s") in \(output) (\(ProgressDisplay.duration(progress.seconds)))")
  }

  /// Writes what follows the end of each file's series.
  private func forecast(_ run: FinishedRun) throws {
    let others = ["top", "inputs"].filter { arguments.value($0) != nil }
    for option in others + ["probabilities", "codes", "invert"].filter({ arguments.has($0) }) {
      throw UsageError("--\(option) does not apply: the run '\(folder)' forecasts a time series")
    }
    let forecasts = try files.map { try run.forecast(file: $0) }
    if form == .npy, let output {
      let file = try GrowingNPY(output)
      for forecast in forecasts { try file.append(forecast.values) }
      return try file.commit()
    }
    let sink = try PredictionSink(output)
    let writer = ForecastWriter(isJSON: form == .json, showsFiles: files.count > 1)
    for (index, (file, forecast)) in zip(files, forecasts).enumerated() {
      try sink.write(Array(writer.text(forecast, of: file, isFirst: index == 0).utf8))
    }
    try sink.finish()
  }

  /// Throws if an option for classes is given but the model is not a classifier.
  private func checkClasses(_ predictor: Predictor) throws {
    guard predictor.classNames == nil else { return }
    let options = ["top", "probabilities"].filter { arguments.has($0) || arguments.value($0) != nil }
    guard let option = options.first else { return }
    throw UsageError("--\(option) is for classes, and the run '\(folder)' predicts \(predictor.kind.rawValue)")
  }

  private func writer(_ predictor: Predictor, _ rows: FileRows) throws -> any PredictionWriter {
    if form == .npy, let output { return try NPYPredictionWriter(output) }
    let columns = PredictionColumns(
      predictor: predictor, top: try arguments.integer("top", atLeast: 1) ?? 1,
      areAllShown: arguments.has("probabilities"), showsFiles: rows.hasSeveralFiles || rows.areImages,
      showsRows: !rows.areImages)
    let sink = try PredictionSink(output)
    return form == .json ? JSONPredictionWriter(columns, sink) : CSVPredictionWriter(columns, sink)
  }

  private struct Interrupted: Error, CustomStringConvertible {
    let description = "interrupted; nothing was written"
  }
}
