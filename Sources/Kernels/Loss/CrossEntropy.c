// Splits the rows of the cross-entropies over threads.

#include "../Kernels.h"
#include "../Numbers.h"

typedef struct {
  const float_kernels *kernels;
  size_t size;
  intptr_t columns, scale_stride;
  const char *x;
  const int64_t *labels;
  const char *targets, *scale;
  char *losses, *out;
} loss_work;

static intptr_t rows_of(intptr_t columns) { return columns > 0 ? (TASK_DEAR + columns - 1) / columns : TASK_DEAR; }

/// A pointer moved by elements; NULL stays NULL.
static inline const char *moved(const char *p, intptr_t elements, size_t size) {
  return p ? p + (size_t)elements * size : NULL;
}

static void loss_range(const void *context, intptr_t start, intptr_t end) {
  const loss_work *w = context;
  const intptr_t skip = start * w->columns;
  w->kernels->cross_entropy(
    end - start, w->columns, moved(w->x, skip, w->size), w->labels ? w->labels + start : NULL,
    moved(w->targets, skip, w->size), w->losses + (size_t)start * w->size, (char *)moved(w->out, skip, w->size));
}

static void gradient_range(const void *context, intptr_t start, intptr_t end) {
  const loss_work *w = context;
  const intptr_t skip = start * w->columns;
  w->kernels->cross_entropy_gradient(
    end - start, w->columns, moved(w->x, skip, w->size), w->labels ? w->labels + start : NULL,
    moved(w->targets, skip, w->size), moved(w->scale, start * w->scale_stride, w->size), w->scale_stride,
    w->out + (size_t)skip * w->size);
}

static bool run(aviary_dtype type, intptr_t rows, loss_work work, range_body *body) {
  work.kernels = float_vectors(type);
  work.size = item_size_of(type);
  if (!work.kernels) return false;
  aviary_for_ranges(rows, rows_of(work.columns), body, &work);
  return true;
}

bool aviary_softmax_cross_entropy_labels(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *logits, const int64_t *labels, void *losses,
  void *probabilities
) {
  const loss_work work = {
    .columns = columns, .x = logits, .labels = labels, .losses = losses, .out = probabilities};
  return run(type, rows, work, loss_range);
}

bool aviary_softmax_cross_entropy_targets(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *logits, const void *targets, void *losses,
  void *probabilities
) {
  const loss_work work = {
    .columns = columns, .x = logits, .targets = targets, .losses = losses, .out = probabilities};
  return run(type, rows, work, loss_range);
}

bool aviary_softmax_cross_entropy_labels_gradient(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *probabilities, const int64_t *labels,
  const void *scale, intptr_t scale_stride, void *gradient
) {
  const loss_work work = {
    .columns = columns, .scale_stride = scale_stride, .x = probabilities, .labels = labels, .scale = scale,
    .out = gradient};
  return run(type, rows, work, gradient_range);
}

bool aviary_softmax_cross_entropy_targets_gradient(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *probabilities, const void *targets,
  const void *scale, intptr_t scale_stride, void *gradient
) {
  const loss_work work = {
    .columns = columns, .scale_stride = scale_stride, .x = probabilities, .targets = targets, .scale = scale,
    .out = gradient};
  return run(type, rows, work, gradient_range);
}

static void sigmoid_range(const void *context, intptr_t start, intptr_t end) {
  const loss_work *w = context;
  const size_t skip = (size_t)start * w->size;
  w->kernels->sigmoid_cross_entropy(end - start, w->x + skip, w->targets + skip, w->losses + skip);
}

static void sigmoid_gradient_range(const void *context, intptr_t start, intptr_t end) {
  const loss_work *w = context;
  const size_t skip = (size_t)start * w->size;
  w->kernels->sigmoid_cross_entropy_gradient(
    end - start, w->x + skip, w->targets + skip, moved(w->scale, start * w->scale_stride, w->size), w->scale_stride,
    w->out + skip);
}

bool aviary_sigmoid_cross_entropy(
  aviary_dtype type, intptr_t n, const void *logits, const void *targets, void *losses
) {
  const loss_work work = {.columns = 1, .x = logits, .targets = targets, .losses = losses};
  return run(type, n, work, sigmoid_range);
}

bool aviary_sigmoid_cross_entropy_gradient(
  aviary_dtype type, intptr_t n, const void *logits, const void *targets, const void *scale, intptr_t scale_stride,
  void *gradient
) {
  const loss_work work = {
    .columns = 1, .scale_stride = scale_stride, .x = logits, .targets = targets, .scale = scale, .out = gradient};
  return run(type, n, work, sigmoid_gradient_range);
}
