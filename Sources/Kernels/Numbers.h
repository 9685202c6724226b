#pragma once

// Private: lists of the element types, for code that is written once for all of them.

#include <stddef.h>
#include <stdint.h>

#include "include/AviaryTypes.h"

/// M(suffix, C type, unsigned type of the same width, smallest value, largest value) for the signed integers.
#define FOR_SIGNED(M) \
  M(int8, int8_t, uint8_t, INT8_MIN, INT8_MAX) \
  M(int16, int16_t, uint16_t, INT16_MIN, INT16_MAX) \
  M(int32, int32_t, uint32_t, INT32_MIN, INT32_MAX) \
  M(int64, int64_t, uint64_t, INT64_MIN, INT64_MAX)

/// The same for the unsigned integers.
#define FOR_UNSIGNED(M) \
  M(uint8, uint8_t, uint8_t, 0, UINT8_MAX) \
  M(uint16, uint16_t, uint16_t, 0, UINT16_MAX) \
  M(uint32, uint32_t, uint32_t, 0, UINT32_MAX) \
  M(uint64, uint64_t, uint64_t, 0, UINT64_MAX)

#define FOR_INTEGERS(M) FOR_SIGNED(M) FOR_UNSIGNED(M)

/// The size of an element in bytes.
static inline size_t item_size_of(aviary_dtype type) {
  switch (type) {
    case AVIARY_BOOL: case AVIARY_INT8: case AVIARY_UINT8: return 1;
    case AVIARY_INT16: case AVIARY_UINT16: case AVIARY_FLOAT16: case AVIARY_BFLOAT16: return 2;
    case AVIARY_INT32: case AVIARY_UINT32: case AVIARY_FLOAT32: return 4;
    case AVIARY_INT64: case AVIARY_UINT64: case AVIARY_FLOAT64: return 8;
  }
  return 0;
}
