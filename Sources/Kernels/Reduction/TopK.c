// The k largest elements of rows, by a heap of the k best so far.

#include "../Kernels.h"
#include "../Numbers.h"

#define TOP_K(S, T) \
  /* Whether element `a` at column `i` comes before `b` at column `j`: NaN first, then larger, then earlier. */ \
  static inline bool precedes_##S(T a, int64_t i, T b, int64_t j) { \
    if (a != a || b != b) return a != a && (b == b || i < j); \
    return a > b || (a == b && i < j); \
  } \
  /* Restores the heap, whose root comes last in order, after its element at `at` changed. */ \
  static void sift_##S(T *values, int64_t *indices, intptr_t count, intptr_t at) { \
    const T value = values[at]; \
    const int64_t index = indices[at]; \
    for (;;) { \
      intptr_t child = 2 * at + 1; \
      if (child >= count) break; \
      if (child + 1 < count && precedes_##S(values[child], indices[child], values[child + 1], indices[child + 1])) { \
        child++; \
      } \
      if (!precedes_##S(value, index, values[child], indices[child])) break; \
      values[at] = values[child]; \
      indices[at] = indices[child]; \
      at = child; \
    } \
    values[at] = value; \
    indices[at] = index; \
  } \
  static void top_k_##S(intptr_t columns, intptr_t k, const T *x, T *values, int64_t *indices) { \
    for (intptr_t i = 0; i < k; i++) { \
      values[i] = x[i]; \
      indices[i] = i; \
    } \
    for (intptr_t i = k / 2 - 1; i >= 0; i--) sift_##S(values, indices, k, i); \
    for (intptr_t i = k; i < columns && k > 0; i++) { \
      if (precedes_##S(x[i], i, values[0], indices[0])) { \
        values[0] = x[i]; \
        indices[0] = i; \
        sift_##S(values, indices, k, 0); \
      } \
    } \
    for (intptr_t last = k - 1; last > 0; last--) { \
      const T value = values[last]; \
      const int64_t index = indices[last]; \
      values[last] = values[0]; \
      indices[last] = indices[0]; \
      values[0] = value; \
      indices[0] = index; \
      sift_##S(values, indices, last, 0); \
    } \
  }
#define INTEGER_TOP_K(S, T, U, MIN, MAX) TOP_K(S, T)
FOR_INTEGERS(INTEGER_TOP_K)
TOP_K(float32, float)
TOP_K(float64, double)

bool aviary_top_k(
  aviary_dtype type, intptr_t rows, intptr_t columns, intptr_t k, const void *x, void *values, int64_t *indices
) {
  switch (type) {
#define CASE(S, NAME, T) \
  case AVIARY_##NAME: \
    for (intptr_t r = 0; r < rows; r++) { \
      top_k_##S(columns, k, (const T *)x + r * columns, (T *)values + r * k, indices + r * k); \
    } \
    return true;
    CASE(int8, INT8, int8_t)
    CASE(int16, INT16, int16_t)
    CASE(int32, INT32, int32_t)
    CASE(int64, INT64, int64_t)
    CASE(uint8, UINT8, uint8_t)
    CASE(uint16, UINT16, uint16_t)
    CASE(uint32, UINT32, uint32_t)
    CASE(uint64, UINT64, uint64_t)
    CASE(float32, FLOAT32, float)
    CASE(float64, FLOAT64, double)
#undef CASE
    default: return false;
  }
}
