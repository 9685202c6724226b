// Elementary functions of vectors, branch-free and for all inputs (±0, denormals, ±∞, NaN).
//
// Interface, for X = vf32 and vf64 (see Vector.h):
//
//     X_exp(x)      eˣ                    X_log(x)      ln x (NaN below 0, −∞ at 0)
//     X_expm1(x)    eˣ − 1                X_log1p(x)    ln(1 + x)
//     X_sigmoid(x)  1 / (1 + e⁻ˣ)         X_tanh(x)     tanh x
//
// Largest errors found, in units in the last place: exp 1.0, expm1 1.8, log 0.8, log1p 1.4, sigmoid and tanh 2.5; without
// fused multiply-adds much the same.
// Method: x = n·ln 2 + r with |r| ≤ ln 2 / 2 and a minimax polynomial for (eʳ − 1 − r) / r²; for the logarithm
// x = 2ⁿ·(1 + f) with √½ ≤ 1 + f < √2. The coefficients are minimax fits by the Remez exchange.
#pragma once

#include "Vector.h"

// --- single precision

#define AVIARY_ROUND_F32 0x1.8p23f  // adding and taking it away rounds to an integer, which then is in the low bits

// x = n·ln 2 + r. Returns eʳ − 1; `n` as an integer. |x| must be below about 10⁴ (NaN passes through).
AVIARY_INLINE vf32 vf32_expm1_core(vf32 x, vi32 *n) {
  vf32 t = vf32_fma(x, vf32_set(0x1.715476p+0f), vf32_set(AVIARY_ROUND_F32));
  *n = vf32_bits(t) - vf32_bits(vf32_set(AVIARY_ROUND_F32));
  vf32 k = t - AVIARY_ROUND_F32;
  vf32 r = vf32_fma(k, vf32_set(-0x1.63p-1f), x);
  r = vf32_fma(k, vf32_set(0x1.bd0106p-13f), r);
  vf32 p = vf32_fma(r, vf32_set(0x1.a1a8b4p-13f), vf32_set(0x1.6d7b64p-10f));
  p = vf32_fma(p, r, vf32_set(0x1.11108ap-7f));
  p = vf32_fma(p, r, vf32_set(0x1.5554a8p-5f));
  p = vf32_fma(p, r, vf32_set(0x1.555556p-3f));
  p = vf32_fma(p, r, vf32_set(0.5f));
  return vf32_fma(p, r * r, r);
}

AVIARY_INLINE vf32 vf32_power_of_two(vi32 n) { return vi32_floats((n + 127) << 23); }

AVIARY_INLINE vf32 vf32_exp(vf32 x) {
  x = vf32_min(vf32_set(90.0f), x);
  x = vf32_max(vf32_set(-105.0f), x);
  vi32 n;
  vf32 e = vf32_expm1_core(x, &n) + 1.0f;
  // In two steps, so that results below the smallest normal number and just below the largest come out right.
  vi32 half = n >> 1;
  return e * vf32_power_of_two(half) * vf32_power_of_two(n - half);
}

AVIARY_INLINE vf32 vf32_expm1(vf32 x) {
  vf32 y = vf32_min(vf32_set(89.0f), x);
  y = vf32_max(vf32_set(-20.0f), y);
  vi32 n;
  vf32 p = vf32_expm1_core(y, &n);
  // Half the result first: 2ⁿ alone overflows for the largest finite results.
  vf32 half = vf32_power_of_two(n - 1);
  vf32 e = vf32_fma(half, p, half - 0.5f) * 2.0f;
  return vf32_abs(x) < 0x1p-25f ? x : e;  // keeps −0
}

AVIARY_INLINE vf32 vf32_sigmoid(vf32 x) {
  vf32 z = vf32_exp(-vf32_abs(x));
  return (x >= 0.0f ? vf32_set(1.0f) : (x < 0.0f ? z : x)) / (z + 1.0f);
}

AVIARY_INLINE vf32 vf32_tanh(vf32 x) {
  vf32 a = vf32_min(vf32_set(10.0f), vf32_abs(x));
  vi32 n;
  vf32 p = vf32_expm1_core(a + a, &n);
  vf32 scale = vf32_power_of_two(n);
  vf32 e = vf32_fma(scale, p, scale - 1.0f);
  return vf32_with_sign(e / (e + 2.0f), x);
}

AVIARY_INLINE vf32 vf32_log(vf32 x) {
  vi32 small = x < 0x1p-126f;
  vf32 y = small ? x * 0x1p25f : x;
  vi32 i = vf32_bits(y) - 0x3f3504f3;  // the bits of √½
  vi32 exponent = i >> 23;
  vf32 f = vi32_floats((i & 0x7fffff) + 0x3f3504f3) - 1.0f;
  vf32 n = __builtin_convertvector(small ? exponent - 25 : exponent, vf32);
  vf32 p = vf32_fma(f, vf32_set(0x1.1b4294p-4f), vf32_set(-0x1.e31008p-4f));
  p = vf32_fma(p, f, vf32_set(0x1.e664a8p-4f));
  p = vf32_fma(p, f, vf32_set(-0x1.fb3e86p-4f));
  p = vf32_fma(p, f, vf32_set(0x1.233134p-3f));
  p = vf32_fma(p, f, vf32_set(-0x1.5562f4p-3f));
  p = vf32_fma(p, f, vf32_set(0x1.99a558p-3f));
  p = vf32_fma(p, f, vf32_set(-0x1.ffffeep-3f));
  p = vf32_fma(p, f, vf32_set(0x1.555546p-2f));
  vf32 square = f * f;
  vf32 low = vf32_fma(n, vf32_set(-0x1.bd0106p-13f), square * f * p);
  low = vf32_fma(square, vf32_set(-0.5f), low);
  vf32 result = vf32_fma(n, vf32_set(0x1.63p-1f), f + low);
  result = x == INFINITY ? x : result;
  result = x == 0.0f ? vf32_set(-INFINITY) : result;
  return x >= 0.0f ? result : vf32_set(NAN);
}

AVIARY_INLINE vf32 vf32_log1p(vf32 x) {
  vf32 u = x + 1.0f;
  vf32 lost = (x - (u - 1.0f)) / u;
  vf32 result = vf32_log(u) + lost;
  result = vf32_abs(x) < 0x1p-25f ? x : result;
  return ((u == 0.0f) | (x == INFINITY)) ? vf32_log(u) : result;
}

// --- double precision

#define AVIARY_ROUND_F64 0x1.8p52

AVIARY_INLINE vf64 vf64_expm1_core(vf64 x, vi64 *n) {
  vf64 t = vf64_fma(x, vf64_set(0x1.71547652b82fep+0), vf64_set(AVIARY_ROUND_F64));
  *n = vf64_bits(t) - vf64_bits(vf64_set(AVIARY_ROUND_F64));
  vf64 k = t - AVIARY_ROUND_F64;
  vf64 r = vf64_fma(k, vf64_set(-0x1.62e42fec00000p-1), x);
  r = vf64_fma(k, vf64_set(-0x1.d1cf79abc9e3bp-32), r);
  vf64 p = vf64_fma(r, vf64_set(0x1.1f98143389d5ep-29), vf64_set(0x1.af63a80565d02p-26));
  p = vf64_fma(p, r, vf64_set(0x1.27e4c3e1c6f75p-22));
  p = vf64_fma(p, r, vf64_set(0x1.71ddf5b745542p-19));
  p = vf64_fma(p, r, vf64_set(0x1.a01a01b189a5dp-16));
  p = vf64_fma(p, r, vf64_set(0x1.a01a01b0d71b8p-13));
  p = vf64_fma(p, r, vf64_set(0x1.6c16c16c1419ep-10));
  p = vf64_fma(p, r, vf64_set(0x1.111111110f48fp-7));
  p = vf64_fma(p, r, vf64_set(0x1.555555555555bp-5));
  p = vf64_fma(p, r, vf64_set(0x1.5555555555559p-3));
  p = vf64_fma(p, r, vf64_set(0.5));
  return vf64_fma(p, r * r, r);
}

AVIARY_INLINE vf64 vf64_power_of_two(vi64 n) { return vi64_doubles((n + 1023) << 52); }

// Half of n, rounded down, for |n| < 2⁴⁰: AVX2 has no arithmetic shift of 64-bit integers.
AVIARY_INLINE vi64 vi64_half(vi64 n) { return (vi64)((vu64)(n + (1LL << 40)) >> 1) - (1LL << 39); }

AVIARY_INLINE vf64 vf64_exp(vf64 x) {
  x = vf64_min(vf64_set(710.0), x);
  x = vf64_max(vf64_set(-750.0), x);
  vi64 n;
  vf64 e = vf64_expm1_core(x, &n) + 1.0;
  vi64 half = vi64_half(n);
  return e * vf64_power_of_two(half) * vf64_power_of_two(n - half);
}

AVIARY_INLINE vf64 vf64_expm1(vf64 x) {
  vf64 y = vf64_min(vf64_set(710.0), x);
  y = vf64_max(vf64_set(-40.0), y);
  vi64 n;
  vf64 p = vf64_expm1_core(y, &n);
  vf64 half = vf64_power_of_two(n - 1);
  vf64 e = vf64_fma(half, p, half - 0.5) * 2.0;
  return vf64_abs(x) < 0x1p-54 ? x : e;
}

AVIARY_INLINE vf64 vf64_sigmoid(vf64 x) {
  vf64 z = vf64_exp(-vf64_abs(x));
  return (x >= 0.0 ? vf64_set(1.0) : (x < 0.0 ? z : x)) / (z + 1.0);
}

AVIARY_INLINE vf64 vf64_tanh(vf64 x) {
  vf64 a = vf64_min(vf64_set(20.0), vf64_abs(x));
  vi64 n;
  vf64 p = vf64_expm1_core(a + a, &n);
  vf64 scale = vf64_power_of_two(n);
  vf64 e = vf64_fma(scale, p, scale - 1.0);
  return vf64_with_sign(e / (e + 2.0), x);
}

AVIARY_INLINE vf64 vf64_log(vf64 x) {
  vi64 small = x < 0x1p-1022;
  vf64 y = small ? x * 0x1p54 : x;
  vi64 i = vf64_bits(y) - 0x3fe6a09e667f3bcd;  // the bits of √½
  vi64 exponent = (vi64)((vu64)(i + (1LL << 62)) >> 52) - (1LL << 10);
  vf64 f = vi64_doubles((i & 0xfffffffffffff) + 0x3fe6a09e667f3bcd) - 1.0;
  exponent = small ? exponent - 54 : exponent;
  vf64 n = vi64_doubles(exponent + vf64_bits(vf64_set(AVIARY_ROUND_F64))) - AVIARY_ROUND_F64;
  // ln(1 + f) = f − (h − s·(h + z·P(z))) with s = f / (2 + f), z = s², h = f²/2: the error of s weighs little.
  vf64 s = f / (f + 2.0);
  vf64 z = s * s;
  vf64 p = vf64_fma(z, vf64_set(0x1.2f56c30618d74p-3), vf64_set(0x1.399a003f88ca0p-3));
  p = vf64_fma(p, z, vf64_set(0x1.746687f44031ep-3));
  p = vf64_fma(p, z, vf64_set(0x1.c71c50b807608p-3));
  p = vf64_fma(p, z, vf64_set(0x1.2492494377dbfp-2));
  p = vf64_fma(p, z, vf64_set(0x1.999999997e3f0p-2));
  p = vf64_fma(p, z, vf64_set(0x1.5555555555597p-1));
  vf64 h = f * f * 0.5;
  vf64 low = vf64_fma(s, vf64_fma(p, z, h), n * 0x1.d1cf79abc9e3bp-32);
  vf64 result = vf64_fma(n, vf64_set(0x1.62e42fec00000p-1), f - (h - low));
  result = x == (double)INFINITY ? x : result;
  result = x == 0.0 ? vf64_set(-INFINITY) : result;
  return x >= 0.0 ? result : vf64_set(NAN);
}

AVIARY_INLINE vf64 vf64_log1p(vf64 x) {
  vf64 u = x + 1.0;
  vf64 lost = (x - (u - 1.0)) / u;
  vf64 result = vf64_log(u) + lost;
  result = vf64_abs(x) < 0x1p-54 ? x : result;
  return ((u == 0.0) | (x == (double)INFINITY)) ? vf64_log(u) : result;
}
