#pragma once

// Gather, scatter and one-hot. Arrays are contiguous; indices are validated by the caller.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "AviaryTypes.h"

#pragma clang assume_nonnull begin

/// out[o, j, i] = x[o, indices[j], i]: takes `count` slices along one axis of x[outer, axis_length, inner].
void aviary_gather(
  size_t item_size, intptr_t outer, intptr_t axis_length, intptr_t inner, const void *x, intptr_t count,
  const int64_t *indices, void *out);

/// out[o, indices[j], i] += updates[o, j, i], in the order of j if indices repeat; `out` is not cleared first.
/// For numbers; returns false otherwise.
bool aviary_scatter_add(
  aviary_dtype type, intptr_t outer, intptr_t axis_length, intptr_t inner, const void *updates,
  intptr_t count, const int64_t *indices, void *out);

/// out[o, indices[j], i] = updates[o, j, i]; the last one wins if indices repeat.
void aviary_scatter(
  size_t item_size, intptr_t outer, intptr_t axis_length, intptr_t inner, const void *updates,
  intptr_t count, const int64_t *indices, void *out);

/// out[r, c] = 1 where c = labels[r], otherwise 0, of any dtype; out has shape [n, classes]. A label outside
/// 0..<classes gives a row of zeros.
void aviary_one_hot(
  aviary_dtype type, intptr_t n, intptr_t classes, const int64_t *labels, void *out);

/// out[r, j] = x[r, indices[r, j]] with x[rows, columns] and indices[rows, count].
void aviary_gather_elements(
  size_t item_size, intptr_t rows, intptr_t columns, const void *x, intptr_t count,
  const int64_t *indices, void *out);

/// out[r, indices[r, j]] += updates[r, j] with out[rows, columns], in the order of j; `out` is not cleared first.
/// For numbers; returns false otherwise.
bool aviary_scatter_elements_add(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *updates, intptr_t count,
  const int64_t *indices, void *out);

#pragma clang assume_nonnull end
