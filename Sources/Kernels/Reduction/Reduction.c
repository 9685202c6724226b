#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../Kernels.h"
#include "../Numbers.h"

#define REDUCE(START, STEP) \
  for (intptr_t o = 0; o < outer; o++) { \
    for (intptr_t i = 0; i < inner; i++) { \
      element s = START; \
      for (intptr_t r = 0; r < reduced; r++) { \
        const element a = x[(o * reduced + r) * inner + i]; \
        s = (element)(STEP); \
      } \
      out[o * inner + i] = s; \
    } \
  } \
  return true;

#define INTEGER_REDUCE(S, T, U, MINIMUM, MAXIMUM) \
  static bool reduce_##S( \
    aviary_reduce_op op, intptr_t outer, intptr_t reduced, intptr_t inner, const void *x_, void *out_ \
  ) { \
    typedef T element; \
    const T *x = x_; \
    T *out = out_; \
    switch (op) { \
      case AVIARY_REDUCE_SUM: REDUCE(0, (U)s + (U)a) \
      case AVIARY_REDUCE_PRODUCT: REDUCE(1, (uint64_t)s * (uint64_t)a) \
      case AVIARY_REDUCE_SUM_OF_SQUARES: REDUCE(0, (uint64_t)s + (uint64_t)a * (uint64_t)a) \
      case AVIARY_REDUCE_MAX: REDUCE(MINIMUM, a > s ? a : s) \
      case AVIARY_REDUCE_MIN: REDUCE(MAXIMUM, a < s ? a : s) \
      default: return false; \
    } \
  }
FOR_INTEGERS(INTEGER_REDUCE)

static bool reduce_bool(
  aviary_reduce_op op, intptr_t outer, intptr_t reduced, intptr_t inner, const void *x_, void *out_
) {
  typedef uint8_t element;
  const element *x = x_;
  element *out = out_;
  switch (op) {
    case AVIARY_REDUCE_ANY:
    case AVIARY_REDUCE_MAX: REDUCE(0, s | a)
    case AVIARY_REDUCE_ALL:
    case AVIARY_REDUCE_MIN: REDUCE(1, s & a)
    default: return false;
  }
}

#define FLOAT_REDUCE(S, T) \
  static bool reduce_##S( \
    aviary_reduce_op op, intptr_t outer, intptr_t reduced, intptr_t inner, const void *x_, void *out_ \
  ) { \
    typedef double element; \
    const T *x = x_; \
    T *out = out_; \
    switch (op) { \
      case AVIARY_REDUCE_SUM: REDUCE(0, s + a) \
      case AVIARY_REDUCE_PRODUCT: REDUCE(1, s * a) \
      case AVIARY_REDUCE_SUM_OF_SQUARES: REDUCE(0, s + a * a) \
      case AVIARY_REDUCE_MAX: REDUCE(-INFINITY, a != a || a > s ? a : s) \
      case AVIARY_REDUCE_MIN: REDUCE(INFINITY, a != a || a < s ? a : s) \
      default: return false; \
    } \
  }
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wconversion"
FLOAT_REDUCE(float32, float)
FLOAT_REDUCE(float64, double)
#pragma clang diagnostic pop

bool aviary_reduce(
  aviary_reduce_op op, aviary_dtype type, intptr_t outer, intptr_t reduced, intptr_t inner, const void *x, void *out
) {
  switch (type) {
#define CASE(S, NAME) case AVIARY_##NAME: return reduce_##S(op, outer, reduced, inner, x, out);
    CASE(bool, BOOL)
    CASE(int8, INT8)
    CASE(int16, INT16)
    CASE(int32, INT32)
    CASE(int64, INT64)
    CASE(uint8, UINT8)
    CASE(uint16, UINT16)
    CASE(uint32, UINT32)
    CASE(uint64, UINT64)
    CASE(float32, FLOAT32)
    CASE(float64, FLOAT64)
#undef CASE
    default: return false;
  }
}

#define ARG_REDUCE(S, T) \
  static void arg_reduce_##S( \
    bool maximum, intptr_t outer, intptr_t reduced, intptr_t inner, const T *x, int64_t *out \
  ) { \
    for (intptr_t o = 0; o < outer; o++) { \
      for (intptr_t i = 0; i < inner; i++) { \
        const T *from = x + o * reduced * inner + i; \
        T best = from[0]; \
        int64_t position = 0; \
        for (intptr_t r = 1; r < reduced && best == best; r++) { \
          const T a = from[r * inner]; \
          if (a != a || (maximum ? a > best : a < best)) { \
            best = a; \
            position = r; \
          } \
        } \
        out[o * inner + i] = position; \
      } \
    } \
  }
ARG_REDUCE(int8, int8_t)
ARG_REDUCE(int16, int16_t)
ARG_REDUCE(int32, int32_t)
ARG_REDUCE(int64, int64_t)
ARG_REDUCE(uint8, uint8_t)
ARG_REDUCE(uint16, uint16_t)
ARG_REDUCE(uint32, uint32_t)
ARG_REDUCE(uint64, uint64_t)
ARG_REDUCE(float32, float)
ARG_REDUCE(float64, double)

bool aviary_arg_reduce(
  bool maximum, aviary_dtype type, intptr_t outer, intptr_t reduced, intptr_t inner, const void *x, int64_t *out
) {
  switch (type) {
#define CASE(S, NAME) case AVIARY_##NAME: arg_reduce_##S(maximum, outer, reduced, inner, x, out); return true;
    CASE(uint8, BOOL)
    CASE(int8, INT8)
    CASE(int16, INT16)
    CASE(int32, INT32)
    CASE(int64, INT64)
    CASE(uint8, UINT8)
    CASE(uint16, UINT16)
    CASE(uint32, UINT32)
    CASE(uint64, UINT64)
    CASE(float32, FLOAT32)
    CASE(float64, FLOAT64)
#undef CASE
    default: return false;
  }
}

#define CUMULATIVE(T) \
  for (intptr_t o = 0; o < outer; o++) { \
    for (intptr_t i = 0; i < inner; i++) { \
      T sum = 0; \
      for (intptr_t r = 0; r < reduced; r++) { \
        const intptr_t at = (o * reduced + r) * inner + i; \
        sum = (T)(sum + ((const T *)x)[at]); \
        ((T *)out)[at] = sum; \
      } \
    } \
  } \
  return true;

bool aviary_cumulative_sum(
  aviary_dtype type, intptr_t outer, intptr_t reduced, intptr_t inner, const void *x, void *out
) {
  switch (type) {
    case AVIARY_INT8: case AVIARY_UINT8: CUMULATIVE(uint8_t)
    case AVIARY_INT16: case AVIARY_UINT16: CUMULATIVE(uint16_t)
    case AVIARY_INT32: case AVIARY_UINT32: CUMULATIVE(uint32_t)
    case AVIARY_INT64: case AVIARY_UINT64: CUMULATIVE(uint64_t)
    case AVIARY_FLOAT32: CUMULATIVE(float)
    case AVIARY_FLOAT64: CUMULATIVE(double)
    default: return false;
  }
}

#define ALL_FINITE(T, U, EXPONENT) \
  { \
    bool bad = false; \
    for (intptr_t i = 0; i < n; i++) bad |= (((const U *)x)[i] & (U)(EXPONENT)) == (U)(EXPONENT); \
    return !bad; \
  }

bool aviary_all_finite(aviary_dtype type, intptr_t n, const void *x) {
  switch (type) {
    case AVIARY_FLOAT16: ALL_FINITE(_, uint16_t, 0x7C00)
    case AVIARY_BFLOAT16: ALL_FINITE(_, uint16_t, 0x7F80)
    case AVIARY_FLOAT32: ALL_FINITE(_, uint32_t, 0x7F800000)
    case AVIARY_FLOAT64: ALL_FINITE(_, uint64_t, 0x7FF0000000000000)
    default: return true;
  }
}

#define MOMENTS(S, T) \
  void aviary_moments_##S(intptr_t rows, intptr_t columns, const T *x, T *mean, T *variance) { \
    for (intptr_t c = 0; c < columns; c++) { \
      double sum = 0, squares = 0; \
      for (intptr_t r = 0; r < rows; r++) sum += (double)x[r * columns + c]; \
      const double centre = sum / (double)rows; \
      for (intptr_t r = 0; r < rows; r++) { \
        const double deviation = (double)x[r * columns + c] - centre; \
        squares += deviation * deviation; \
      } \
      mean[c] = (T)centre; \
      variance[c] = (T)(squares / (double)rows); \
    } \
  }
MOMENTS(f32, float)
MOMENTS(f64, double)
