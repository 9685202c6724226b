#pragma once

// Private: walks over strided views in row-major order.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "include/AviaryElementwise.h"

/// A row-major space that up to three operands share, with neighboring dimensions merged where all strides allow.
typedef struct {
  intptr_t rank, operands, count;
  intptr_t dims[AVIARY_MAX_RANK];
  intptr_t strides[3][AVIARY_MAX_RANK];
} strided_space;

/// Drops dimensions of 1 and merges neighbors; the result has rank ≥ 1.
void strided_space_make(
  strided_space *space, intptr_t rank, const intptr_t *dims, intptr_t operands, const intptr_t *const *strides);

/// Whether an operand of the space is contiguous.
static inline bool strided_space_is_contiguous(const strided_space *space, intptr_t operand) {
  return space->rank == 1 && (space->strides[operand][0] == 1 || space->count <= 1);
}

/// Copies the elements start..<start + count of the flattened view of one operand into contiguous memory.
void strided_gather(
  const strided_space *space, intptr_t operand, size_t item_size, const char *source, intptr_t start, intptr_t count,
  char *destination);

/// The offset of the element at a row-major position of the space, in one operand.
static inline intptr_t strided_offset(const strided_space *space, intptr_t operand, intptr_t position) {
  intptr_t offset = 0;
  for (intptr_t d = space->rank - 1; d > 0; d--) {
    offset += position % space->dims[d] * space->strides[operand][d];
    position /= space->dims[d];
  }
  return offset + position * space->strides[operand][0];
}
