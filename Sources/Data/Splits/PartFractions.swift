import AviaryCore
import AviaryRegistry

/// The shares of the test and validation parts, checked: what the splits by fraction have in common.
struct PartFractions: Sendable {
  let test: Double
  let validation: Double

  /// Checks that something is left to train with.
  init(test: Double, validation: Double) throws(ConfigurationError) {
    self.test = try Check.value(test, in: 0..<1, "test")
    self.validation = try Check.value(validation, in: 0..<1, "validation")
    try Check.that(
      test + validation < 1, "validation", "a fraction below \(1 - test), what test leaves", found: validation)
  }

  /// For fractions that the program itself gives: traps where nothing is left to train with.
  static func trapping(test: Double, validation: Double) -> PartFractions {
    guard let fractions = try? PartFractions(test: test, validation: validation) else {
      trap(
        "the fractions \(test) for testing and \(validation) for validation leave nothing to train with")
    }
    return fractions
  }

  /// Rows of the test and the validation part of `count`: rounded to the nearest, but at least one where the fraction is
  /// not 0.
  func counts(of count: Int, in name: String) throws -> (test: Int, validation: Int) {
    func rows(_ fraction: Double) -> Int { fraction == 0 ? 0 : max(1, Int((Double(count) * fraction).rounded())) }
    let result = (test: rows(test), validation: rows(validation))
    guard count - result.test - result.validation > 0 else {
      throw DataError(
        name,
        "\(count) rows are too few for a test part of \(result.test) and a validation part of \(result.validation); the splits 'none' and "
          + "'same' train with all rows")
    }
    return result
  }
}

/// A source of a fixed seed, or the run's own.
func source(ofSeed seed: Int?, else random: RandomSource) -> RandomSource {
  (seed.map { RandomSource(seed: UInt64($0)) } ?? random)["split"]
}
