// Elementwise kernels of one float type.

/// Cheap functions: whole vectors, four per iteration, then the rest.
#define EACH(EXPRESSION) \
  { \
    T *y = y_; \
    intptr_t i = 0; \
    if (stream) { \
      for (; i + COUNT <= n; i += COUNT) { \
        const V a = VF(load)(x + i); \
        __builtin_nontemporal_store((V)(EXPRESSION), (V *)(y + i)); \
      } \
      stream_fence(); \
    } \
    _Pragma("clang loop unroll_count(4)") \
    for (; i + COUNT <= n; i += COUNT) { \
      const V a = VF(load)(x + i); \
      VF(store)(y + i, (EXPRESSION)); \
    } \
    if (i < n) { \
      const V a = VF(load_partial)(x + i, n - i); \
      VF(store_partial)(y + i, (EXPRESSION), n - i); \
    } \
    return true; \
  }

/// Expensive functions: one copy of the code.
#define EACH_DEAR(EXPRESSION) \
  { \
    T *y = y_; \
    for (intptr_t i = 0; i < n; i += COUNT) { \
      const V a = FN(load)(x + i, n - i); \
      FN(store)(y + i, (EXPRESSION), n - i); \
    } \
    return true; \
  }

#define EACH_BOOL(EXPRESSION) \
  { \
    bool *y = y_; \
    for (intptr_t i = 0; i < n; i++) { \
      const T a = x[i]; \
      y[i] = (EXPRESSION); \
    } \
    return true; \
  }

static bool FN(unary)(aviary_unary_op op, intptr_t n, const void *x_, void *y_, double parameter, bool stream) {
  const T *x = x_;
  const T slope = (T)parameter;
  const V one = VF(set)(1), zero = VF(set)(0);
  switch (op) {
    case AVIARY_UNARY_NEGATE: EACH(-a)
    case AVIARY_UNARY_ABS: EACH(VF(abs)(a))
    case AVIARY_UNARY_SIGN: EACH(FN(sign)(a))
    case AVIARY_UNARY_RECIPROCAL: EACH(one / a)
    case AVIARY_UNARY_SQUARE: EACH(a * a)
    case AVIARY_UNARY_ROUND: EACH(FN(round)(a))
    case AVIARY_UNARY_FLOOR: EACH(FN(floor)(a))
    case AVIARY_UNARY_CEIL: EACH(FN(ceil)(a))
    case AVIARY_UNARY_SQRT: EACH(FN(sqrt)(a))
    case AVIARY_UNARY_RSQRT: EACH(one / FN(sqrt)(a))
    case AVIARY_UNARY_EXP: EACH_DEAR(VF(exp)(a))
    case AVIARY_UNARY_EXPM1: EACH_DEAR(VF(expm1)(a))
    case AVIARY_UNARY_LOG: EACH_DEAR(VF(log)(a))
    case AVIARY_UNARY_LOG1P: EACH_DEAR(VF(log1p)(a))
    case AVIARY_UNARY_SIN: EACH_DEAR(VF(sin)(a))
    case AVIARY_UNARY_COS: EACH_DEAR(VF(cos)(a))
    case AVIARY_UNARY_TANH: EACH_DEAR(VF(tanh)(a))
    case AVIARY_UNARY_SIGMOID: EACH_DEAR(VF(sigmoid)(a))
    case AVIARY_UNARY_RELU: EACH(FN(relu)(a))
    case AVIARY_UNARY_LEAKY_RELU: EACH(a > (T)0 ? a : a * slope)
    case AVIARY_UNARY_SOFTPLUS: EACH_DEAR(FN(softplus)(a))
    case AVIARY_UNARY_LOG_SIGMOID: EACH_DEAR(-FN(softplus)(-a))
    case AVIARY_UNARY_STEP: EACH(a >= (T)0 ? one : zero)
    case AVIARY_UNARY_IS_NAN: EACH_BOOL(a != a)
    case AVIARY_UNARY_IS_FINITE: EACH_BOOL(a - a == 0)
    case AVIARY_UNARY_ERF: EACH_DEAR(VF(erf)(a))
    case AVIARY_UNARY_NORMAL_CDF: EACH_DEAR(VF(normal_cdf)(a))
    case AVIARY_UNARY_NORMAL_DENSITY: EACH_DEAR(VF(normal_density)(a))
    default: return false;
  }
}

#undef EACH
#undef EACH_DEAR
#undef EACH_BOOL

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

#define LOOP(LOAD_A, LOAD_B, EXPRESSION) \
  { \
    intptr_t i = 0; \
    if (stream) { \
      for (; i + COUNT <= n; i += COUNT) { \
        const V a = LOAD_A(load), b = LOAD_B(load); \
        __builtin_nontemporal_store((V)(EXPRESSION), (V *)(out + i)); \
      } \
      stream_fence(); \
    } \
    _Pragma("clang loop unroll_count(4)") \
    for (; i + COUNT <= n; i += COUNT) { \
      const V a = LOAD_A(load), b = LOAD_B(load); \
      VF(store)(out + i, (EXPRESSION)); \
    } \
    if (i < n) { \
      const V a = LOAD_A(load_partial, , n - i), b = LOAD_B(load_partial, , n - i); \
      VF(store_partial)(out + i, (EXPRESSION), n - i); \
    } \
  }
#define X_VECTOR(LOAD, ...) VF(LOAD)(x + i __VA_ARGS__)
#define Y_VECTOR(LOAD, ...) VF(LOAD)(y + i __VA_ARGS__)
#define X_ELEMENT(...) x_element
#define Y_ELEMENT(...) y_element

#define PAIRS(EXPRESSION) \
  { \
    T *out = out_; \
    if (x_stride == 0) { \
      const V x_element = VF(set)(*x); \
      LOOP(X_ELEMENT, Y_VECTOR, EXPRESSION) \
    } else if (y_stride == 0) { \
      const V y_element = VF(set)(*y); \
      LOOP(X_VECTOR, Y_ELEMENT, EXPRESSION) \
    } else { \
      LOOP(X_VECTOR, Y_VECTOR, EXPRESSION) \
    } \
    return true; \
  }

#define PAIRS_DEAR(EXPRESSION) \
  { \
    T *out = out_; \
    for (intptr_t i = 0; i < n; i += COUNT) { \
      const V a = x_stride ? FN(load)(x + i, n - i) : VF(set)(*x); \
      const V b = y_stride ? FN(load)(y + i, n - i) : VF(set)(*y); \
      FN(store)(out + i, (EXPRESSION), n - i); \
    } \
    return true; \
  }

#define PAIRS_BY_ELEMENT(T_OUT, EXPRESSION) \
  { \
    T_OUT *out = out_; \
    if (x_stride == 0) { \
      const T a = *x; \
      for (intptr_t i = 0; i < n; i++) { \
        const T b = y[i]; \
        out[i] = (EXPRESSION); \
      } \
    } else if (y_stride == 0) { \
      const T b = *y; \
      for (intptr_t i = 0; i < n; i++) { \
        const T a = x[i]; \
        out[i] = (EXPRESSION); \
      } \
    } else { \
      for (intptr_t i = 0; i < n; i++) { \
        const T a = x[i], b = y[i]; \
        out[i] = (EXPRESSION); \
      } \
    } \
    return true; \
  }

static bool FN(binary)(
  aviary_binary_op op, intptr_t n, const void *x_, intptr_t x_stride, const void *y_, intptr_t y_stride, void *out_,
  bool stream
) {
  const T *x = x_, *y = y_;
  switch (op) {
    case AVIARY_BINARY_ADD: PAIRS(a + b)
    case AVIARY_BINARY_SUBTRACT: PAIRS(a - b)
    case AVIARY_BINARY_MULTIPLY: PAIRS(a * b)
    case AVIARY_BINARY_DIVIDE: PAIRS(a / b)
    case AVIARY_BINARY_MINIMUM: PAIRS(FN(min)(a, b))
    case AVIARY_BINARY_MAXIMUM: PAIRS(FN(max)(a, b))
    case AVIARY_BINARY_POW: PAIRS_DEAR(VF(pow)(a, b))
    case AVIARY_BINARY_FLOOR_MOD: PAIRS_BY_ELEMENT(T, FN(modulo)(a, b))
    case AVIARY_BINARY_INTEGER_DIVIDE: PAIRS_BY_ELEMENT(T, FN(integer_divide)(a, b))
    case AVIARY_BINARY_EQUAL: PAIRS_BY_ELEMENT(bool, a == b)
    case AVIARY_BINARY_NOT_EQUAL: PAIRS_BY_ELEMENT(bool, a != b)
    case AVIARY_BINARY_LESS: PAIRS_BY_ELEMENT(bool, a < b)
    case AVIARY_BINARY_LESS_EQUAL: PAIRS_BY_ELEMENT(bool, a <= b)
    case AVIARY_BINARY_GREATER: PAIRS_BY_ELEMENT(bool, a > b)
    case AVIARY_BINARY_GREATER_EQUAL: PAIRS_BY_ELEMENT(bool, a >= b)
    default: return false;
  }
}

#undef LOOP
#undef X_VECTOR
#undef Y_VECTOR
#undef X_ELEMENT
#undef Y_ELEMENT
#undef PAIRS
#undef PAIRS_DEAR
#undef PAIRS_BY_ELEMENT

static void FN(scale)(intptr_t n, double scale, double constant, const void *x_, void *y_) {
  const T *x = x_;
  T *y = y_;
  const V factor = VF(set)((T)scale), sum = VF(set)((T)constant);
  for (intptr_t i = 0; i < n; i += COUNT) {
    FN(store)(y + i, VF(fma)(FN(load)(x + i, n - i), factor, sum), n - i);
  }
}

static void FN(axpy)(intptr_t n, double scale, const void *x_, void *y_) {
  const T *x = x_;
  T *y = y_;
  const V factor = VF(set)((T)scale);
  for (intptr_t i = 0; i < n; i += COUNT) {
    FN(store)(y + i, VF(fma)(FN(load)(x + i, n - i), factor, FN(load)(y + i, n - i)), n - i);
  }
}
