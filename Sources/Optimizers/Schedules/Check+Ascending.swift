import AviaryRegistry

extension Check {
  /// Moments of a training, each after the one before.
  static func ascending(_ moments: [Int], _ field: ConfigurationPath) throws(ConfigurationError) {
    try that(zip(moments, moments.dropFirst()).allSatisfy { $0 < $1 }, field, "ascending numbers", found: moments)
  }
}
