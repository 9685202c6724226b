// sin, cos, erf and powers of float vectors, computed in double precision: correct to the last bit except for rare
// ties. The double versions, rarely needed, are those of the C library.
#pragma once

#include "../Vector.h"
#include "../VectorMath.h"

/// eˣ for x ≤ 0, -∞ or NaN; 0 below the smallest normal number. Invalid for larger x.
AVIARY_INLINE vf32 vf32_exp_nonpositive(vf32 x) {
  const vi32 gone = x < -87.3f;
  vi32 n;
  const vf32 e = vf32_expm1_core(gone ? -87.0f : x, &n) + 1.0f;
  return gone ? 0.0f : e * vf32_power_of_two(n);
}

/// The same in double precision.
AVIARY_INLINE vf64 vf64_exp_nonpositive(vf64 x) {
  const vi64 gone = x < -708.0;
  vi64 n;
  const vf64 e = vf64_expm1_core(gone ? -700.0 : x, &n) + 1.0;
  return gone ? 0.0 : e * vf64_power_of_two(n);
}

typedef float vf32_half __attribute__((ext_vector_type(AVIARY_VECTOR_BYTES / 8)));

/// Defines NAME(x, …) for vf32 by applying NAME##_half to both halves in double precision.
#define BY_HALVES(NAME) \
  AVIARY_INLINE vf32 NAME(vf32 x) { \
    vf32 result; \
    result.lo = __builtin_convertvector(NAME##_half(__builtin_convertvector(x.lo, vf64)), vf32_half); \
    result.hi = __builtin_convertvector(NAME##_half(__builtin_convertvector(x.hi, vf64)), vf32_half); \
    return result; \
  }

/// sin(x + quarter·π/2) for |x| < 10⁶, by the Taylor series around the nearest multiple of π/2.
AVIARY_INLINE vf64 vf64_sine(vf64 x, int64_t quarter) {
  const vf64 t = vf64_fma(x, vf64_set(0x1.45f306dc9c883p-1), vf64_set(AVIARY_ROUND_F64));
  const vf64 k = t - AVIARY_ROUND_F64;
  vf64 r = vf64_fma(k, vf64_set(-0x1.921fb544p+0), x);
  r = vf64_fma(k, vf64_set(-0x1.0b4611a626331p-34), r);
  const vf64 z = r * r;
  vf64 s = vf64_fma(z, vf64_set(-1.0 / 39916800), vf64_set(1.0 / 362880));
  s = vf64_fma(s, z, vf64_set(-1.0 / 5040));
  s = vf64_fma(s, z, vf64_set(1.0 / 120));
  s = vf64_fma(s, z, vf64_set(-1.0 / 6));
  s = vf64_fma(s * z, r, r);
  vf64 c = vf64_fma(z, vf64_set(1.0 / 479001600), vf64_set(-1.0 / 3628800));
  c = vf64_fma(c, z, vf64_set(1.0 / 40320));
  c = vf64_fma(c, z, vf64_set(-1.0 / 720));
  c = vf64_fma(c, z, vf64_set(1.0 / 24));
  c = vf64_fma(c, z, vf64_set(-0.5));
  c = vf64_fma(c, z, vf64_set(1));
  const vi64 quadrant = vf64_bits(t) + quarter;
  const vf64 value = (quadrant & 1) != 0 ? c : s;
  return (quadrant & 2) != 0 ? -value : value;
}

AVIARY_INLINE vf64 vf32_sin_near_half(vf64 x) { return vf64_sine(x, 0); }
AVIARY_INLINE vf64 vf32_cos_near_half(vf64 x) { return vf64_sine(x, 1); }

/// Polynomial in t = x²/8 - 1 for erf(x)/x on |x| ≤ 4, beyond which erf rounds to ±1 (minimax fit, error 3·10⁻¹⁰).
AVIARY_INLINE vf64 vf32_erf_half(vf64 x) {
  static const double p[] = {
    0x1.6a0407821a4acp-2,  -0x1.69a0cd1eb5b83p-3, 0x1.0dabae7e0dccep-3,  -0x1.b92e74831b1f0p-4, 0x1.717f142fd8a01p-4,
    -0x1.3218326aabfbap-4, 0x1.ea969c3d5be9bp-5,  -0x1.76c1fe5b0e3a9p-5, 0x1.0ed7ad2e7844cp-5,  -0x1.7186302f96b00p-6,
    0x1.d662d96569f8fp-7,  -0x1.1347027da2ed3p-7, 0x1.3bf4bbac4f307p-8,  -0x1.7af3ee65abe14p-9, 0x1.6536a9fa51b8ep-10,
    -0x1.60b315888bf6cp-12, 0x1.a2477d0e2e0a4p-13, -0x1.ff52b4f552000p-13, 0x1.71396e9190000p-14};
  const vf64 limit = vf64_set(4);
  const vf64 y = vf64_abs(x) > limit ? vf64_with_sign(limit, x) : x;
  const vf64 t = vf64_fma(y * y, vf64_set(0.125), vf64_set(-1));
  vf64 sum = vf64_set(p[18]);
  for (int i = 17; i >= 0; i--) sum = vf64_fma(sum, t, vf64_set(p[i]));
  return y * sum;
}

/// The density of the standard normal distribution at x, exp(-x²/2) / √(2π).
AVIARY_INLINE vf64 vf32_normal_density_half(vf64 x) { return vf64_exp(x * x * -0.5) * 0x1.9884533d43651p-2; }

/// The standard normal distribution function at x: for x ≤ 0 it is exp(-x²/2)·R(-x), R a smooth function on 0...14.5, beyond
/// which floats are 0, as a polynomial in (a - 4) / (a + 4) (fit of the least largest relative error, 3·10⁻¹⁰).
AVIARY_INLINE vf64 vf32_normal_cdf_half(vf64 x) {
  static const double p[] = {
    0x1.82b4bb8ce12d4p-4, -0x1.5cf97b19a9a78p-3, 0x1.fd751a22df1bfp-4, -0x1.25b6a54186bd4p-4, 0x1.f9b0590b00d30p-6,
    -0x1.164709d2ac9d6p-7, 0x1.0a1b84981e82fp-11, 0x1.4fada04d2339ap-11, -0x1.875c1e794536ap-13,
    -0x1.9c825195cdbc0p-15, 0x1.afffa9c87c9aep-16, 0x1.04d2d0e790048p-17};
  const vf64 magnitude = vf64_abs(x), a = magnitude > 14.5 ? vf64_set(14.5) : magnitude;
  const vf64 t = (a - 4) / (a + 4);
  vf64 sum = vf64_set(p[11]);
  for (int i = 10; i >= 0; i--) sum = vf64_fma(sum, t, vf64_set(p[i]));
  const vf64 below = sum * vf64_exp(x * x * -0.5);
  return x > 0 ? 1 - below : below;
}

BY_HALVES(vf32_sin_near)
BY_HALVES(vf32_cos_near)
BY_HALVES(vf32_erf)
BY_HALVES(vf32_normal_cdf)
BY_HALVES(vf32_normal_density)

/// ½ erfc(-x/√2), including the rounding error of x/√2, whose effect grows with z² for large arguments.
static inline double normal_cdf(double x) {
  const double z = x * -0x1.6a09e667f3bcdp-1;
  const double rest = fma(x, -0x1.6a09e667f3bcdp-1, -z) + x * 0x1.bdd3413b26456p-55;
  const double whole = 0.5 * erfc(z);
  return z > 1 && z < 40 ? whole - whole * 2 * z * rest : whole;
}

/// exp(-x²/2) / √(2π), including the rounding error of x².
AVIARY_INLINE vf64 vf64_normal_density(vf64 x) {
  const vf64 square = x * x, magnitude = vf64_abs(x);
  const vf64 rest = magnitude < 40 ? vf64_fma(x, x, -square) : vf64_set(0);
  return vf64_exp(square * -0.5) * vf64_fma(rest, vf64_set(-0x1.9884533d43651p-3), vf64_set(0x1.9884533d43651p-2));
}

#define BY_LIBRARY(NAME, V, COUNT, CALL) \
  static __attribute__((noinline)) V NAME(V a) { \
    for (int i = 0; i < COUNT; i++) a[i] = CALL(a[i]); \
    return a; \
  }

BY_LIBRARY(vf32_sin_far, vf32, vf32_count, sinf)
BY_LIBRARY(vf32_cos_far, vf32, vf32_count, cosf)
BY_LIBRARY(vf64_sin, vf64, vf64_count, sin)
BY_LIBRARY(vf64_cos, vf64, vf64_count, cos)
BY_LIBRARY(vf64_erf, vf64, vf64_count, erf)
BY_LIBRARY(vf64_normal_cdf, vf64, vf64_count, normal_cdf)

/// Whether an element of a mask of 0 and -1 is set.
AVIARY_INLINE bool vi32_any(vi32 mask) { return __builtin_reduce_or(mask) != 0; }

AVIARY_INLINE vf32 vf32_sin(vf32 x) {
  return __builtin_expect(vi32_any(vf32_abs(x) > 1e6f), 0) ? vf32_sin_far(x) : vf32_sin_near(x);
}

AVIARY_INLINE vf32 vf32_cos(vf32 x) {
  return __builtin_expect(vi32_any(vf32_abs(x) > 1e6f), 0) ? vf32_cos_far(x) : vf32_cos_near(x);
}

AVIARY_INLINE vf64 vf64_pow(vf64 x, vf64 y) {
  for (int i = 0; i < vf64_count; i++) x[i] = pow(x[i], y[i]);
  return x;
}

static __attribute__((noinline)) vf32 vf32_pow_general(vf32 x, vf32 y) {
  for (int i = 0; i < vf32_count; i++) x[i] = powf(x[i], y[i]);
  return x;
}

/// exp(y log x) in double precision if all x are positive and finite; otherwise by the C library's rules.
AVIARY_INLINE vf32 vf32_pow(vf32 x, vf32 y) {
  const vi32 plain = (x > 0.0f) & (x < INFINITY) & (vf32_abs(y) < INFINITY);
  if (vi32_any(~plain)) return vf32_pow_general(x, y);
  vf32 result;
  result.lo = __builtin_convertvector(
    vf64_exp(__builtin_convertvector(y.lo, vf64) * vf64_log(__builtin_convertvector(x.lo, vf64))), vf32_half);
  result.hi = __builtin_convertvector(
    vf64_exp(__builtin_convertvector(y.hi, vf64) * vf64_log(__builtin_convertvector(x.hi, vf64))), vf32_half);
  return result;
}
