import AviaryRegistry

extension Check {
  /// Requires strictly ascending moments.
  static func ascending(_ moments: [Int], _ field: ConfigurationPath) throws(ConfigurationError) {
    try that(zip(moments, moments.dropFirst()).allSatisfy { $0 < $1 }, field, "ascending numbers", found: moments)
  }
}
