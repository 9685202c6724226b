// Elementwise kernels of one float type: T, FN(name) and LIBM(name) are defined by the file that includes this.

#define EACH(T_OUT, EXPRESSION) \
  { \
    T_OUT *out = y_; \
    for (intptr_t i = 0; i < n; i++) { \
      const T a = x[i]; \
      out[i] = (T_OUT)(EXPRESSION); \
    } \
    return true; \
  }

static inline T FN(sigmoid)(T a) {
  const T e = LIBM(exp)(-LIBM(fabs)(a));
  return (a >= 0 ? (T)1 : e) / ((T)1 + e);
}

static inline T FN(softplus)(T a) {
  return (a > 0 ? a : a == a ? (T)0 : a) + LIBM(log1p)(LIBM(exp)(-LIBM(fabs)(a)));
}

static bool FN(unary)(aviary_unary_op op, intptr_t n, const void *x_, void *y_, double parameter) {
  const T *x = x_;
  const T slope = (T)parameter;
  switch (op) {
    case AVIARY_UNARY_NEGATE: EACH(T, -a)
    case AVIARY_UNARY_ABS: EACH(T, LIBM(fabs)(a))
    case AVIARY_UNARY_SIGN: EACH(T, a > 0 ? 1 : a < 0 ? -1 : a)
    case AVIARY_UNARY_RECIPROCAL: EACH(T, (T)1 / a)
    case AVIARY_UNARY_SQUARE: EACH(T, a * a)
    case AVIARY_UNARY_ROUND: EACH(T, LIBM(rint)(a))
    case AVIARY_UNARY_FLOOR: EACH(T, LIBM(floor)(a))
    case AVIARY_UNARY_CEIL: EACH(T, LIBM(ceil)(a))
    case AVIARY_UNARY_SQRT: EACH(T, LIBM(sqrt)(a))
    case AVIARY_UNARY_RSQRT: EACH(T, (T)1 / LIBM(sqrt)(a))
    case AVIARY_UNARY_EXP: EACH(T, LIBM(exp)(a))
    case AVIARY_UNARY_EXPM1: EACH(T, LIBM(expm1)(a))
    case AVIARY_UNARY_LOG: EACH(T, LIBM(log)(a))
    case AVIARY_UNARY_LOG1P: EACH(T, LIBM(log1p)(a))
    case AVIARY_UNARY_SIN: EACH(T, LIBM(sin)(a))
    case AVIARY_UNARY_COS: EACH(T, LIBM(cos)(a))
    case AVIARY_UNARY_TANH: EACH(T, LIBM(tanh)(a))
    case AVIARY_UNARY_SIGMOID: EACH(T, FN(sigmoid)(a))
    case AVIARY_UNARY_RELU: EACH(T, a < 0 ? 0 : a)
    case AVIARY_UNARY_LEAKY_RELU: EACH(T, a > 0 ? a : slope * a)
    case AVIARY_UNARY_SOFTPLUS: EACH(T, FN(softplus)(a))
    case AVIARY_UNARY_LOG_SIGMOID: EACH(T, -FN(softplus)(-a))
    case AVIARY_UNARY_STEP: EACH(T, a >= 0)
    case AVIARY_UNARY_IS_NAN: EACH(bool, a != a)
    case AVIARY_UNARY_IS_FINITE: EACH(bool, a - a == 0)
    case AVIARY_UNARY_ERF: EACH(T, LIBM(erf)(a))
    default: return false;
  }
}

static inline T FN(modulo)(T a, T b) {
  if (b == 0) return (T)NAN;
  const T rest = LIBM(fmod)(a, b);
  if (rest == 0) return LIBM(copysign)(0, b);
  return (rest < 0) != (b < 0) ? rest + b : rest;
}

static inline T FN(integer_divide)(T a, T b) {
  if (b == 0) return a / b;
  const T rest = LIBM(fmod)(a, b);
  T quotient = (a - rest) / b;
  if (rest != 0 && (rest < 0) != (b < 0)) quotient -= 1;
  if (quotient == 0) return LIBM(copysign)(0, a / b);
  const T floored = LIBM(floor)(quotient);
  return quotient - floored > (T)0.5 ? floored + 1 : floored;
}

#define PAIRS(T_OUT, EXPRESSION) \
  { \
    T_OUT *out = out_; \
    if (x_stride == 0) { \
      const T a = *x; \
      for (intptr_t i = 0; i < n; i++) { \
        const T b = y[i]; \
        out[i] = (T_OUT)(EXPRESSION); \
      } \
    } else if (y_stride == 0) { \
      const T b = *y; \
      for (intptr_t i = 0; i < n; i++) { \
        const T a = x[i]; \
        out[i] = (T_OUT)(EXPRESSION); \
      } \
    } else { \
      for (intptr_t i = 0; i < n; i++) { \
        const T a = x[i], b = y[i]; \
        out[i] = (T_OUT)(EXPRESSION); \
      } \
    } \
    return true; \
  }

static bool FN(binary)(
  aviary_binary_op op, intptr_t n, const void *x_, intptr_t x_stride, const void *y_, intptr_t y_stride, void *out_
) {
  const T *x = x_, *y = y_;
  switch (op) {
    case AVIARY_BINARY_ADD: PAIRS(T, a + b)
    case AVIARY_BINARY_SUBTRACT: PAIRS(T, a - b)
    case AVIARY_BINARY_MULTIPLY: PAIRS(T, a * b)
    case AVIARY_BINARY_DIVIDE: PAIRS(T, a / b)
    case AVIARY_BINARY_FLOOR_MOD: PAIRS(T, FN(modulo)(a, b))
    case AVIARY_BINARY_POW: PAIRS(T, LIBM(pow)(a, b))
    case AVIARY_BINARY_MINIMUM: PAIRS(T, a != a || a < b ? a : b)
    case AVIARY_BINARY_MAXIMUM: PAIRS(T, a != a || a > b ? a : b)
    case AVIARY_BINARY_EQUAL: PAIRS(bool, a == b)
    case AVIARY_BINARY_NOT_EQUAL: PAIRS(bool, a != b)
    case AVIARY_BINARY_LESS: PAIRS(bool, a < b)
    case AVIARY_BINARY_LESS_EQUAL: PAIRS(bool, a <= b)
    case AVIARY_BINARY_GREATER: PAIRS(bool, a > b)
    case AVIARY_BINARY_GREATER_EQUAL: PAIRS(bool, a >= b)
    case AVIARY_BINARY_INTEGER_DIVIDE: PAIRS(T, FN(integer_divide)(a, b))
    default: return false;
  }
}

#undef EACH
#undef PAIRS
