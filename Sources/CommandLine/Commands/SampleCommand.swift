import Aviary
import Foundation

/// `aviary sample`: draws samples from a run's model, or generates text with a language model.
struct SampleCommand: Command {
  static let name = "sample"
  static let summary = "Draws samples from a run's generative model: a grid of images, numbers, or text."
  static let usage = """
    aviary sample RUN [options]

      --count N       number of samples, up to 100000 (default: 100)
      --steps N       Gibbs sampling steps per sample (default: 1000)
      --start WHERE   start the chains at rows of train, validation or test, or at random values (default: test)
      --seed N        seed of the random numbers (default: 1)
      --output FILE   a .png with a grid of images, or an .npy with numbers (default: samples.png)
      --units WHICH   stored: units of the stored data, with the recipe's transforms undone; model: units of the model's
                      inputs (default: stored). In a .png, black and white are the minimum and maximum of the stored
                      training inputs, or with 'model' of the samples; numbers in an .npy are not rounded
      --threads N     number of threads

    A language model writes to the terminal:

      --length N      number of characters or words (default: 500)
      --prompt TEXT   the beginning of the text, which the model reads first (default: a line break)
      --temperature T below 1 favors probable symbols; 0 always takes the most probable one (default: 1)
      --seed N        seed of the random numbers (default: 1)
    """

  private let arguments: Arguments
  private let folder: String
  /// Where the chains start; nil for random.
  private let part: String?
  private let output: String
  private let units: ExampleUnits

  init(parsing arguments: [String]) throws {
    let options = [
      "count", "steps", "start", "seed", "output", "units", "threads", "length", "prompt", "temperature",
    ]
    let valued = Dictionary(uniqueKeysWithValues: options.map { ($0, false) })
    self.arguments = try Arguments(arguments, valued: valued, flags: [])
    guard self.arguments.positional.count == 1 else { throw UsageError("expected the folder of one run") }
    folder = self.arguments.positional[0]
    if let text = self.arguments.value("temperature") {
      guard let number = Double(text), number >= 0, number.isFinite else {
        throw UsageError("--temperature: expected 0 or a positive number, found '\(text)'")
      }
    }
    for (name, least) in [("steps", 1), ("seed", 0), ("threads", 1), ("length", 1)] {
      _ = try self.arguments.integer(name, atLeast: least)
    }
    // All chains run at once: more would not fit into the memory of a small machine.
    _ = try self.arguments.integer("count", atLeast: 1, atMost: 100_000)
    let start = self.arguments.value("start") ?? "test"
    guard ["train", "validation", "test", "random"].contains(start) else {
      throw UsageError("--start: expected train, validation, test or random, found '\(start)'")
    }
    part = start == "random" ? nil : start
    let unit = self.arguments.value("units") ?? "stored"
    guard let units = ExampleUnits(rawValue: unit) else {
      throw UsageError("--units: expected stored or model, found '\(unit)'")
    }
    self.units = units
    output = self.arguments.value("output") ?? "samples.png"
    guard output.hasSuffix(".png") || output.hasSuffix(".npy") else {
      throw UsageError("--output: expected a name that ends in .png or .npy, found '\(output)'")
    }
  }

  func run(_ surroundings: Surroundings) throws {
    if let threads = try arguments.integer("threads", atLeast: 1) { Threads.set(threads) }
    let finished = try FinishedRun(folder, in: surroundings.registries)
    let ofText = ["length", "prompt", "temperature"].first { arguments.value($0) != nil }
    if finished.writesText { return try write(finished) }
    if let ofText { throw UsageError("--\(ofText) is for language models, but the model of '\(folder)' is not one") }
    let count = try arguments.integer("count", atLeast: 1) ?? 100
    let samples = try finished.samples(
      count: count, from: part, steps: arguments.integer("steps", atLeast: 1) ?? 1000,
      seed: UInt64(arguments.integer("seed", atLeast: 0) ?? 1), units: units)
    if output.hasSuffix(".npy") {
      try NPY.write(samples, to: output)
    } else {
      let (least, greatest) = (samples.min().item(), samples.max().item())
      let range = units == .stored ? try finished.inputRange() : least...max(least, greatest)
      try writePicture(of: samples, range)
    }
    if finished.recipe.endsSupervised {
      Terminal.error(
        "note: fine-tuning on targets has changed the generative weights; for better samples, train without it")
    }
    Terminal.print("\(count) \(count == 1 ? "sample" : "samples") in \(output)")
  }

  private func write(_ finished: FinishedRun) throws {
    if let option = ["count", "steps", "start", "output", "units"].first(where: { arguments.value($0) != nil }) {
      throw UsageError(
        "--\(option) does not apply to language models, which write to the terminal; see 'aviary sample --help'")
    }
    let prompt = arguments.value("prompt") ?? ""
    var isFirst = true
    try finished.text(
      length: arguments.integer("length", atLeast: 1) ?? 500, prompt: prompt,
      temperature: arguments.value("temperature").flatMap(Double.init) ?? 1,
      seed: UInt64(arguments.integer("seed", atLeast: 0) ?? 1)
    ) { symbol in
      // The prompt was accepted once a symbol follows.
      Terminal.print((isFirst ? prompt : "") + symbol, terminator: "")
      isFirst = false
    }
    Terminal.print("")
  }

  private func writePicture(of samples: Tensor, _ range: ClosedRange<Double>) throws {
    guard samples.rank == 4, 1...4 ~= samples.shape[3] else {
      throw UsageError("the model's samples \(samples.spec) are not images; use an --output that ends in .npy")
    }
    let columns = Int(Double(samples.shape[0]).squareRoot().rounded(.up))
    // Enlarge small images so they can be seen.
    let scale = max(1, 36 / max(samples.shape[1], samples.shape[2]))
    try PNG.write(ImageGrid.tiled(samples, columns: columns, range: range, scale: scale), to: output)
  }
}
