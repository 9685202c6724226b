// Elementwise kernels for bool and the integers, compiled only for the baseline, because no hot loop uses integers.

#include "../Kernels.h"
#include "../Numbers.h"

#define EACH(T_OUT, EXPRESSION) \
  { \
    T_OUT *out = y_; \
    for (intptr_t i = 0; i < n; i++) { \
      const element a = x[i]; \
      out[i] = (T_OUT)(EXPRESSION); \
    } \
    return true; \
  }

#define UNARY(SUFFIX, T, U, NEGATIVE) \
  static bool unary_##SUFFIX(aviary_unary_op op, intptr_t n, const void *x_, void *y_, double parameter, bool stream) { \
    typedef T element; \
    const element *x = x_; \
    (void)parameter; \
    (void)stream; \
    switch (op) { \
      case AVIARY_UNARY_NEGATE: EACH(element, (U)0 - (U)a) \
      case AVIARY_UNARY_ABS: EACH(element, NEGATIVE(a) ? (U)0 - (U)a : (U)a) \
      case AVIARY_UNARY_SIGN: EACH(element, (a != 0) - 2 * NEGATIVE(a)) \
      case AVIARY_UNARY_SQUARE: EACH(element, (uint64_t)a * (uint64_t)a) \
      case AVIARY_UNARY_ROUND: \
      case AVIARY_UNARY_FLOOR: \
      case AVIARY_UNARY_CEIL: EACH(element, a) \
      case AVIARY_UNARY_RELU: EACH(element, NEGATIVE(a) ? 0 : a) \
      case AVIARY_UNARY_STEP: EACH(element, !NEGATIVE(a)) \
      case AVIARY_UNARY_IS_NAN: EACH(bool, ((void)a, false)) \
      case AVIARY_UNARY_IS_FINITE: EACH(bool, ((void)a, true)) \
      default: return false; \
    } \
  }

#define IS_NEGATIVE(a) ((a) < 0)
#define IS_NEVER_NEGATIVE(a) ((void)(a), 0)
#define SIGNED_UNARY(SUFFIX, T, U, MIN, MAX) UNARY(SUFFIX, T, U, IS_NEGATIVE)
#define UNSIGNED_UNARY(SUFFIX, T, U, MIN, MAX) UNARY(SUFFIX, T, U, IS_NEVER_NEGATIVE)
FOR_SIGNED(SIGNED_UNARY)
FOR_UNSIGNED(UNSIGNED_UNARY)

static bool unary_bool(aviary_unary_op op, intptr_t n, const void *x, void *y, double parameter, bool stream) {
  (void)parameter;
  (void)stream;
  if (op != AVIARY_UNARY_NOT) return false;
  for (intptr_t i = 0; i < n; i++) ((uint8_t *)y)[i] = ((const uint8_t *)x)[i] == 0;
  return true;
}

// Division rounds toward -∞ and never traps: by zero it gives 0, and -MIN wraps.
#define SIGNED_DIVISION(SUFFIX, T, U, MIN, MAX) \
  static inline T divide_##SUFFIX(T a, T b) { \
    if (b == 0) return 0; \
    if (b == -1) return (T)((U)0 - (U)a); \
    const T quotient = (T)(a / b); \
    return (T)(quotient - (a % b != 0 && (a < 0) != (b < 0))); \
  } \
  static inline T modulo_##SUFFIX(T a, T b) { \
    if (b == 0 || b == -1) return 0; \
    const T rest = (T)(a % b); \
    return (T)(rest != 0 && (a < 0) != (b < 0) ? rest + b : rest); \
  } \
  static inline T power_##SUFFIX(T a, T b) { \
    if (b < 0) return (T)(a == 1 ? 1 : a == -1 ? (b & 1 ? -1 : 1) : 0); \
    uint64_t result = 1, base = (uint64_t)a; \
    for (uint64_t e = (uint64_t)b; e; e >>= 1, base *= base) \
      if (e & 1) result *= base; \
    return (T)result; \
  }
#define UNSIGNED_DIVISION(SUFFIX, T, U, MIN, MAX) \
  static inline T divide_##SUFFIX(T a, T b) { return b == 0 ? 0 : (T)(a / b); } \
  static inline T modulo_##SUFFIX(T a, T b) { return b == 0 ? 0 : (T)(a % b); } \
  static inline T power_##SUFFIX(T a, T b) { \
    uint64_t result = 1, base = a; \
    for (uint64_t e = b; e; e >>= 1, base *= base) \
      if (e & 1) result *= base; \
    return (T)result; \
  }
FOR_SIGNED(SIGNED_DIVISION)
FOR_UNSIGNED(UNSIGNED_DIVISION)

#define PAIRS(T_OUT, EXPRESSION) \
  { \
    T_OUT *out = out_; \
    if (x_stride == 0) { \
      const element a = *x; \
      for (intptr_t i = 0; i < n; i++) { \
        const element b = y[i]; \
        out[i] = (T_OUT)(EXPRESSION); \
      } \
    } else if (y_stride == 0) { \
      const element b = *y; \
      for (intptr_t i = 0; i < n; i++) { \
        const element a = x[i]; \
        out[i] = (T_OUT)(EXPRESSION); \
      } \
    } else { \
      for (intptr_t i = 0; i < n; i++) { \
        const element a = x[i], b = y[i]; \
        out[i] = (T_OUT)(EXPRESSION); \
      } \
    } \
    return true; \
  }

#define COMPARISONS \
  case AVIARY_BINARY_MINIMUM: PAIRS(element, a < b ? a : b) \
  case AVIARY_BINARY_MAXIMUM: PAIRS(element, a > b ? a : b) \
  case AVIARY_BINARY_EQUAL: PAIRS(bool, a == b) \
  case AVIARY_BINARY_NOT_EQUAL: PAIRS(bool, a != b) \
  case AVIARY_BINARY_LESS: PAIRS(bool, a < b) \
  case AVIARY_BINARY_LESS_EQUAL: PAIRS(bool, a <= b) \
  case AVIARY_BINARY_GREATER: PAIRS(bool, a > b) \
  case AVIARY_BINARY_GREATER_EQUAL: PAIRS(bool, a >= b)

#define BINARY(SUFFIX, T, U, MIN, MAX) \
  static bool binary_##SUFFIX( \
    aviary_binary_op op, intptr_t n, const void *x_, intptr_t x_stride, const void *y_, intptr_t y_stride, \
    void *out_, bool stream \
  ) { \
    (void)stream; \
    typedef T element; \
    const element *x = x_, *y = y_; \
    switch (op) { \
      case AVIARY_BINARY_ADD: PAIRS(element, (U)a + (U)b) \
      case AVIARY_BINARY_SUBTRACT: PAIRS(element, (U)a - (U)b) \
      case AVIARY_BINARY_MULTIPLY: PAIRS(element, (uint64_t)a * (uint64_t)b) \
      case AVIARY_BINARY_FLOOR_MOD: PAIRS(element, modulo_##SUFFIX(a, b)) \
      case AVIARY_BINARY_POW: PAIRS(element, power_##SUFFIX(a, b)) \
      case AVIARY_BINARY_INTEGER_DIVIDE: PAIRS(element, divide_##SUFFIX(a, b)) \
      COMPARISONS \
      default: return false; \
    } \
  }
FOR_INTEGERS(BINARY)

static bool binary_bool(
  aviary_binary_op op, intptr_t n, const void *x_, intptr_t x_stride, const void *y_, intptr_t y_stride, void *out_,
  bool stream
) {
  (void)stream;
  typedef uint8_t element;
  const element *x = x_, *y = y_;
  switch (op) {
    case AVIARY_BINARY_LOGICAL_AND: PAIRS(element, a & b)
    case AVIARY_BINARY_LOGICAL_OR: PAIRS(element, a | b)
    case AVIARY_BINARY_LOGICAL_XOR: PAIRS(element, a ^ b)
    COMPARISONS
    default: return false;
  }
}

unary_kernel *const aviary_integer_unary[13] = {
  unary_bool,  unary_int8,   unary_int16,  unary_int32, unary_int64, unary_uint8,
  unary_uint16, unary_uint32, unary_uint64,
};
binary_kernel *const aviary_integer_binary[13] = {
  binary_bool,   binary_int8,   binary_int16,  binary_int32, binary_int64, binary_uint8,
  binary_uint16, binary_uint32, binary_uint64,
};
