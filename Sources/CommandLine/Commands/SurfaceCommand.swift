import Aviary
import Foundation

/// `aviary surface`: draws the loss around a trained network.
struct SurfaceCommand: Command {
  static let name = "surface"
  static let summary = "Draws the loss around a run's model, with the path of the training."
  static let usage = """
    aviary surface RUN [options]

    Directions along the path need the parameters after each epoch, so the training is repeated. Random directions do
    not.

      --directions WHICH  path: the two in which the parameters moved most; random: two random ones, scaled to the norms
                          of the network's filters (default: path)
      --points N          points along each axis, from 2 to 201 (default: 25)
      --extent X          distance in random directions, in norms of the filters (default: 1)
      --rows N            the number of training rows to measure (default: 1000)
      --seed N            seed of random directions (default: 1)
      --output FILE       an .html page or an .svg picture (default: surface.html)
      --threads N         number of threads
    """

  private let arguments: Arguments
  private let folder: String
  private let extent: Double
  private let isRandom: Bool

  init(parsing arguments: [String]) throws {
    let options = ["directions", "points", "extent", "rows", "seed", "output", "threads"]
    self.arguments = try Arguments(
      arguments, valued: Dictionary(uniqueKeysWithValues: options.map { ($0, false) }), flags: [])
    guard self.arguments.positional.count == 1 else { throw UsageError("expected the folder of one run") }
    folder = self.arguments.positional[0]
    _ = try self.arguments.integer("points", atLeast: 2, atMost: 201)
    for (name, least) in [("rows", 1), ("seed", 0), ("threads", 1)] {
      _ = try self.arguments.integer(name, atLeast: least)
    }
    let text = self.arguments.value("extent") ?? "1"
    guard let extent = Double(text), extent > 0, extent.isFinite else {
      throw UsageError("--extent: expected a number above 0, found '\(text)'")
    }
    self.extent = extent
    let directions = self.arguments.value("directions") ?? "path"
    guard ["path", "random"].contains(directions) else {
      throw UsageError("--directions: expected path or random, found '\(directions)'")
    }
    isRandom = directions == "random"
    if let output = self.arguments.value("output"), !output.hasSuffix(".html"), !output.hasSuffix(".svg") {
      throw UsageError("--output: expected a name that ends in .html or .svg, found '\(output)'")
    }
  }

  func run(_ surroundings: Surroundings) throws {
    if let threads = try arguments.integer("threads", atLeast: 1) { Threads.set(threads) }
    let seed = UInt64(try arguments.integer("seed", atLeast: 0) ?? 1)
    let surface = try LossSurface(
      of: folder, in: surroundings.registries, directions: isRandom ? .random(seed: seed) : .path,
      points: arguments.integer("points", atLeast: 2) ?? 25, extent: extent,
      rows: arguments.integer("rows", atLeast: 1) ?? 1000)
    let output = arguments.value("output") ?? "surface.html"
    try AtomicFile.write(output.hasSuffix(".svg") ? surface.svg() + "\n" : surface.html(), to: output)
    Terminal.print(surface.explanation)
    Terminal.print("see \(output)")
  }
}
