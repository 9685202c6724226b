import AviaryCore
import AviaryRegistry

/// How a search chooses the next values.
public enum SearchMethod: String, CaseIterable, Sendable {
  /// Every combination.
  case grid
  /// Independent draws. (Bergstra and Bengio: Random search for hyper-parameter optimization, 2012.)
  case random
  /// Random draws that begin with few epochs; the best third goes on for three times as many, and so on. (Jamieson and
  /// Talwalkar: Non-stochastic best arm identification and hyperparameter optimization, 2016.)
  case halving
  /// Draws near the best quarter of the trials so far rather than near the others: tree-structured Parzen estimators. (Bergstra,
  /// Bardenet, Bengio, Kégl: Algorithms for hyper-parameter optimization, 2011.)
  case tpe

  /// The part of the trials that halving keeps in each round, as a divisor.
  static let keptShare = 3
}

extension Search {
  /// The values of the trial with this index, as a function of the seed, and for `tpe` of the results before.
  func proposal(_ index: Int) -> [ConfigurationValue] {
    let random = RandomSource(seed: seed)["search"].at(step: index)
    switch method {
    case .grid:
      var rest = index
      return variations.reversed().map { variation in
        let grid = variation.grid
        defer { rest /= grid.count }
        return grid[rest % grid.count]
      }.reversed()
    case .random, .halving: return variations.map { $0.value(at: random[$0.path].share()) }
    case .tpe:
      // The earlier trials alone, so that a search that is taken up again goes the same way.
      let known = results.prefix(index).filter { $0.score != nil }.sorted { isBetter($0, $1) }
      guard known.count >= Self.randomTrials else { return variations.map { $0.value(at: random[$0.path].share()) } }
      let good = max(2, known.count / 4)
      return variations.enumerated().map { place, variation in
        let places = known.map { variation.place(of: $0.values[place]) }
        let (near, far) = (Parzen(Array(places[..<good])), Parzen(Array(places[good...])))
        let draws = (0..<Self.candidates).map { near.draw(random[variation.path][$0]) }
        let best = draws.max { near.density($0) / far.density($0) < near.density($1) / far.density($1) }
        return variation.value(at: best ?? 0)
      }
    }
  }

  /// Random trials before the first estimate.
  private static let randomTrials = 10
  /// Draws per value of which the most promising is taken.
  private static let candidates = 24

  /// The number of combinations of a grid; nil if it overflows.
  static func gridSize(_ variations: [Variation]) -> Int? {
    variations.reduce(1 as Int?) { product, variation in
      product.flatMap { count in
        let (size, overflow) = count.multipliedReportingOverflow(by: variation.grid.count)
        return overflow ? nil : size
      }
    }
  }

  /// The epochs of each round of halving, up to `epochs`: each round three times those of the one before.
  static func rounds(trials: Int, epochs: Int) -> [Int] {
    var (rounds, left) = ([epochs], trials)
    while left >= SearchMethod.keptShare, rounds[0] >= SearchMethod.keptShare {
      rounds.insert(rounds[0] / SearchMethod.keptShare, at: 0)
      left /= SearchMethod.keptShare
    }
    return rounds
  }
}

/// A mixture of normal distributions around points of [0, 1], and a uniform one.
private struct Parzen {
  let centers: [Double]
  let width: Double

  init(_ points: [Double]) {
    centers = points
    // Scott's rule, with a floor so that equal points do not close in on themselves.
    let mean = points.reduce(0, +) / Double(max(points.count, 1))
    let variance = points.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(points.count, 1))
    let count = Double(max(points.count, 1))
    width = max(1.06 * variance.squareRoot() / count.squareRoot().squareRoot(), 1 / (count + 4))
  }

  /// A value in [0, 1].
  func draw(_ random: RandomSource) -> Double {
    let place = Int(random["center"].share() * Double(centers.count + 1))
    guard place < centers.count else { return random["uniform"].share() }
    let drawn = centers[place] + width * random["normal"].normal([1], dtype: .float64).item()
    return min(max(drawn, 0), 1)
  }

  /// The density, but for a constant factor.
  func density(_ x: Double) -> Double {
    let z = centers.map { ($0 - x) / width }
    let kernels = (Tensor(z, shape: [z.count]).square() * -0.5).exp().sum().item()
    return (1 + kernels / (width * 2.5066282746310002)) / Double(centers.count + 1)
  }
}

extension RandomSource {
  /// A number in [0, 1).
  fileprivate func share() -> Double { uniform([1], dtype: .float64).item() }
}
