import AviaryRegistry

/// The fractions of the test and validation parts, common to the splits by fraction.
struct PartFractions: FieldGroup {
  @Field("Fraction of the rows to use for testing", .in(0..<1)) var test = 0.2
  @Field("Fraction of the rows to use for validation", .in(0..<1)) var validation = 0.0

  init() {}

  init(test: Double, validation: Double) {
    self.test = test
    self.validation = validation
  }

  /// Checks that there are training rows left.
  func validate() throws {
    try Check.that(
      test + validation < 1, "validation", "a fraction below \(1 - test), which test leaves", found: validation)
  }

  /// The number of test and validation rows out of `count`, rounded to the nearest, but at least one if the fraction is
  /// not 0.
  func counts(of count: Int, in name: String) throws -> (test: Int, validation: Int) {
    func rows(_ fraction: Double) -> Int { fraction == 0 ? 0 : max(1, Int((Double(count) * fraction).rounded())) }
    let result = (test: rows(test), validation: rows(validation))
    guard count - result.test - result.validation > 0 else {
      throw DataError(
        name,
        "\(count) rows are too few for a test part of \(result.test) and a validation part of \(result.validation); the splits 'none' and "
          + "'same' train on all rows")
    }
    return result
  }
}
