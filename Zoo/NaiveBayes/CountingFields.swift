import AviaryRegistry

/// Fields of the estimates.
struct CountingFields: FieldGroup {
  @Field("Fraction of the largest variance that is added to every variance; gaussian only", .nonNegative)
  var smoothing = 1e-9
  @Field("Laplace smoothing: a pseudocount added to every count; bernoulli and multinomial only", .positive) var alpha =
    1.0

  init() {}

  init(smoothing: Double, alpha: Double) {
    self.smoothing = smoothing
    self.alpha = alpha
  }
}
