#include <string.h>

#include "../Kernels.h"
#include "../Numbers.h"
#include "../include/AviaryIndexing.h"

/// Slices taken from one array or added to another; all outer rows share the positions, or each has its own.
typedef struct {
  aviary_dtype type;
  size_t size;
  intptr_t outer, axis_length, inner, count;
  /// The distance between the positions of consecutive outer rows; 0 if they are shared.
  intptr_t index_stride;
  const char *from;
  const int64_t *indices;
  char *to;
  /// The parts of an outer row's work, divided by columns of the slices or by positions of the result.
  intptr_t pieces;
  bool by_columns;
} index_work;

#define COPY_EACH(T) \
  for (intptr_t j = 0; j < n; j++) ((T *)to)[j] = ((const T *)from)[indices[j]]; \
  return;

/// to[j] = from[indices[j]], n slices of `run` bytes.
static void copy_slices(size_t run, const char *from, intptr_t n, const int64_t *indices, char *to) {
  switch (run) {
    case 1: COPY_EACH(uint8_t)
    case 2: COPY_EACH(uint16_t)
    case 4: COPY_EACH(uint32_t)
    case 8: COPY_EACH(uint64_t)
    default: break;
  }
  for (intptr_t j = 0; j < n; j++) memcpy(to + (size_t)j * run, from + (size_t)indices[j] * run, run);
}

/// The slices start ..< end of the result.
static void gather_range(const void *context, intptr_t start, intptr_t end) {
  const index_work *w = context;
  const size_t run = (size_t)w->inner * w->size;
  while (start < end) {
    const intptr_t o = start / w->count, j = start % w->count;
    const intptr_t n = w->count - j < end - start ? w->count - j : end - start;
    copy_slices(
      run, w->from + (size_t)(o * w->axis_length) * run, n, w->indices + o * w->index_stride + j,
      w->to + (size_t)start * run);
    start += n;
  }
}

static void gather(const index_work *w) {
  if (w->count <= 0 || w->inner <= 0) return;
  const intptr_t slices = TASK_CHEAP / w->inner;
  aviary_for_ranges(w->outer * w->count, slices < 1 ? 1 : slices, gather_range, w);
}

void aviary_gather(
  size_t item_size, intptr_t outer, intptr_t axis_length, intptr_t inner, const void *x, intptr_t count,
  const int64_t *indices, void *out
) {
  gather(&(index_work){
    .size = item_size, .outer = outer, .axis_length = axis_length, .inner = inner, .count = count, .from = x,
    .indices = indices, .to = out});
}

void aviary_gather_elements(
  size_t item_size, intptr_t rows, intptr_t columns, const void *x, intptr_t count, const int64_t *indices, void *out
) {
  gather(&(index_work){
    .size = item_size, .outer = rows, .axis_length = columns, .inner = 1, .count = count, .index_stride = count,
    .from = x, .indices = indices, .to = out});
}

static void scatter_range(const void *context, intptr_t start, intptr_t end) {
  const index_work *w = context;
  const size_t run = (size_t)w->inner * w->size;
  for (intptr_t o = start; o < end; o++) {
    const char *from = w->from + (size_t)(o * w->count) * run;
    char *to = w->to + (size_t)(o * w->axis_length) * run;
    for (intptr_t j = 0; j < w->count; j++) {
      memcpy(to + (size_t)w->indices[j] * run, from + (size_t)j * run, run);
    }
  }
}

void aviary_scatter(
  size_t item_size, intptr_t outer, intptr_t axis_length, intptr_t inner, const void *updates, intptr_t count,
  const int64_t *indices, void *out
) {
  if (count <= 0 || inner <= 0) return;
  const index_work work = {
    .size = item_size, .axis_length = axis_length, .inner = inner, .count = count, .from = updates,
    .indices = indices, .to = out};
  const intptr_t rows = TASK_CHEAP / (count * inner);
  aviary_for_ranges(outer, rows < 1 ? 1 : rows, scatter_range, &work);
}

/// Adds the columns `column` ..< `column` + `width` of the slices whose positions are `low` ..< `high`, in the order of j.
#define ADD_SLICES(T) \
  for (intptr_t j = 0; j < w->count; j++) { \
    if (indices[j] < low || indices[j] >= high) continue; \
    const T *from = (const T *)w->from + (o * w->count + j) * w->inner + column; \
    T *to = (T *)w->to + (o * w->axis_length + indices[j]) * w->inner + column; \
    for (intptr_t i = 0; i < width; i++) to[i] = (T)(to[i] + from[i]); \
  } \
  break;

/// The start of a part when `units` are distributed over the pieces.
static intptr_t part_start(const index_work *w, intptr_t units, intptr_t part) {
  return (intptr_t)((__int128)units * part / w->pieces);
}

static void scatter_add_range(const void *context, intptr_t start, intptr_t end) {
  const index_work *w = context;
  for (intptr_t unit = start; unit < end; unit++) {
    const intptr_t o = unit / w->pieces, part = unit % w->pieces, units = w->by_columns ? w->inner : w->axis_length;
    const intptr_t first = part_start(w, units, part), last = part_start(w, units, part + 1);
    const intptr_t column = w->by_columns ? first : 0, width = w->by_columns ? last - first : w->inner;
    const intptr_t low = w->by_columns ? 0 : first, high = w->by_columns ? w->axis_length : last;
    const int64_t *indices = w->indices + o * w->index_stride;
    switch (w->type) {
      case AVIARY_INT8: case AVIARY_UINT8: ADD_SLICES(uint8_t)
      case AVIARY_INT16: case AVIARY_UINT16: ADD_SLICES(uint16_t)
      case AVIARY_INT32: case AVIARY_UINT32: ADD_SLICES(uint32_t)
      case AVIARY_INT64: case AVIARY_UINT64: ADD_SLICES(uint64_t)
      case AVIARY_FLOAT32: ADD_SLICES(float)
      case AVIARY_FLOAT64: ADD_SLICES(double)
      default: break;
    }
  }
}

/// Each number of the result belongs to one task, which adds to it in the order of j: the sums do not depend on the parts.
static bool scatter_add(index_work w) {
  if (w.type == AVIARY_BOOL || w.type == AVIARY_FLOAT16 || w.type == AVIARY_BFLOAT16) return false;
  if (w.outer <= 0 || w.count <= 0 || w.inner <= 0) return true;
  w.by_columns = w.inner >= 64;
  const intptr_t row = w.count * w.inner, most = w.by_columns ? w.inner / 32 : w.axis_length < 64 ? w.axis_length : 64;
  w.pieces = w.outer >= 64 ? 1 : row / TASK_CHEAP + 1;
  if (w.pieces > most) w.pieces = most;
  const intptr_t units = TASK_CHEAP / (row / w.pieces + 1);
  aviary_for_ranges(w.outer * w.pieces, units < 1 ? 1 : units, scatter_add_range, &w);
  return true;
}

bool aviary_scatter_add(
  aviary_dtype type, intptr_t outer, intptr_t axis_length, intptr_t inner, const void *updates, intptr_t count,
  const int64_t *indices, void *out
) {
  return scatter_add((index_work){
    .type = type, .outer = outer, .axis_length = axis_length, .inner = inner, .count = count, .from = updates,
    .indices = indices, .to = out});
}

bool aviary_scatter_elements_add(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *updates, intptr_t count, const int64_t *indices,
  void *out
) {
  return scatter_add((index_work){
    .type = type, .outer = rows, .axis_length = columns, .inner = 1, .count = count, .index_stride = count,
    .from = updates, .indices = indices, .to = out});
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
