import AviaryRegistry

/// N(μ, σ²): fields shared by the normal initializers.
struct NormalDistribution: FieldGroup {
  @Field("Mean μ") var mean = 0.0
  @Field("Standard deviation σ", .nonNegative) var standardDeviation = 0.05

  init() {}
}
