#include <math.h>

#include "../Kernels.h"

#define ROWS(S, T) \
  static T log_sum_exp_##S(intptr_t n, intptr_t stride, const T *x) { \
    T largest = -INFINITY, sum = 0; \
    for (intptr_t i = 0; i < n; i++) largest = x[i * stride] > largest ? x[i * stride] : largest; \
    if (isinf(largest)) { \
      for (intptr_t i = 0; i < n; i++) if (isnan(x[i * stride])) return x[i * stride]; \
      return largest; \
    } \
    for (intptr_t i = 0; i < n; i++) sum += (T)exp((double)(x[i * stride] - largest)); \
    return largest + (T)log((double)sum); \
  } \
  static void softmax_##S(intptr_t rows, intptr_t columns, const T *x, T *y, bool logarithm) { \
    for (intptr_t r = 0; r < rows; r++, x += columns, y += columns) { \
      const T log_sum = log_sum_exp_##S(columns, 1, x); \
      for (intptr_t c = 0; c < columns; c++) { \
        y[c] = logarithm ? x[c] - log_sum : (T)exp((double)(x[c] - log_sum)); \
      } \
    } \
  } \
  static void backward_##S(intptr_t rows, intptr_t columns, const T *y, const T *dy, T *dx, bool logarithm) { \
    for (intptr_t r = 0; r < rows; r++, y += columns, dy += columns, dx += columns) { \
      T sum = 0; \
      for (intptr_t c = 0; c < columns; c++) sum += logarithm ? dy[c] : dy[c] * y[c]; \
      for (intptr_t c = 0; c < columns; c++) { \
        dx[c] = logarithm ? dy[c] - (T)exp((double)y[c]) * sum : y[c] * (dy[c] - sum); \
      } \
    } \
  }
ROWS(f32, float)
ROWS(f64, double)

#define FLOATS(CALL_F32, CALL_F64) \
  switch (type) { \
    case AVIARY_FLOAT32: CALL_F32; return true; \
    case AVIARY_FLOAT64: CALL_F64; return true; \
    default: return false; \
  }

bool aviary_log_sum_exp(
  aviary_dtype type, intptr_t outer, intptr_t reduced, intptr_t inner, const void *x, void *out
) {
  if (type != AVIARY_FLOAT32 && type != AVIARY_FLOAT64) return false;
  for (intptr_t o = 0; o < outer; o++) {
    for (intptr_t i = 0; i < inner; i++) {
      const intptr_t at = o * reduced * inner + i;
      if (type == AVIARY_FLOAT32) {
        ((float *)out)[o * inner + i] = log_sum_exp_f32(reduced, inner, (const float *)x + at);
      } else {
        ((double *)out)[o * inner + i] = log_sum_exp_f64(reduced, inner, (const double *)x + at);
      }
    }
  }
  return true;
}

bool aviary_softmax(aviary_dtype type, intptr_t rows, intptr_t columns, const void *x, void *y) {
  FLOATS(softmax_f32(rows, columns, x, y, false), softmax_f64(rows, columns, x, y, false))
}

bool aviary_log_softmax(aviary_dtype type, intptr_t rows, intptr_t columns, const void *x, void *y) {
  FLOATS(softmax_f32(rows, columns, x, y, true), softmax_f64(rows, columns, x, y, true))
}

bool aviary_softmax_backward(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *y, const void *dy, void *dx
) {
  FLOATS(backward_f32(rows, columns, y, dy, dx, false), backward_f64(rows, columns, y, dy, dx, false))
}

bool aviary_log_softmax_backward(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *y, const void *dy, void *dx
) {
  FLOATS(backward_f32(rows, columns, y, dy, dx, true), backward_f64(rows, columns, y, dy, dx, true))
}
