#pragma once

// Scaled dot-product attention of several heads, in float32 and float64, without an array of all scores.

#include "AviaryTypes.h"

#pragma clang assume_nonnull begin

/// softmax(scale·Q·Kᵀ)·V for each row of a batch and each head. All arrays are row-major; a head is a block of columns.
typedef struct aviary_attention {
  intptr_t rows, heads;
  /// Steps of Q, and of K and V.
  intptr_t queries, keys;
  /// Columns of a head in Q and K, and in V.
  intptr_t key_width, value_width;
  /// Query t sees the keys 0 ... t + keys − queries only.
  bool causal;
  double scale;
  /// How many keys of each row are data, at least 1; NULL for all.
  const int64_t *_Nullable lengths;
  /// [rows, queries, heads·key_width], [rows, keys, heads·key_width], [rows, keys, heads·value_width].
  const void *q, *k, *v;
} aviary_attention;

/// y [rows, queries, heads·value_width]. False for other types, and where there is no memory.
bool aviary_attention_forward(aviary_dtype type, const aviary_attention *pass, void *y);

/// The gradients by q, k and v from that of y. False for other types, and where there is no memory.
bool aviary_attention_backward(
    aviary_dtype type, const aviary_attention *pass, const void *dy, void *dq, void *dk, void *dv);

#pragma clang assume_nonnull end
