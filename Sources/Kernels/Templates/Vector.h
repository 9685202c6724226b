// Vectors of the width that the including file's instruction set has. Not for use outside Sources/Kernels.
//
// A file in InstructionSets/ names its instruction set and then includes templates such as this one:
//
//     #include "../Templates/Begin.AVX512.h"   // or Begin.AVX2.h, Begin.Baseline.h: target attribute, AVIARY_* macros
//     #include "../Templates/Vector.h"
//     #include "../Templates/VectorMath.h"
//     … templates, then `const` tables of pointers to their functions …
//     #include "../Templates/End.h"
//
// Everything here is static and inlined, so each file has its own copy under the same names. AVIARY_VECTOR_BYTES is
// 16, 32 or 64; AVIARY_HAS_FMA says that fused multiply-adds exist, AVIARY_ISA_LEVEL which instruction set it is
// (0 baseline, 1 AVX2, 2 AVX-512).
//
// Types: vf32, vf64, vi32, vi64, vu32, vu64 are full vectors with the operators of clang's vector extensions:
// arithmetic, comparison (giving a vi32 or vi64 of 0 and −1) and `mask ? a : b` element by element.
#pragma once

#include <stdint.h>

#define AVIARY_INLINE static inline __attribute__((always_inline, unused))

enum { vf32_count = AVIARY_VECTOR_BYTES / 4, vf64_count = AVIARY_VECTOR_BYTES / 8 };

typedef float vf32 __attribute__((ext_vector_type(AVIARY_VECTOR_BYTES / 4)));
typedef double vf64 __attribute__((ext_vector_type(AVIARY_VECTOR_BYTES / 8)));
typedef int32_t vi32 __attribute__((ext_vector_type(AVIARY_VECTOR_BYTES / 4)));
// `long`, not int64_t: that is what a comparison of doubles gives, and Darwin's int64_t is another type.
typedef long vi64 __attribute__((ext_vector_type(AVIARY_VECTOR_BYTES / 8)));
typedef uint32_t vu32 __attribute__((ext_vector_type(AVIARY_VECTOR_BYTES / 4)));
typedef unsigned long vu64 __attribute__((ext_vector_type(AVIARY_VECTOR_BYTES / 8)));

// Loads and stores at any address.
AVIARY_INLINE vf32 vf32_load(const float *p) {
  vf32 v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
AVIARY_INLINE void vf32_store(float *p, vf32 v) { __builtin_memcpy(p, &v, sizeof v); }
AVIARY_INLINE vf64 vf64_load(const double *p) {
  vf64 v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
AVIARY_INLINE void vf64_store(double *p, vf64 v) { __builtin_memcpy(p, &v, sizeof v); }

// All elements alike.
AVIARY_INLINE vf32 vf32_set(float x) { return (vf32)(x); }
AVIARY_INLINE vf64 vf64_set(double x) { return (vf64)(x); }
AVIARY_INLINE vi32 vi32_set(int32_t x) { return (vi32)(x); }
AVIARY_INLINE vi64 vi64_set(int64_t x) { return (vi64)(x); }

// The first `count` elements (0 … full), the others 0; and the store that leaves what follows untouched.
#if AVIARY_ISA_LEVEL == 2
AVIARY_INLINE vf32 vf32_load_partial(const float *p, intptr_t count) {
  return (vf32)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
}
AVIARY_INLINE void vf32_store_partial(float *p, vf32 v, intptr_t count) {
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), (__m512)v);
}
AVIARY_INLINE vf64 vf64_load_partial(const double *p, intptr_t count) {
  return (vf64)_mm512_maskz_loadu_pd((__mmask8)((1u << count) - 1), p);
}
AVIARY_INLINE void vf64_store_partial(double *p, vf64 v, intptr_t count) {
  _mm512_mask_storeu_pd(p, (__mmask8)((1u << count) - 1), (__m512d)v);
}
#elif AVIARY_ISA_LEVEL == 1
AVIARY_INLINE __m256i vi32_first(intptr_t count) {
  return (__m256i)((vi32){0, 1, 2, 3, 4, 5, 6, 7} < (vi32)((int32_t)count));
}
AVIARY_INLINE __m256i vi64_first(intptr_t count) { return (__m256i)((vi64){0, 1, 2, 3} < (vi64)((int64_t)count)); }
AVIARY_INLINE vf32 vf32_load_partial(const float *p, intptr_t count) {
  return (vf32)_mm256_maskload_ps(p, vi32_first(count));
}
AVIARY_INLINE void vf32_store_partial(float *p, vf32 v, intptr_t count) {
  _mm256_maskstore_ps(p, vi32_first(count), (__m256)v);
}
AVIARY_INLINE vf64 vf64_load_partial(const double *p, intptr_t count) {
  return (vf64)_mm256_maskload_pd(p, vi64_first(count));
}
AVIARY_INLINE void vf64_store_partial(double *p, vf64 v, intptr_t count) {
  _mm256_maskstore_pd(p, vi64_first(count), (__m256d)v);
}
#else
AVIARY_INLINE vf32 vf32_load_partial(const float *p, intptr_t count) {
  vf32 v = (vf32)(0);
  for (intptr_t i = 0; i < vf32_count; i++)
    if (i < count) v[i] = p[i];
  return v;
}
AVIARY_INLINE void vf32_store_partial(float *p, vf32 v, intptr_t count) {
  for (intptr_t i = 0; i < vf32_count; i++)
    if (i < count) p[i] = v[i];
}
AVIARY_INLINE vf64 vf64_load_partial(const double *p, intptr_t count) {
  vf64 v = (vf64)(0);
  for (intptr_t i = 0; i < vf64_count; i++)
    if (i < count) v[i] = p[i];
  return v;
}
AVIARY_INLINE void vf64_store_partial(double *p, vf64 v, intptr_t count) {
  for (intptr_t i = 0; i < vf64_count; i++)
    if (i < count) p[i] = v[i];
}
#endif

// a·b + c, rounded once where AVIARY_HAS_FMA is 1, twice elsewhere.
#if AVIARY_HAS_FMA
AVIARY_INLINE vf32 vf32_fma(vf32 a, vf32 b, vf32 c) { return __builtin_elementwise_fma(a, b, c); }
AVIARY_INLINE vf64 vf64_fma(vf64 a, vf64 b, vf64 c) { return __builtin_elementwise_fma(a, b, c); }
#else
AVIARY_INLINE vf32 vf32_fma(vf32 a, vf32 b, vf32 c) { return a * b + c; }
AVIARY_INLINE vf64 vf64_fma(vf64 a, vf64 b, vf64 c) { return a * b + c; }
#endif

// The larger and the smaller; where either is NaN, the second.
AVIARY_INLINE vf32 vf32_max(vf32 a, vf32 b) { return a > b ? a : b; }
AVIARY_INLINE vf32 vf32_min(vf32 a, vf32 b) { return a < b ? a : b; }
AVIARY_INLINE vf64 vf64_max(vf64 a, vf64 b) { return a > b ? a : b; }
AVIARY_INLINE vf64 vf64_min(vf64 a, vf64 b) { return a < b ? a : b; }

// The bits of a vector as another type (a cast between vector types of one size does the same).
AVIARY_INLINE vi32 vf32_bits(vf32 x) { return (vi32)x; }
AVIARY_INLINE vf32 vi32_floats(vi32 x) { return (vf32)x; }
AVIARY_INLINE vi64 vf64_bits(vf64 x) { return (vi64)x; }
AVIARY_INLINE vf64 vi64_doubles(vi64 x) { return (vf64)x; }

AVIARY_INLINE vf32 vf32_abs(vf32 x) { return (vf32)((vi32)x & 0x7fffffff); }
AVIARY_INLINE vf64 vf64_abs(vf64 x) { return (vf64)((vi64)x & INT64_MAX); }
// `magnitude` (not negative) with the sign of `sign`.
AVIARY_INLINE vf32 vf32_with_sign(vf32 magnitude, vf32 sign) {
  return (vf32)((vi32)magnitude | ((vi32)sign & INT32_MIN));
}
AVIARY_INLINE vf64 vf64_with_sign(vf64 magnitude, vf64 sign) {
  return (vf64)((vi64)magnitude | ((vi64)sign & INT64_MIN));
}

// The sum of all elements, halves added pairwise: the same order for a given vector width.
AVIARY_INLINE float vf32_sum(vf32 v) {
  float x[vf32_count];
  __builtin_memcpy(x, &v, sizeof v);
  for (int half = vf32_count / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++) x[i] += x[i + half];
  return x[0];
}
AVIARY_INLINE double vf64_sum(vf64 v) {
  double x[vf64_count];
  __builtin_memcpy(x, &v, sizeof v);
  for (int half = vf64_count / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++) x[i] += x[i + half];
  return x[0];
}
