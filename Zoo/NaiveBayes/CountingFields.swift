import AviaryRegistry

/// How counts become estimates.
struct CountingFields: FieldGroup {
  @Field("Share of the largest variance that is added to all, gaussian only", .nonNegative) var smoothing = 1e-9
  @Field("Rows or counts added to each that was seen, bernoulli and multinomial only", .positive) var alpha = 1.0

  init() {}

  init(smoothing: Double, alpha: Double) {
    self.smoothing = smoothing
    self.alpha = alpha
  }
}
