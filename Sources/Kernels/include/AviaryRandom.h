#pragma once

// Counter-based random numbers: Philox 4×32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as
// 1, 2, 3", 2011).
//
// A sequence is chosen by (key, stream). Its words are numbered from 0: word w is word w mod 4 of the block whose
// 128-bit counter is (low half of w / 4, high half of w / 4, low half of stream, high half of stream), enciphered with
// the key (low half of key, high half of key). So a word is a pure function of (key, stream, w), independent of vector
// width, threads and of how a range is cut into calls.
//
// `offset` numbers the first element that a call yields. Each function states how many words an element takes.

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// out[i] = word offset + i of the sequence.
void aviary_random_bits(uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, uint32_t *out);

/// Uniform in [low, low + width): low + width · (the top 24 bits of word offset + i) / 2²⁴, rounded to float32 once
/// for the product and once for the sum. One word an element.
void aviary_random_uniform_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, float low, float width, float *out);

/// Uniform in [low, low + width) with 53 bits: element e takes words 2e (low) and 2e + 1 (high) as one 64-bit number,
/// whose top 53 bits count.
void aviary_random_uniform_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double low, double width, double *out);

/// Normal with the given mean and standard deviation, by inverting the normal distribution function at
/// (w + ½) / 2³², w being word offset + i. One word an element; at most 6.2 deviations from the mean.
///
/// The same bits on every instruction set: no step depends on contraction or on the vector width.
void aviary_random_normal_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, float mean, float deviation, float *out);

/// Normal with 53 bits: element e inverts the distribution function at (top 53 bits of words 2e, 2e + 1, plus ½) / 2⁵³.
void aviary_random_normal_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double mean, double deviation, double *out);

/// Normal, truncated to 2 standard deviations: the distribution function is inverted at Φ(-2) + (Φ(2) - Φ(-2)) u
/// where u is made as in `aviary_random_normal_f32`. It is what redrawing values beyond 2 deviations converges to,
/// with one word an element. `deviation` is that of the untruncated distribution; the result's is 0.8796 of it.
void aviary_random_truncated_normal_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, float mean, float deviation, float *out);

/// `aviary_random_truncated_normal_f32` in float64, two words an element.
void aviary_random_truncated_normal_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double mean, double deviation, double *out);

/// out[i] = true with the given probability: word offset + i < ⌊probability · 2³²⌉ (always true at 1). One word an
/// element.
void aviary_random_bernoulli(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double probability, bool *out);

/// out[i] = scale where `aviary_random_bernoulli` gives true, otherwise 0: a dropout mask in one pass.
void aviary_random_bernoulli_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double probability, float scale, float *out);

/// `aviary_random_bernoulli_f32` for float64; the same words, so the same elements are kept.
void aviary_random_bernoulli_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double probability, double scale, double *out);

/// y[i] = x[i] · (scale or 0): a dropout mask drawn and applied in one pass. `y` may be `x`. The mask is that of
/// `aviary_random_bernoulli`, so the backward pass draws it again instead of keeping it.
void aviary_random_dropout_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double probability, float scale,
  const float *x, float *y);

/// `aviary_random_dropout_f32` for float64.
void aviary_random_dropout_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double probability, double scale,
  const double *x, double *y);

/// out[i] = 1 with probability p[i], otherwise 0 (word offset + i, top 24 bits / 2²⁴ < p[i]); `out` may be `p`.
void aviary_random_sample_f32(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, const float *p, float *out);

/// `aviary_random_sample_f32` for float64: 53 bits, two words an element.
void aviary_random_sample_f64(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, const double *p, double *out);

/// A uniformly drawn permutation of 0..<n (Fisher and Yates, from the end; 64-bit draws from words 0, 1, 2, …, reduced
/// by Lemire's multiplication with rejection, so without bias).
void aviary_random_permutation(uint64_t key, uint64_t stream, intptr_t n, int64_t *out);

/// uniform integers: out[i] = low + ⌊u · count / 2⁶⁴⌋ with u the 64-bit number of words 2e, 2e + 1, e = offset + i.
/// The bias is below count / 2⁶⁴.
void aviary_random_integers(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, int64_t low, uint64_t count, int64_t *out);

#pragma clang assume_nonnull end
