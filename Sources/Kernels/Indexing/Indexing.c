#include <string.h>

#include "../Numbers.h"
#include "../include/AviaryIndexing.h"

void aviary_gather(
  size_t item_size, intptr_t outer, intptr_t axis_length, intptr_t inner, const void *x, intptr_t count,
  const int64_t *indices, void *out
) {
  const size_t run = (size_t)inner * item_size;
  for (intptr_t o = 0; o < outer; o++) {
    const char *from = (const char *)x + (size_t)(o * axis_length) * run;
    char *to = (char *)out + (size_t)(o * count) * run;
    for (intptr_t j = 0; j < count; j++) memcpy(to + (size_t)j * run, from + (size_t)indices[j] * run, run);
  }
}

void aviary_scatter(
  size_t item_size, intptr_t outer, intptr_t axis_length, intptr_t inner, const void *updates, intptr_t count,
  const int64_t *indices, void *out
) {
  const size_t run = (size_t)inner * item_size;
  for (intptr_t o = 0; o < outer; o++) {
    const char *from = (const char *)updates + (size_t)(o * count) * run;
    char *to = (char *)out + (size_t)(o * axis_length) * run;
    for (intptr_t j = 0; j < count; j++) memcpy(to + (size_t)indices[j] * run, from + (size_t)j * run, run);
  }
}

#define SCATTER_ADD(T) \
  for (intptr_t o = 0; o < outer; o++) { \
    for (intptr_t j = 0; j < count; j++) { \
      const T *from = (const T *)updates + (o * count + j) * inner; \
      T *to = (T *)out + (o * axis_length + indices[j]) * inner; \
      for (intptr_t i = 0; i < inner; i++) to[i] = (T)(to[i] + from[i]); \
    } \
  } \
  return true;

bool aviary_scatter_add(
  aviary_dtype type, intptr_t outer, intptr_t axis_length, intptr_t inner, const void *updates, intptr_t count,
  const int64_t *indices, void *out
) {
  switch (type) {
    case AVIARY_INT8: case AVIARY_UINT8: SCATTER_ADD(uint8_t)
    case AVIARY_INT16: case AVIARY_UINT16: SCATTER_ADD(uint16_t)
    case AVIARY_INT32: case AVIARY_UINT32: SCATTER_ADD(uint32_t)
    case AVIARY_INT64: case AVIARY_UINT64: SCATTER_ADD(uint64_t)
    case AVIARY_FLOAT32: SCATTER_ADD(float)
    case AVIARY_FLOAT64: SCATTER_ADD(double)
    default: return false;
  }
}

#define ONE_HOT(T, ONE) \
  for (intptr_t r = 0; r < n; r++) { \
    if (labels[r] >= 0 && labels[r] < classes) ((T *)out)[r * classes + labels[r]] = (T)(ONE); \
  } \
  break;

void aviary_one_hot(aviary_dtype type, intptr_t n, intptr_t classes, const int64_t *labels, void *out) {
  memset(out, 0, (size_t)(n * classes) * item_size_of(type));
  switch (type) {
    case AVIARY_BOOL: case AVIARY_INT8: case AVIARY_UINT8: ONE_HOT(uint8_t, 1)
    case AVIARY_INT16: case AVIARY_UINT16: ONE_HOT(uint16_t, 1)
    case AVIARY_INT32: case AVIARY_UINT32: ONE_HOT(uint32_t, 1)
    case AVIARY_INT64: case AVIARY_UINT64: ONE_HOT(uint64_t, 1)
    case AVIARY_FLOAT16: ONE_HOT(uint16_t, 0x3C00)
    case AVIARY_BFLOAT16: ONE_HOT(uint16_t, 0x3F80)
    case AVIARY_FLOAT32: ONE_HOT(float, 1)
    case AVIARY_FLOAT64: ONE_HOT(double, 1)
  }
}

void aviary_gather_elements(
  size_t item_size, intptr_t rows, intptr_t columns, const void *x, intptr_t count, const int64_t *indices, void *out
) {
  for (intptr_t r = 0; r < rows; r++) {
    aviary_gather(
      item_size, 1, columns, 1, (const char *)x + (size_t)(r * columns) * item_size, count, indices + r * count,
      (char *)out + (size_t)(r * count) * item_size);
  }
}

bool aviary_scatter_elements_add(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *updates, intptr_t count, const int64_t *indices,
  void *out
) {
  const size_t item_size = item_size_of(type);
  bool defined = aviary_scatter_add(type, 0, columns, 1, updates, count, indices, out);
  for (intptr_t r = 0; r < rows && defined; r++) {
    defined = aviary_scatter_add(
      type, 1, columns, 1, (const char *)updates + (size_t)(r * count) * item_size, count, indices + r * count,
      (char *)out + (size_t)(r * columns) * item_size);
  }
  return defined;
}
