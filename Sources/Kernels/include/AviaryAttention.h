#pragma once

// Scaled dot-product attention with several heads, in float32 and float64, without an array of all scores.

#include "AviaryTypes.h"

#pragma clang assume_nonnull begin

/// softmax(scale·Q·Kᵀ)·V for each row of a batch and each head. All arrays are row-major; a head is a block of columns.
typedef struct aviary_attention {
  intptr_t rows, heads;
  /// The number of steps of Q, and of K and V.
  intptr_t queries, keys;
  /// The number of columns per head in Q and K, and in V.
  intptr_t key_width, value_width;
  /// Whether query t sees only the keys 0 ... t + keys − queries.
  bool causal;
  double scale;
  /// The number of valid keys of each row, at least 1; NULL if all are valid.
  const int64_t *_Nullable lengths;
  /// [rows, queries, heads·key_width], [rows, keys, heads·key_width], [rows, keys, heads·value_width].
  const void *q, *k, *v;
} aviary_attention;

/// Computes y [rows, queries, heads·value_width]. Returns false for other types, and if there is no memory left.
bool aviary_attention_forward(aviary_dtype type, const aviary_attention *pass, void *y);

/// Computes the gradients with respect to q, k and v from that of y. Returns false for other types, and if there is no
/// memory left.
bool aviary_attention_backward(
    aviary_dtype type, const aviary_attention *pass, const void *dy, void *dq, void *dk, void *dv);

#pragma clang assume_nonnull end
