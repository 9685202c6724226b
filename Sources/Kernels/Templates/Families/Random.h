// Philox 4×32-10 on vectors, and the numbers made from its words. No step depends on the vector width, and none is
// contracted, so the same bits come out on every instruction set.
#pragma once

#include "Streaming.h"
#include "../Vector.h"

// Blocks are computed in lanes of 64 bits whose upper halves hold leftovers: a product of the lower halves is then one
// instruction, and its upper half one shift. Several groups of lanes at once hide the latency of the chain.
#if AVIARY_VECTOR_BYTES == 64
enum { philox_groups = 4 };
#else
enum { philox_groups = 2 };
#endif
enum { philox_blocks = philox_groups * vf64_count };

/// The next philox_blocks blocks, four words each.
AVIARY_INLINE void philox_next(uint64_t key, uint64_t stream, uint64_t block, uint32_t *out) {
  const vu64 low = (vu64)(0xFFFFFFFF);
  vu64 c0[philox_groups], c1[philox_groups], c2[philox_groups], c3[philox_groups];
  vu64 lanes;
  __builtin_memcpy(&lanes, lane_numbers_64, sizeof lanes);
  for (int g = 0; g < philox_groups; g++) {
    c0[g] = lanes + (block + (uint64_t)(g * vf64_count));
    c1[g] = c0[g] >> 32;
    c2[g] = (vu64)(stream);
    c3[g] = (vu64)(stream >> 32);
  }
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  _Pragma("clang loop unroll(full)")
  for (int round = 0; round < 10; round++) {
    for (int g = 0; g < philox_groups; g++) {
      const vu64 p0 = (c0[g] & low) * (vu64)(0xD2511F53), p1 = (c2[g] & low) * (vu64)(0xCD9E8D57);
      c0[g] = p1 >> 32 ^ c1[g] ^ (vu64)((uint64_t)k0);
      c1[g] = p1;
      c2[g] = p0 >> 32 ^ c3[g] ^ (vu64)((uint64_t)k1);
      c3[g] = p0;
    }
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  for (int g = 0; g < philox_groups; g++) {
    const vu64 a = (c0[g] & low) | c1[g] << 32, b = (c2[g] & low) | c3[g] << 32;
#if AVIARY_VECTOR_BYTES == 64
    const vu64 first = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
    const vu64 second = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
#elif AVIARY_VECTOR_BYTES == 32
    const vu64 first = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    const vu64 second = __builtin_shufflevector(a, b, 2, 6, 3, 7);
#else
    const vu64 first = __builtin_shufflevector(a, b, 0, 2);
    const vu64 second = __builtin_shufflevector(a, b, 1, 3);
#endif
    __builtin_memcpy(out + g * 4 * vf64_count, &first, sizeof first);
    __builtin_memcpy(out + g * 4 * vf64_count + 2 * vf64_count, &second, sizeof second);
  }
}

/// Words offset ..< offset + n of a sequence.
static void random_words(uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, uint32_t *out) {
  uint32_t words[4 * philox_blocks];
  uint64_t block = offset / 4;
  intptr_t skip = (intptr_t)(offset % 4);
  while (n > 0) {
    if (skip == 0 && n >= 4 * philox_blocks) {
      philox_next(key, stream, block, out);
      out += 4 * philox_blocks;
      n -= 4 * philox_blocks;
    } else {
      const intptr_t length = n < 4 * philox_blocks - skip ? n : 4 * philox_blocks - skip;
      philox_next(key, stream, block, words);
      __builtin_memcpy(out, words + skip, (size_t)length * 4);
      out += length;
      n -= length;
      skip = 0;
    }
    block += philox_blocks;
  }
}

/// A number below 2⁵³ as a double, exactly: its halves become the low bits of 2⁵² and 2⁸⁴.
AVIARY_INLINE vf64 vf64_from_unsigned(vu64 x) {
  const vf64 low = (vf64)((x & 0xFFFFFFFF) | 0x4330000000000000) - 0x1p52;
  const vf64 high = (vf64)(x >> 32 | 0x4530000000000000) - 0x1p84;
  return low + high;
}

/// ln x for normal positive x: x = 2ⁿ m with √½ ≤ m < √2, ln m = 2 artanh((m - 1) / (m + 1)) by its series.
AVIARY_INLINE vf32 vf32_plain_log(vf32 x) {
#pragma clang fp contract(off)
  const vi32 i = (vi32)x - 0x3f3504f3;
  const vf32 n = __builtin_convertvector(i >> 23, vf32);
  const vf32 m = (vf32)((i & 0x7fffff) + 0x3f3504f3);
  const vf32 s = (m - 1.0f) / (m + 1.0f), z = s * s;
  vf32 p = z * (1.0f / 9) + 1.0f / 7;
  p = p * z + 1.0f / 5;
  p = p * z + 1.0f / 3;
  return n * 0x1.62e430p-1f + 2.0f * (s + s * z * p);
}

AVIARY_INLINE vf64 vf64_plain_log(vf64 x) {
#pragma clang fp contract(off)
  const vu64 i = (vu64)x - 0x3fe6a09e667f3bcd + (1ULL << 62);
  const vf64 n = vf64_from_unsigned(i >> 52) - 1024.0;
  const vf64 m = (vf64)((i & 0xfffffffffffff) + 0x3fe6a09e667f3bcd);
  const vf64 s = (m - 1.0) / (m + 1.0), z = s * s;
  vf64 p = z * (1.0 / 21) + 1.0 / 19;
  for (int k = 17; k >= 3; k -= 2) p = p * z + 1.0 / k;
  return n * 0x1.62e42fec00000p-1 + (n * 0x1.d1cf79abc9e3bp-32 + 2.0 * (s + s * z * p));
}

/// The normal quantile at 1 - q/2 times the sign of x, where x = ±(1 - q) and 0 < q ≤ 1, with w = -ln q(2 - q): x ·
/// P(w), or for w > 5 a polynomial in √w. Minimax fits of relative error 10⁻⁷.
AVIARY_INLINE vf32 vf32_normal_quantile(vf32 x, vf32 q) {
#pragma clang fp contract(off)
  const vf32 w = -vf32_plain_log(q * (2.0f - q)), u = w - 2.5f;
  vf32 p = u * 0x1.5aa41cp-25f + 0x1.04f95ap-21f;
  p = p * u + -0x1.4ee936p-18f;
  p = p * u + -0x1.a147fap-18f;
  p = p * u + 0x1.442ae0p-12f;
  p = p * u + -0x1.d0c8b4p-10f;
  p = p * u + -0x1.8332aap-8f;
  p = p * u + 0x1.652c86p-2f;
  p = p * u + 0x1.0fc8bep+1f;
  p = p * x;
  const vi32 far = w > 5.0f;
  if (__builtin_reduce_or(far) == 0) return p;
  const vf32 t = __builtin_elementwise_sqrt(far ? w : 5.0f) - 3.5f;
  vf32 tail = t * 0x1.6d0146p-16f + 0x1.d77cbep-16f;
  tail = tail * t + -0x1.25fae0p-12f;
  tail = tail * t + 0x1.ccbf52p-11f;
  tail = tail * t + -0x1.3c262ep-9f;
  tail = tail * t + 0x1.1f8a24p-8f;
  tail = tail * t + 0x1.6cb9a0p+0f;
  tail = tail * t + 0x1.2de49cp+2f;
  return far ? vf32_with_sign(tail, x) : p;
}

AVIARY_INLINE vf64 vf64_ratio(vf64 r, const double *top, const double *bottom) {
#pragma clang fp contract(off)
  vf64 numerator = vf64_set(top[7]), denominator = vf64_set(bottom[7]);
  for (int i = 6; i >= 0; i--) {
    numerator = numerator * r + top[i];
    denominator = denominator * r + bottom[i];
  }
  return numerator / denominator;
}

/// The same in double precision: the rational functions of Wichura's algorithm AS 241 (1988), relative error 10⁻¹⁵.
AVIARY_INLINE vf64 vf64_normal_quantile(vf64 x, vf64 q) {
#pragma clang fp contract(off)
  static const double a[] = {
    3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
    4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3};
  static const double b[] = {
    1.0,                      4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
    2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3};
  static const double c[] = {
    1.42343711074968357734e0, 4.63033784615654529590e0,  5.76949722146069140550e0,  3.64784832476320460504e0,
    1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static const double d[] = {
    1.0,                       2.05319162663775882187e0,  1.67638483018380384940e0,  6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9};
  static const double e[] = {
    6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,  2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static const double f[] = {
    1.0,                       5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131745613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15};
  const vf64 half = x * 0.5;
  const vi64 far = vf64_abs(half) > 0.425;
  const vf64 near = half * vf64_ratio(0.180625 - half * half, a, b);
  if (__builtin_reduce_or(far) == 0) return near;
  const vf64 r = __builtin_elementwise_sqrt(-vf64_plain_log(q * 0.5));
  vf64 tail = vf64_ratio(r - 1.6, c, d);
  const vi64 farther = far & (r > 5.0);
  if (__builtin_reduce_or(farther) != 0) tail = farther ? vf64_ratio(r - 5.0, e, f) : tail;
  return far ? vf64_with_sign(tail, x) : near;
}

/// Words and the numbers made from them pass through blocks that stay in the first-level cache.
enum { random_block = 1024 };

#define EACH_BLOCK(WORDS_EACH, ...) \
  uint32_t words[random_block]; \
  for (intptr_t start = 0; start < n; start += random_block / WORDS_EACH) { \
    const intptr_t length = n - start < random_block / WORDS_EACH ? n - start : random_block / WORDS_EACH; \
    random_words(key, stream, (uint64_t)WORDS_EACH * (offset + (uint64_t)start), length * WORDS_EACH, words); \
    __VA_ARGS__ \
  }

AVIARY_INLINE vu32 words_at(const uint32_t *words, intptr_t i) {
  vu32 w;
  __builtin_memcpy(&w, words + i, sizeof w);
  return w;
}

AVIARY_INLINE vu64 pairs_at(const uint32_t *words, intptr_t i) {
  vu64 v;
  __builtin_memcpy(&v, words + 2 * i, sizeof v);
  return v;
}

#define EACH_F32(EXPRESSION) \
  EACH_BLOCK(1, for (intptr_t j = 0; j < length; j += vf32_count) { \
    const vu32 w = words_at(words, j); \
    const intptr_t i = start + j, rest = length - j; \
    store_f32((float *)out + i, (EXPRESSION), rest); \
  })
#define EACH_F64(EXPRESSION) \
  EACH_BLOCK(2, for (intptr_t j = 0; j < length; j += vf64_count) { \
    const vu64 v = pairs_at(words, j); \
    const intptr_t i = start + j, rest = length - j; \
    store_f64((double *)out + i, (EXPRESSION), rest); \
  })

AVIARY_INLINE vf32 uniform_of_words(vu32 w) { return __builtin_convertvector((vi32)(w >> 8), vf32) * 0x1p-24f; }
AVIARY_INLINE vf64 uniform_of_pairs(vu64 v) { return vf64_from_unsigned(v >> 11) * 0x1p-53; }

AVIARY_INLINE vf32 scaled_f32(float low, float width, vf32 u) {
#pragma clang fp contract(off)
  return low + width * u;
}
AVIARY_INLINE vf64 scaled_f64(double low, double width, vf64 u) {
#pragma clang fp contract(off)
  return low + width * u;
}

static void random_uniform_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double low, double width, const void *x, void *out
) {
  (void)x;
  EACH_F32(scaled_f32((float)low, (float)width, uniform_of_words(w)))
}

static void random_uniform_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double low, double width, const void *x, void *out
) {
  (void)x;
  EACH_F64(scaled_f64(low, width, uniform_of_pairs(v)))
}

/// The quantile at (w + ½) / 2³², within the middle `width` of the distribution: both tails are counted from their own
/// end, so that small probabilities keep their precision.
AVIARY_INLINE vf32 normal_of_words(vu32 w, float tails, float width) {
#pragma clang fp contract(off)
  const vi32 t = (vi32)(w ^ 0x80000000u);
  const vi32 distance = (t ^ t >> 31) ^ 0x7fffffff;
  const vf32 x = (__builtin_convertvector(t, vf32) + 0.5f) * 0x1p-31f;
  const vf32 q = (__builtin_convertvector(distance, vf32) + 0.5f) * 0x1p-31f;
  return vf32_normal_quantile(width * x, tails + width * q);
}

AVIARY_INLINE vf64 normal_of_pairs(vu64 v, double tails, double width) {
#pragma clang fp contract(off)
  const vf64 t = vf64_from_unsigned(v >> 11) - 0x1p52;
  const vu64 mirrored = (vi64)v < 0 ? ~v : v;
  const vf64 x = (t + 0.5) * 0x1p-52;
  const vf64 q = (vf64_from_unsigned(mirrored >> 11) + 0.5) * 0x1p-52;
  return vf64_normal_quantile(width * x, tails + width * q);
}

static void random_normal_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double mean, double deviation, const void *x, void *out
) {
  (void)x;
  EACH_F32(scaled_f32((float)mean, (float)deviation, normal_of_words(w, 0, 1)))
}

static void random_normal_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double mean, double deviation, const void *x, void *out
) {
  (void)x;
  EACH_F64(scaled_f64(mean, deviation, normal_of_pairs(v, 0, 1)))
}

/// 2 Φ(-2), the mass beyond two deviations.
#define TWO_TAILS 0.04550026389635841

static void random_truncated_normal_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double mean, double deviation, const void *x, void *out
) {
  (void)x;
  EACH_F32(
    scaled_f32((float)mean, (float)deviation, normal_of_words(w, (float)TWO_TAILS, (float)(1 - TWO_TAILS))))
}

static void random_truncated_normal_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double mean, double deviation, const void *x, void *out
) {
  (void)x;
  EACH_F64(scaled_f64(mean, deviation, normal_of_pairs(v, TWO_TAILS, 1 - TWO_TAILS)))
}

// Below, `last` is the largest word that counts as true.

static void random_bernoulli(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double last, double unused, const void *x, void *out
) {
  (void)x;
  (void)unused;
  const uint32_t limit = (uint32_t)last;
  uint8_t *to = out;
  EACH_BLOCK(1, for (intptr_t j = 0; j < length; j++) to[start + j] = words[j] <= limit;)
}

static void random_bernoulli_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double last, double scale, const void *x, void *out
) {
  (void)x;
  const vu32 limit = (vu32)((uint32_t)last);
  const vf32 kept = vf32_set((float)scale);
  EACH_F32(w <= limit ? kept : 0.0f)
}

static void random_bernoulli_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double last, double scale, const void *x, void *out
) {
  (void)x;
  const uint32_t limit = (uint32_t)last;
  double *to = out;
  EACH_BLOCK(1, for (intptr_t j = 0; j < length; j++) to[start + j] = words[j] <= limit ? scale : 0;)
}

static void random_dropout_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double last, double scale, const void *x, void *out
) {
  const vu32 limit = (vu32)((uint32_t)last);
  const float factor = (float)scale;
  EACH_F32(w <= limit ? load_f32((const float *)x + i, rest) * factor : 0.0f)
}

static void random_dropout_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double last, double scale, const void *x, void *out
) {
  const uint32_t limit = (uint32_t)last;
  const double *from = x;
  double *to = out;
  EACH_BLOCK(
    1, for (intptr_t j = 0; j < length; j++) to[start + j] = words[j] <= limit ? from[start + j] * scale : 0;)
}

static void random_sample_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double unused, double unused2, const void *x, void *out
) {
  (void)unused;
  (void)unused2;
  EACH_F32(uniform_of_words(w) < load_f32((const float *)x + i, rest) ? vf32_set(1) : 0.0f)
}

static void random_sample_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double unused, double unused2, const void *x, void *out
) {
  (void)unused;
  (void)unused2;
  EACH_F64(uniform_of_pairs(v) < load_f64((const double *)x + i, rest) ? vf64_set(1) : 0.0)
}
