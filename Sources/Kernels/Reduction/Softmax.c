// Splits the rows of softmax and its relatives over threads.

#include "../Kernels.h"
#include "../Numbers.h"

typedef struct {
  const float_kernels *kernels;
  size_t size;
  intptr_t columns, inner;
  const char *x, *y;
  char *out;
} row_work;

/// The number of rows per task.
static intptr_t rows_of(intptr_t columns) { return columns > 0 ? (TASK_DEAR + columns - 1) / columns : TASK_DEAR; }

/// Defines NAME, a pass over rows of x to rows of out.
#define ROW_PASS(NAME) \
  static void NAME##_range(const void *context, intptr_t start, intptr_t end) { \
    const row_work *w = context; \
    const size_t skip = (size_t)(start * w->columns) * w->size; \
    w->kernels->NAME(end - start, w->columns, w->x + skip, w->out + skip); \
  } \
  bool aviary_##NAME(aviary_dtype type, intptr_t rows, intptr_t columns, const void *x, void *y) { \
    const row_work work = {float_vectors(type), item_size_of(type), columns, 1, x, NULL, y}; \
    if (!work.kernels) return false; \
    aviary_for_ranges(rows, rows_of(columns), NAME##_range, &work); \
    return true; \
  }
ROW_PASS(softmax)
ROW_PASS(log_softmax)

/// Defines NAME, a pass over rows of y and dy to rows of dx.
#define ROW_PASS_BACK(NAME) \
  static void NAME##_range(const void *context, intptr_t start, intptr_t end) { \
    const row_work *w = context; \
    const size_t skip = (size_t)(start * w->columns) * w->size; \
    w->kernels->NAME(end - start, w->columns, w->x + skip, w->y + skip, w->out + skip); \
  } \
  bool aviary_##NAME( \
    aviary_dtype type, intptr_t rows, intptr_t columns, const void *y, const void *dy, void *dx \
  ) { \
    const row_work work = {float_vectors(type), item_size_of(type), columns, 1, y, dy, dx}; \
    if (!work.kernels) return false; \
    aviary_for_ranges(rows, rows_of(columns), NAME##_range, &work); \
    return true; \
  }
ROW_PASS_BACK(softmax_backward)
ROW_PASS_BACK(log_softmax_backward)

static void log_sum_exp_range(const void *context, intptr_t start, intptr_t end) {
  const row_work *w = context;
  const size_t slab = (size_t)(w->columns * w->inner) * w->size;
  for (intptr_t o = start; o < end; o++) {
    w->kernels->log_sum_exp(
      w->columns, w->inner, w->inner, w->x + (size_t)o * slab, w->out + (size_t)(o * w->inner) * w->size);
  }
}

bool aviary_log_sum_exp(
  aviary_dtype type, intptr_t outer, intptr_t reduced, intptr_t inner, const void *x, void *out
) {
  const row_work work = {float_vectors(type), item_size_of(type), reduced, inner, x, NULL, out};
  if (!work.kernels) return false;
  aviary_for_ranges(outer, rows_of(reduced * inner), log_sum_exp_range, &work);
  return true;
}
