import AviaryRegistry

/// The shares of the test and validation parts: what the splits by fraction have in common.
struct PartFractions: FieldGroup {
  @Field("Share of the rows to judge by", .in(0..<1)) var test = 0.2
  @Field("Share of the rows to decide on early stopping by", .in(0..<1)) var validation = 0.0

  init() {}

  init(test: Double, validation: Double) {
    self.test = test
    self.validation = validation
  }

  /// Something is left to train with.
  func validate() throws {
    try Check.that(
      test + validation < 1, "validation", "a fraction below \(1 - test), what test leaves", found: validation)
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
