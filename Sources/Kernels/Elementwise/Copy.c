// Copies between strided and contiguous memory: runs by memcpy, transpositions in blocks, the rest element by element.

#include <string.h>

#include "../Kernels.h"
#include "../Strided.h"

/// The rows and columns of a block of a transposition: one cache line of the narrowest items, and short enough for
/// wider ones.
#define TILE ((intptr_t)32)

typedef struct {
  const strided_space *space;
  size_t item_size;
  const char *source;
  char *destination;
  /// The dimension along which the source is contiguous, if that is not the last one.
  intptr_t fast;
  /// Steps of the contiguous array for each dimension.
  intptr_t steps[AVIARY_MAX_RANK];
} copy_work;

static void gather_range(const void *context, intptr_t start, intptr_t end) {
  const copy_work *w = context;
  char *to = w->destination + (size_t)start * w->item_size;
  strided_gather(w->space, 0, w->item_size, w->source, start, end - start, to);
}

typedef uint32_t four_words __attribute__((vector_size(16)));

/// to[j · to_stride + i] = from[i · from_stride + j] for a block of 4×4.
static inline void transpose_4x4(const uint32_t *from, intptr_t from_stride, uint32_t *to, intptr_t to_stride) {
  four_words a, b, c, d;
  memcpy(&a, from, 16);
  memcpy(&b, from + from_stride, 16);
  memcpy(&c, from + 2 * from_stride, 16);
  memcpy(&d, from + 3 * from_stride, 16);
  const four_words ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const four_words cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  a = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
  b = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
  c = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
  d = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
  memcpy(to, &a, 16);
  memcpy(to + to_stride, &b, 16);
  memcpy(to + 2 * to_stride, &c, 16);
  memcpy(to + 3 * to_stride, &d, 16);
}

#define TRANSPOSE(U) \
  for (intptr_t j = 0; j < columns; j++) { \
    for (intptr_t i = 0; i < rows; i++) ((U *)to)[j * to_stride + i] = ((const U *)from)[i * from_stride + j]; \
  }

/// to[j · to_stride + i] = from[i · from_stride + j] for i < rows, j < columns.
static void transpose_block(
  size_t item_size, intptr_t rows, intptr_t columns, const char *from, intptr_t from_stride, char *to,
  intptr_t to_stride
) {
  switch (item_size) {
    case 1: TRANSPOSE(uint8_t) break;
    case 2: TRANSPOSE(uint16_t) break;
    case 8: TRANSPOSE(uint64_t) break;
    default:
      if (rows % 4 == 0 && columns % 4 == 0) {
        for (intptr_t j = 0; j < columns; j += 4) {
          for (intptr_t i = 0; i < rows; i += 4) {
            const uint32_t *block = (const uint32_t *)from + i * from_stride + j;
            transpose_4x4(block, from_stride, (uint32_t *)to + j * to_stride + i, to_stride);
          }
        }
      } else {
        TRANSPOSE(uint32_t)
      }
  }
}

/// Tasks are strips of TILE elements of the last dimension, one for each index of all dimensions except the last and
/// `fast`.
static void transpose_range(const void *context, intptr_t start, intptr_t end) {
  const copy_work *w = context;
  const strided_space *space = w->space;
  const intptr_t last = space->rank - 1, strips = (space->dims[last] + TILE - 1) / TILE;
  for (intptr_t task = start; task < end; task++) {
    intptr_t rest = task / strips, from = 0, to = 0;
    for (intptr_t d = last - 1; d >= 0; d--) {
      if (d == w->fast) continue;
      from += rest % space->dims[d] * space->strides[0][d];
      to += rest % space->dims[d] * w->steps[d];
      rest /= space->dims[d];
    }
    const intptr_t i = task % strips * TILE;
    const intptr_t rows = space->dims[last] - i < TILE ? space->dims[last] - i : TILE;
    for (intptr_t j = 0; j < space->dims[w->fast]; j += TILE) {
      const intptr_t columns = space->dims[w->fast] - j < TILE ? space->dims[w->fast] - j : TILE;
      transpose_block(
        w->item_size, rows, columns,
        w->source + (from + i * space->strides[0][last] + j) * (intptr_t)w->item_size, space->strides[0][last],
        w->destination + (to + i + j * w->steps[w->fast]) * (intptr_t)w->item_size, w->steps[w->fast]);
    }
  }
}

void aviary_copy_strided(
  size_t item_size, intptr_t rank, const intptr_t *dims, const void *source, const intptr_t *source_strides,
  void *destination
) {
  strided_space space;
  strided_space_make(&space, rank, dims, 1, &source_strides);
  if (space.count <= 0) return;
  copy_work work = {&space, item_size, source, destination, -1, {0}};
  const intptr_t last = space.rank - 1;
  intptr_t step = 1;
  for (intptr_t d = last; d >= 0; d--) {
    work.steps[d] = step;
    step *= space.dims[d];
    if (d < last && space.strides[0][d] == 1 && space.dims[d] >= 4) work.fast = d;
  }
  const bool simple = item_size == 1 || item_size == 2 || item_size == 4 || item_size == 8;
  if (space.strides[0][last] == 1 || work.fast < 0 || !simple || space.dims[last] < 4) {
    aviary_for_ranges(space.count, TASK_CHEAP, gather_range, &work);
    return;
  }
  const intptr_t strips = (space.dims[last] + TILE - 1) / TILE;
  const intptr_t tasks = space.count / space.dims[last] / space.dims[work.fast] * strips;
  const intptr_t items = space.count / tasks;
  aviary_for_ranges(tasks, (TASK_CHEAP + items - 1) / items, transpose_range, &work);
}

#define SCATTER(U) \
  for (intptr_t i = 0; i < run; i++) ((U *)destination)[offset + i * stride] = ((const U *)source)[done + i];

void aviary_copy_to_strided(
  size_t item_size, intptr_t rank, const intptr_t *dims, const void *source, void *destination,
  const intptr_t *destination_strides
) {
  strided_space space;
  strided_space_make(&space, rank, dims, 1, &destination_strides);
  const intptr_t last = space.rank - 1, run = space.dims[last], stride = space.strides[0][last];
  for (intptr_t done = 0; done < space.count; done += run) {
    const intptr_t offset = strided_offset(&space, 0, done);
    const char *from = (const char *)source + (size_t)done * item_size;
    char *to = (char *)destination + offset * (intptr_t)item_size;
    if (stride == 1) {
      memcpy(to, from, (size_t)run * item_size);
      continue;
    }
    switch (item_size) {
      case 1: SCATTER(uint8_t) break;
      case 2: SCATTER(uint16_t) break;
      case 4: SCATTER(uint32_t) break;
      case 8: SCATTER(uint64_t) break;
      default:
        for (intptr_t i = 0; i < run; i++) {
          memcpy(to + i * stride * (intptr_t)item_size, from + (size_t)i * item_size, item_size);
        }
    }
  }
}
