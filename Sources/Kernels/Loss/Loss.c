#include <math.h>

#include "../Kernels.h"
#include "../Numbers.h"

#define LOSSES(S, T) \
  static void softmax_cross_entropy_##S( \
    intptr_t rows, intptr_t columns, const T *z, const int64_t *labels, const T *targets, T *losses, T *probabilities \
  ) { \
    for (intptr_t r = 0; r < rows; r++, z += columns) { \
      double largest = -INFINITY, sum = 0, loss = 0; \
      for (intptr_t c = 0; c < columns; c++) largest = fmax(largest, (double)z[c]); \
      for (intptr_t c = 0; c < columns; c++) sum += exp((double)z[c] - largest); \
      const double log_sum = largest + log(sum); \
      if (labels) { \
        loss = log_sum - (double)z[labels[r]]; \
      } else { \
        for (intptr_t c = 0; c < columns; c++) { \
          const T t = targets[r * columns + c]; \
          if (t != 0) loss += (double)t * (log_sum - (double)z[c]); \
        } \
      } \
      losses[r] = (T)loss; \
      if (!probabilities) continue; \
      for (intptr_t c = 0; c < columns; c++) probabilities[r * columns + c] = (T)exp((double)z[c] - log_sum); \
    } \
  } \
  static void gradient_##S( \
    intptr_t rows, intptr_t columns, const T *p, const int64_t *labels, const T *targets, const T *scale, \
    intptr_t scale_stride, T *gradient \
  ) { \
    for (intptr_t r = 0; r < rows; r++, p += columns, gradient += columns) { \
      const T factor = scale[r * scale_stride]; \
      T total = labels ? 1 : 0; \
      for (intptr_t c = 0; c < columns && !labels; c++) total += targets[r * columns + c]; \
      for (intptr_t c = 0; c < columns; c++) { \
        const T t = labels ? (T)(c == labels[r]) : targets[r * columns + c]; \
        gradient[c] = (p[c] * total - t) * factor; \
      } \
    } \
  } \
  static void sigmoid_cross_entropy_##S(intptr_t n, const T *z, const T *t, T *losses) { \
    for (intptr_t i = 0; i < n; i++) { \
      losses[i] = (T)(fmax((double)z[i], 0) - (double)(z[i] * t[i]) + log1p(exp(-fabs((double)z[i])))); \
    } \
  } \
  static void sigmoid_gradient_##S( \
    intptr_t n, const T *z, const T *t, const T *scale, intptr_t scale_stride, T *gradient \
  ) { \
    for (intptr_t i = 0; i < n; i++) { \
      const double e = exp(-fabs((double)z[i])); \
      gradient[i] = ((T)((z[i] >= 0 ? 1 : e) / (1 + e)) - t[i]) * scale[i * scale_stride]; \
    } \
  } \
  static void batch_norm_##S( \
    intptr_t rows, intptr_t columns, const T *x, const T *mean, const T *variance, double epsilon, const T *gamma, \
    const T *beta, T *y \
  ) { \
    for (intptr_t r = 0; r < rows; r++) { \
      for (intptr_t c = 0; c < columns; c++) { \
        const double scale = (gamma ? (double)gamma[c] : 1) / sqrt((double)variance[c] + epsilon); \
        y[r * columns + c] = \
          (T)(((double)x[r * columns + c] - (double)mean[c]) * scale + (beta ? (double)beta[c] : 0)); \
      } \
    } \
  } \
  static void batch_norm_backward_##S( \
    intptr_t rows, intptr_t columns, const T *x, const T *mean, const T *variance, double epsilon, const T *gamma, \
    const T *dy, T *dx, T *dgamma, T *dbeta \
  ) { \
    for (intptr_t c = 0; c < columns; c++) { \
      const double inverse = 1 / sqrt((double)variance[c] + epsilon), centre = (double)mean[c]; \
      double sum = 0, product = 0; \
      for (intptr_t i = c; i < rows * columns; i += columns) { \
        sum += (double)dy[i]; \
        product += (double)dy[i] * ((double)x[i] - centre) * inverse; \
      } \
      dbeta[c] = (T)sum; \
      dgamma[c] = (T)product; \
      const double scale = (gamma ? (double)gamma[c] : 1) * inverse; \
      for (intptr_t i = c; i < rows * columns; i += columns) { \
        const double standard = ((double)x[i] - centre) * inverse; \
        dx[i] = (T)(scale * ((double)dy[i] - sum / (double)rows - standard * product / (double)rows)); \
      } \
    } \
  }
LOSSES(f32, float)
LOSSES(f64, double)

#define FLOATS(NAME, ...) \
  switch (type) { \
    case AVIARY_FLOAT32: NAME##_f32(__VA_ARGS__); return true; \
    case AVIARY_FLOAT64: NAME##_f64(__VA_ARGS__); return true; \
    default: return false; \
  }

bool aviary_softmax_cross_entropy_labels(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *logits, const int64_t *labels, void *losses,
  void *probabilities
) {
  FLOATS(softmax_cross_entropy, rows, columns, logits, labels, NULL, losses, probabilities)
}

bool aviary_softmax_cross_entropy_targets(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *logits, const void *targets, void *losses,
  void *probabilities
) {
  FLOATS(softmax_cross_entropy, rows, columns, logits, NULL, targets, losses, probabilities)
}

bool aviary_softmax_cross_entropy_labels_gradient(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *probabilities, const int64_t *labels,
  const void *scale, intptr_t scale_stride, void *gradient
) {
  FLOATS(gradient, rows, columns, probabilities, labels, NULL, scale, scale_stride, gradient)
}

bool aviary_softmax_cross_entropy_targets_gradient(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *probabilities, const void *targets,
  const void *scale, intptr_t scale_stride, void *gradient
) {
  FLOATS(gradient, rows, columns, probabilities, NULL, targets, scale, scale_stride, gradient)
}

bool aviary_sigmoid_cross_entropy(
  aviary_dtype type, intptr_t n, const void *logits, const void *targets, void *losses
) {
  FLOATS(sigmoid_cross_entropy, n, logits, targets, losses)
}

bool aviary_sigmoid_cross_entropy_gradient(
  aviary_dtype type, intptr_t n, const void *logits, const void *targets, const void *scale, intptr_t scale_stride,
  void *gradient
) {
  FLOATS(sigmoid_gradient, n, logits, targets, scale, scale_stride, gradient)
}

bool aviary_batch_norm_forward(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *x, const void *mean, const void *variance,
  double epsilon, const void *gamma, const void *beta, void *y
) {
  FLOATS(batch_norm, rows, columns, x, mean, variance, epsilon, gamma, beta, y)
}

bool aviary_batch_norm_backward(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *x, const void *mean, const void *variance,
  double epsilon, const void *gamma, const void *dy, void *dx, void *dgamma, void *dbeta
) {
  FLOATS(batch_norm_backward, rows, columns, x, mean, variance, epsilon, gamma, dy, dx, dgamma, dbeta)
}
