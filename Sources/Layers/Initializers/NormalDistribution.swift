import AviaryRegistry

/// N(μ, σ²): what the normal initializers share.
struct NormalDistribution: FieldGroup {
  @Field("Mean μ") var mean = 0.0
  @Field("Standard deviation σ", .nonNegative) var standardDeviation = 0.05

  init() {}
}
