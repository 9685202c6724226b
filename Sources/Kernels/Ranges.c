#include "Kernels.h"

typedef struct {
  intptr_t n, size;
  range_body *body;
  const void *context;
} ranges;

static void run_range(void *context, intptr_t task) {
  const ranges *work = context;
  const intptr_t start = task * work->size, end = start + work->size;
  work->body(work->context, start, end < work->n ? end : work->n);
}

void aviary_for_ranges(intptr_t n, intptr_t size, range_body *body, const void *context) {
  if (n < 2 * size) {
    if (n > 0) body(context, 0, n);
    return;
  }
  ranges work = {n, size, body, context};
  aviary_parallel((n + size - 1) / size, run_range, &work);
}
