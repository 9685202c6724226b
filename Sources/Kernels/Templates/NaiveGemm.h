
static inline R activate(aviary_activation activation, R slope, R x) {
  switch (activation) {
    case AVIARY_RELU: return x < 0 ? 0 : x;
    case AVIARY_LEAKY_RELU: return x < 0 ? slope * x : x;
    case AVIARY_SIGMOID: return 1 / (1 + EXP(-x));
    case AVIARY_TANH: return TANH(x);
    default: return x;
  }
}
void NAME(aviary_gemm)(
    bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, const R *a, intptr_t lda, const R *b,
    intptr_t ldb, R *c, intptr_t ldc, const aviary_gemm_options *options) {
  aviary_gemm_options none = {0};
  if (!options) options = &none;
  const R *bias = options->bias;
  for (intptr_t i = 0; i < m; i++) {
    R *row = c + i * ldc;
    if (!options->accumulate) for (intptr_t j = 0; j < n; j++) row[j] = 0;
    for (intptr_t p = 0; p < k; p++) {
      R x = transpose_a ? a[p * lda + i] : a[i * lda + p];
      if (transpose_b) for (intptr_t j = 0; j < n; j++) row[j] += x * b[j * ldb + p];
      else for (intptr_t j = 0; j < n; j++) row[j] += x * b[p * ldb + j];
    }
    for (intptr_t j = 0; j < n; j++) row[j] = activate(options->activation, (R)options->slope, row[j] + (bias ? bias[j] : 0));
  }
}
void NAME(aviary_gemm_batched)(
    intptr_t batch, bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, const R *a, intptr_t lda,
    intptr_t stride_a, const R *b, intptr_t ldb, intptr_t stride_b, R *c, intptr_t ldc, intptr_t stride_c,
    const aviary_gemm_options *options) {
  for (intptr_t i = 0; i < batch; i++)
    NAME(aviary_gemm)(transpose_a, transpose_b, m, n, k, a + i * stride_a, lda, b + i * stride_b, ldb, c + i * stride_c, ldc, options);
}
void NAME(aviary_activation_backward)(aviary_activation activation, double slope, intptr_t n, const R *y, const R *dy, R *dx) {
  for (intptr_t i = 0; i < n; i++) {
    R v = y[i];
    switch (activation) {
      case AVIARY_RELU: dx[i] = v > 0 ? dy[i] : 0; break;
      case AVIARY_LEAKY_RELU: dx[i] = v > 0 ? dy[i] : (R)slope * dy[i]; break;
      case AVIARY_SIGMOID: dx[i] = dy[i] * v * (1 - v); break;
      case AVIARY_TANH: dx[i] = dy[i] * (1 - v * v); break;
      default: dx[i] = dy[i];
    }
  }
}
void NAME(aviary_column_sums)(intptr_t m, intptr_t n, const R *x, R *out) {
  for (intptr_t j = 0; j < n; j++) out[j] = 0;
  for (intptr_t i = 0; i < m; i++) for (intptr_t j = 0; j < n; j++) out[j] += x[i * n + j];
}
