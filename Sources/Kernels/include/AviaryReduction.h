#pragma once

// Reductions, softmax and related functions.
//
// Arrays are contiguous, of shape [outer, reduced, inner]; the result has shape [outer, inner]. Work is split by size
// alone, so results have the same bits for any number of threads.

#include <stdbool.h>
#include <stdint.h>

#include "AviaryTypes.h"

#pragma clang assume_nonnull begin

/// The reductions along an axis, and their values for an empty axis.
typedef enum : uint8_t {
  /// The sum, for numbers; integers wrap in their own type. Empty: 0.
  AVIARY_REDUCE_SUM = 0,
  /// The product, for numbers; integers wrap in their own type. Empty: 1.
  AVIARY_REDUCE_PRODUCT,
  /// The largest element, for numbers and bool; NaN if one is NaN. Empty: -∞ or the type's smallest value.
  AVIARY_REDUCE_MAX,
  /// The smallest element, for numbers and bool; NaN if one is NaN. Empty: ∞ or the type's largest value.
  AVIARY_REDUCE_MIN,
  /// Whether one is true, for bool. Empty: false.
  AVIARY_REDUCE_ANY,
  /// Whether all are true, for bool. Empty: true.
  AVIARY_REDUCE_ALL,
  /// The sum of squares, for numbers. Empty: 0.
  AVIARY_REDUCE_SUM_OF_SQUARES,
} aviary_reduce_op;

/// out[o, i] = op over r of x[o, r, i]. Float sums are accumulated in blocks of lanes whose partial sums are added
/// pairwise: the error grows with the logarithm of the length. Returns false if the operation is not defined for the
/// type.
bool aviary_reduce(
  aviary_reduce_op op, aviary_dtype type, intptr_t outer, intptr_t reduced, intptr_t inner, const void *x,
  void *out);

/// The position along the axis of the largest (`maximum`) or smallest element: the first of equals, or the first NaN.
/// For numbers and bool; `reduced` is at least 1. Returns false for storage-only types.
bool aviary_arg_reduce(
  bool maximum, aviary_dtype type, intptr_t outer, intptr_t reduced, intptr_t inner, const void *x,
  int64_t *out);

/// out[o, i] = log Σᵣ exp(x[o, r, i]) without overflow; -∞ for an empty axis. Floats only, otherwise returns false.
bool aviary_log_sum_exp(
  aviary_dtype type, intptr_t outer, intptr_t reduced, intptr_t inner, const void *x, void *out);

/// y[r, c] = exp(x[r, c]) / Σₖ exp(x[r, k]) without overflow; values below the smallest normal number may become 0.
/// A row whose largest element is infinite gives NaN. `y` may be `x`. Floats only.
bool aviary_softmax(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *x, void *y);

/// y[r, c] = x[r, c] - log Σₖ exp(x[r, k]) without overflow; `y` may be `x`. Floats only.
bool aviary_log_softmax(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *x, void *y);

/// dx = y (dy - Σₖ dy[r, k] y[r, k]), with `y` the softmax; `dx` may be `dy` or `y`. Floats only.
bool aviary_softmax_backward(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *y, const void *dy,
  void *dx);

/// dx = dy - exp(y) Σₖ dy[r, k], with `y` the log-softmax; `dx` may be `dy` or `y`. Floats only.
bool aviary_log_softmax_backward(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *y, const void *dy,
  void *dx);

/// The k largest elements of each row in descending order, and their columns; equals by rising column, NaN first.
/// `values` and `indices` have shape [rows, k]; 0 ≤ k ≤ columns. For numbers; returns false otherwise.
bool aviary_top_k(
  aviary_dtype type, intptr_t rows, intptr_t columns, intptr_t k, const void *x, void *values,
  int64_t *indices);

/// out[o, r, i] = Σ x[o, 0...r, i], in order; `out` may be `x`. For numbers; returns false otherwise.
bool aviary_cumulative_sum(
  aviary_dtype type, intptr_t outer, intptr_t reduced, intptr_t inner, const void *x, void *out);

/// Whether no element is infinite or NaN; true for types that have neither.
bool aviary_all_finite(aviary_dtype type, intptr_t n, const void *x);

/// The mean and the biased variance (the mean squared deviation) of every column of x[rows, columns]. They are computed
/// in two passes; the second corrects the mean of the first, so that both are accurate far from zero. `rest` is the
/// rounding error of the mean. `rows` is at least 1.
bool aviary_moments(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *x, void *mean, void *variance,
  void *rest);

#pragma clang assume_nonnull end
