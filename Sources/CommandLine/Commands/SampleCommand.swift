import Aviary
import Foundation

/// `aviary sample`: draws examples from a generative model's run.
struct SampleCommand: Command {
  static let name = "sample"
  static let summary = "Draws samples from a run's generative model: a grid of images, or numbers."
  static let usage = """
    aviary sample RUN [options]

      --count N       number of samples (100), up to 100000
      --steps N       steps of Gibbs sampling for each (1000)
      --start WHERE   where the chains begin: at rows of the train, validation or test part, or random (test)
      --seed N        seeds the random numbers (1)
      --output FILE   a .png with a grid of images, or an .npy with numbers (samples.png)
      --units WHICH   stored: in the units of the stored data, with the recipe's transforms undone; model: in those of the
                      model's inputs (stored). In a .png, black and white are the least and the greatest number of the stored
                      training inputs, or with 'model' of the samples themselves; the numbers of an .npy are not rounded
      --threads N     number of threads
    """

  private let arguments: Arguments
  private let folder: String
  /// Where the chains begin; nil for random.
  private let part: String?
  private let output: String
  private let units: ExampleUnits

  init(parsing arguments: [String]) throws {
    let options = ["count", "steps", "start", "seed", "output", "units", "threads"]
    let valued = Dictionary(uniqueKeysWithValues: options.map { ($0, false) })
    self.arguments = try Arguments(arguments, valued: valued, flags: [])
    guard self.arguments.positional.count == 1 else { throw UsageError("give the folder of one run") }
    folder = self.arguments.positional[0]
    for (name, least) in [("steps", 1), ("seed", 0), ("threads", 1)] {
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
      Terminal.error("note: fine-tuned by targets, the model draws no longer what it drew before; train it without")
    }
    Terminal.print("\(count) \(count == 1 ? "example" : "examples") in \(output)")
  }

  private func writePicture(of samples: Tensor, _ range: ClosedRange<Double>) throws {
    guard samples.rank == 4, 1...4 ~= samples.shape[3] else {
      throw UsageError("the model's examples \(samples.spec) are no images; give --output a name that ends in .npy")
    }
    let columns = Int(Double(samples.shape[0]).squareRoot().rounded(.up))
    // Small images are made large enough to be looked at.
    let scale = max(1, 36 / max(samples.shape[1], samples.shape[2]))
    try PNG.write(ImageGrid.tiled(samples, columns: columns, range: range, scale: scale), to: output)
  }
}
