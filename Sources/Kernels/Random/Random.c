#include "../include/AviaryRandom.h"

#include <math.h>
#include <string.h>

static void philox(uint64_t key, uint64_t stream, uint64_t block, uint32_t out[4]) {
  uint32_t c0 = (uint32_t)block, c1 = (uint32_t)(block >> 32), c2 = (uint32_t)stream, c3 = (uint32_t)(stream >> 32);
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  for (int round = 0; round < 10; round++) {
    const uint64_t p0 = (uint64_t)0xD2511F53 * c0, p1 = (uint64_t)0xCD9E8D57 * c2;
    c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)p1;
    c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)p0;
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

void aviary_random_bits(uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, uint32_t *out) {
  uint32_t words[4];
  for (intptr_t i = 0; i < n; i++) {
    const uint64_t at = offset + (uint64_t)i;
    if (i == 0 || at % 4 == 0) philox(key, stream, at / 4, words);
    out[i] = words[at % 4];
  }
}

/// Words are drawn by blocks that stay in the first-level cache, then turned into numbers.
#define WORDS 1024

#define EACH_WORD(EXPRESSION) \
  uint32_t words[WORDS]; \
  for (intptr_t start = 0; start < n; start += WORDS) { \
    const intptr_t length = n - start < WORDS ? n - start : WORDS; \
    aviary_random_bits(key, stream, offset + (uint64_t)start, length, words); \
    for (intptr_t j = 0; j < length; j++) { \
      const uint32_t w = words[j]; \
      const intptr_t i = start + j; \
      EXPRESSION; \
    } \
  }

#define EACH_PAIR(EXPRESSION) \
  uint64_t pairs[WORDS / 2]; \
  for (intptr_t start = 0; start < n; start += WORDS / 2) { \
    const intptr_t length = n - start < WORDS / 2 ? n - start : WORDS / 2; \
    aviary_random_bits(key, stream, 2 * (offset + (uint64_t)start), 2 * length, (uint32_t *)pairs); \
    for (intptr_t j = 0; j < length; j++) { \
      const uint64_t v = pairs[j]; \
      const intptr_t i = start + j; \
      EXPRESSION; \
    } \
  }

#pragma clang fp contract(off)

static inline float uniform_f32(uint32_t w) { return (float)(w >> 8) * 0x1p-24f; }
static inline double uniform_f64(uint64_t v) { return (double)(v >> 11) * 0x1p-53; }

static double normal_quantile(double q, double p) {
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
    1.0,                      2.05319162663775882187e0,  1.67638483018380384940e0,  6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9};
  static const double e[] = {
    6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,  2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static const double f[] = {
    1.0,                       5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15};
  const double *top = a, *bottom = b;
  double r = 0.180625 - q * q, factor = q;
  if (fabs(q) > 0.425) {
    r = sqrt(-log(p));
    factor = q < 0 ? -1 : 1;
    top = r <= 5 ? c : e;
    bottom = r <= 5 ? d : f;
    r -= r <= 5 ? 1.6 : 5;
  }
  double numerator = top[7], denominator = bottom[7];
  for (int i = 6; i >= 0; i--) {
    numerator = numerator * r + top[i];
    denominator = denominator * r + bottom[i];
  }
  return factor * (numerator / denominator);
}

/// Φ(-2): the mass beyond two deviations on either side.
#define TAIL 0.02275013194817920720

static inline double normal(uint64_t v, double tail) {
  const double q = ((double)((int64_t)(v ^ 0x8000000000000000) >> 11) + 0.5) * 0x1p-53;
  const uint64_t near = (v >> 63 ? ~v : v) >> 11;
  const double p = ((double)near + 0.5) * 0x1p-53, width = 1 - 2 * tail;
  return normal_quantile(width * q, tail + width * p);
}

void aviary_random_uniform_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, float low, float width, float *out
) {
  EACH_WORD(out[i] = low + width * uniform_f32(w))
}

void aviary_random_uniform_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double low, double width, double *out
) {
  EACH_PAIR(out[i] = low + width * uniform_f64(v))
}

void aviary_random_normal_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, float mean, float deviation, float *out
) {
  EACH_WORD(out[i] = mean + deviation * (float)normal((uint64_t)w << 32 | 0x80000000, 0))
}

void aviary_random_normal_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double mean, double deviation, double *out
) {
  EACH_PAIR(out[i] = mean + deviation * normal(v, 0))
}

void aviary_random_truncated_normal_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, float mean, float deviation, float *out
) {
  EACH_WORD(out[i] = mean + deviation * (float)normal((uint64_t)w << 32 | 0x80000000, TAIL))
}

void aviary_random_truncated_normal_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double mean, double deviation, double *out
) {
  EACH_PAIR(out[i] = mean + deviation * normal(v, TAIL))
}

static uint64_t threshold_for(double probability) {
  if (!(probability > 0)) return 0;
  return probability >= 1 ? 0x100000000 : (uint64_t)llrint(probability * 0x1p32);
}

void aviary_random_bernoulli(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double probability, bool *out
) {
  const uint64_t threshold = threshold_for(probability);
  EACH_WORD(out[i] = w < threshold)
}

void aviary_random_bernoulli_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double probability, float scale, float *out
) {
  const uint64_t threshold = threshold_for(probability);
  EACH_WORD(out[i] = w < threshold ? scale : 0)
}

void aviary_random_bernoulli_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double probability, double scale, double *out
) {
  const uint64_t threshold = threshold_for(probability);
  EACH_WORD(out[i] = w < threshold ? scale : 0)
}

void aviary_random_dropout_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double probability, float scale, const float *x,
  float *y
) {
  const uint64_t threshold = threshold_for(probability);
  EACH_WORD(y[i] = w < threshold ? scale * x[i] : 0)
}

void aviary_random_dropout_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double probability, double scale, const double *x,
  double *y
) {
  const uint64_t threshold = threshold_for(probability);
  EACH_WORD(y[i] = w < threshold ? scale * x[i] : 0)
}

void aviary_random_sample_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, const float *p, float *out
) {
  EACH_WORD(out[i] = uniform_f32(w) < p[i])
}

void aviary_random_sample_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, const double *p, double *out
) {
  EACH_PAIR(out[i] = uniform_f64(v) < p[i])
}

void aviary_random_integers(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, int64_t low, uint64_t count, int64_t *out
) {
  EACH_PAIR(out[i] = (int64_t)((uint64_t)low + (uint64_t)((unsigned __int128)v * count >> 64)))
}

void aviary_random_permutation(uint64_t key, uint64_t stream, intptr_t n, int64_t *out) {
  uint64_t draws[WORDS / 2], next = 0;
  for (intptr_t i = 0; i < n; i++) out[i] = i;
  for (intptr_t last = n - 1; last > 0; last--) {
    const uint64_t count = (uint64_t)last + 1, rejected = -count % count;
    unsigned __int128 product;
    do {
      if (next % (WORDS / 2) == 0) aviary_random_bits(key, stream, 2 * next, WORDS, (uint32_t *)draws);
      product = (unsigned __int128)draws[next++ % (WORDS / 2)] * count;
    } while ((uint64_t)product < rejected);
    const intptr_t chosen = (intptr_t)(product >> 64);
    const int64_t value = out[last];
    out[last] = out[chosen];
    out[chosen] = value;
  }
}
