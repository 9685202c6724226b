import AviaryCore
import AviaryRegistry

/// An optional seed of its own for something random.
struct OwnSeed: FieldGroup {
  @Field("Fixed seed, independent of the run's; by default the run's seed is used", .nonNegative)
  var seed: Int?

  init() {}

  /// A random source with the seed, or the run's own.
  func source(else random: RandomSource) -> RandomSource { seed.map { RandomSource(seed: UInt64($0)) } ?? random }
}
