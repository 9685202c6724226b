// Shared by all templates of one element type: loads and stores of whole or partial vectors, selection with NaN.

/// The first `count` elements, or a full vector if there are more.
AVIARY_INLINE V FN(load)(const T *p, intptr_t count) {
  return count >= COUNT ? VF(load)(p) : VF(load_partial)(p, count);
}

AVIARY_INLINE void FN(store)(T *p, V v, intptr_t count) {
  if (count >= COUNT) {
    VF(store)(p, v);
  } else {
    VF(store_partial)(p, v, count);
  }
}

/// The larger; NaN if either is.
AVIARY_INLINE V FN(max)(V a, V b) { return ((a > b) | (a != a)) ? a : b; }

/// The smaller; NaN if either is.
AVIARY_INLINE V FN(min)(V a, V b) { return ((a < b) | (a != a)) ? a : b; }

AVIARY_INLINE V FN(sqrt)(V a) { return __builtin_elementwise_sqrt(a); }

AVIARY_INLINE V FN(sign)(V a) {
  return a > (T)0 ? VF(set)(1) : (a < (T)0 ? VF(set)(-1) : a);
}

AVIARY_INLINE V FN(relu)(V a) { return a < (T)0 ? VF(set)(0) : a; }

AVIARY_INLINE V FN(softplus)(V a) { return FN(relu)(a) + VF(log1p)(VF(exp)(-VF(abs)(a))); }

/// A function of the C library, element by element, for rare cases.
#define BY_ELEMENT(NAME, V_, COUNT_, CALL) \
  AVIARY_INLINE V_ NAME(V_ a) { \
    V_ result = a; \
    for (int i = 0; i < COUNT_; i++) result[i] = CALL(a[i]); \
    return result; \
  }

#if AVIARY_ISA_LEVEL > 0 || defined(__aarch64__)
AVIARY_INLINE V FN(round)(V a) { return __builtin_elementwise_roundeven(a); }
AVIARY_INLINE V FN(floor)(V a) { return __builtin_elementwise_floor(a); }
AVIARY_INLINE V FN(ceil)(V a) { return __builtin_elementwise_ceil(a); }
#else
BY_ELEMENT(FN(round), V, COUNT, LIBM(rint))
BY_ELEMENT(FN(floor), V, COUNT, LIBM(floor))
BY_ELEMENT(FN(ceil), V, COUNT, LIBM(ceil))
#endif

// Combines the elements of a vector, halves first, so that the order depends only on the vector's width.
#define HALVE(FROM, TO, EXPRESSION) \
  const __auto_type TO = ({ \
    const __auto_type a = FROM.lo; \
    const __auto_type b = FROM.hi; \
    (EXPRESSION); \
  });
#undef FOLD
#if AVIARY_VECTOR_BYTES / (IS_FLOAT ? 4 : 8) == 16
#define FOLD(E) HALVE(v, v8, E) HALVE(v8, v4, E) HALVE(v4, v2, E) HALVE(v2, v1, E)
#elif AVIARY_VECTOR_BYTES / (IS_FLOAT ? 4 : 8) == 8
#define FOLD(E) HALVE(v, v4, E) HALVE(v4, v2, E) HALVE(v2, v1, E)
#elif AVIARY_VECTOR_BYTES / (IS_FLOAT ? 4 : 8) == 4
#define FOLD(E) HALVE(v, v2, E) HALVE(v2, v1, E)
#else
#define FOLD(E) HALVE(v, v1, E)
#endif
#define FOLDED(NAME, EXPRESSION) \
  AVIARY_INLINE T FN(NAME)(V v) { \
    FOLD(EXPRESSION) \
    return v1; \
  }
/// The sum; the product; the largest element, NaN if one is; the smallest; the largest, any if one is NaN.
FOLDED(sum_of, a + b)
FOLDED(product_of, a * b)
FOLDED(max_of, ((a > b) | (a != a)) ? a : b)
FOLDED(min_of, ((a < b) | (a != a)) ? a : b)
FOLDED(largest_of, a > b ? a : b)
#undef HALVE
#undef FOLDED

/// The first `count` elements of `v`, the others replaced.
AVIARY_INLINE V FN(first)(V v, intptr_t count, T other) {
  I lanes;
  __builtin_memcpy(&lanes, IS_FLOAT ? (const void *)lane_numbers_32 : (const void *)lane_numbers_64, sizeof lanes);
  return lanes < (I)(IS_FLOAT ? (int32_t)count : count) ? v : VF(set)(other);
}
