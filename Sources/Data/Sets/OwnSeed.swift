import AviaryCore
import AviaryRegistry

/// The seed of something that is drawn at random.
struct OwnSeed: FieldGroup {
  @Field("Seed that draws the same whatever the run's seed; by default the draws follow the run's", .nonNegative)
  var seed: Int?

  init() {}

  /// A source of the seed, or the run's own.
  func source(else random: RandomSource) -> RandomSource { seed.map { RandomSource(seed: UInt64($0)) } ?? random }
}
