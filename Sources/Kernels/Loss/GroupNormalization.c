// Normalization of groups of channels per example: moments of columns, combined to those of groups, and one pass of
// factors over the columns. A layer normalization has one position and one group.

#include <math.h>
#include <string.h>

#include "../Dense/Dense.h"
#include "../Kernels.h"
#include "../Numbers.h"

/// The maximum number of examples per task, so that sequential sums stay short.
enum { most_examples = 128 };

typedef struct {
  const float_kernels *kernels;
  aviary_dtype type;
  size_t size;
  const aviary_group_norm *shape;
  /// An example is processed as `rows` rows of `copies` times its channels, so that few channels still fill the
  /// vectors.
  intptr_t copies, rows, width;
  /// The number of examples per task.
  intptr_t chunk;
  const char *x, *dy, *gamma, *beta;
  char *out, *mean, *variance;
  /// The sums of each task's examples, [tasks, channels].
  char *dgamma, *dbeta;
} group_work;

/// The buffers of one task, each as long as a row.
typedef struct {
  char *center, *scale, *shift, *slope, *sums, *products, *memory;
  size_t bytes;
} group_scratch;

static bool prepare(group_work *w, aviary_dtype type, const aviary_group_norm *shape) {
  w->kernels = float_vectors(type);
  if (!w->kernels) return false;
  w->type = type;
  w->size = item_size_of(type);
  w->shape = shape;
  w->copies = 1;
  while (shape->channels * w->copies * 2 <= 128 && shape->places % (w->copies * 2) == 0) w->copies *= 2;
  w->rows = shape->places / w->copies;
  w->width = shape->channels * w->copies;
  const intptr_t elements = shape->places * shape->channels, wanted = (TASK_CHEAP + elements - 1) / elements;
  w->chunk = wanted < most_examples ? wanted : most_examples;
  return true;
}

static group_scratch scratch_of(const group_work *w) {
  const size_t row = ((size_t)w->width * w->size + 63) / 64 * 64;
  group_scratch s = {.bytes = 6 * row};
  s.memory = dense_scratch(s.bytes);
  char **const parts[] = {&s.center, &s.scale, &s.shift, &s.slope, &s.sums, &s.products};
  for (size_t i = 0; i < 6; i++) *parts[i] = s.memory + i * row;
  return s;
}

static inline double element_of(const group_work *w, const void *p, intptr_t i) {
  return w->type == AVIARY_FLOAT32 ? (double)((const float *)p)[i] : ((const double *)p)[i];
}

static inline void fill(const group_work *w, void *p, intptr_t start, intptr_t n, double value) {
  if (w->type == AVIARY_FLOAT32) {
    for (intptr_t i = start; i < start + n; i++) ((float *)p)[i] = (float)value;
  } else {
    for (intptr_t i = start; i < start + n; i++) ((double *)p)[i] = value;
  }
}

/// Repeats a row of channels to the full width.
static void repeat(const group_work *w, char *p) {
  const size_t row = (size_t)w->shape->channels * w->size;
  for (intptr_t k = 1; k < w->copies; k++) memcpy(p + (size_t)k * row, p, row);
}

/// Sums a row of the full width to a row of channels.
static void fold(const group_work *w, char *p, char *other) {
  const intptr_t channels = w->shape->channels;
  if (w->copies == 1) return;
  w->kernels->reduce(AVIARY_REDUCE_SUM, w->copies, channels, channels, p, other);
  memcpy(p, other, (size_t)channels * w->size);
}

/// The sum over one group of a row of channels.
static double group_sum(const group_work *w, const char *p, intptr_t group) {
  const intptr_t length = w->shape->channels / w->shape->groups;
  double sum = 0;
  w->kernels->reduce(AVIARY_REDUCE_SUM, length, 1, 1, p + (size_t)(group * length) * w->size, &sum);
  return element_of(w, &sum, 0);
}

/// The number of elements in a group.
static double group_count(const group_work *w) {
  return (double)w->shape->places * (double)(w->shape->channels / w->shape->groups);
}

/// Computes the mean and the variance of each group of an example in two passes; the second corrects the mean of the
/// first, and the remaining rounding error of the mean goes to `slope`.
static void group_moments(const group_work *w, const group_scratch *s, const char *x, intptr_t image) {
  const intptr_t groups = w->shape->groups, length = w->shape->channels / groups;
  if (w->shape->centered) {
    w->kernels->reduce(AVIARY_REDUCE_SUM, w->rows, w->width, w->width, x, s->sums);
    fold(w, s->sums, s->products);
  }
  for (intptr_t g = 0; g < groups; g++) {
    const double mean = w->shape->centered ? group_sum(w, s->sums, g) / group_count(w) : 0;
    fill(w, w->mean, image * groups + g, 1, mean);
    fill(w, s->center, g * length, length, mean);
  }
  repeat(w, s->center);
  for (intptr_t c = 0; c < w->width; c += w->kernels->tile) {
    const size_t skip = (size_t)c * w->size;
    w->kernels->deviations(
      w->rows, w->width, w->width - c < w->kernels->tile ? w->width - c : w->kernels->tile, x + skip, s->center + skip,
      s->sums + skip, s->products + skip);
  }
  fold(w, s->sums, s->slope);
  fold(w, s->products, s->slope);
  for (intptr_t g = 0; g < groups; g++) {
    const double shift = w->shape->centered ? group_sum(w, s->sums, g) / group_count(w) : 0;
    const double squares = group_sum(w, s->products, g) / group_count(w) - shift * shift;
    fill(w, w->variance, image * groups + g, 1, squares < 0 ? 0 : squares);
    fill(w, s->slope, g, 1, shift);
  }
}

/// Whether each example is one row with one group, so that no column sums are needed.
static bool is_rows(const aviary_group_norm *shape) { return shape->places == 1 && shape->groups == 1; }

static void forward_range(const void *context, intptr_t start, intptr_t end) {
  const group_work *w = context;
  if (is_rows(w->shape)) {
    const size_t skip = (size_t)(start * w->shape->channels) * w->size, row = (size_t)start * w->size;
    w->kernels->row_norm(
      end - start, w->shape->channels, w->shape->centered, w->shape->epsilon, w->x + skip, w->gamma, w->beta, w->out + skip,
      w->mean + row, w->variance + row);
    return;
  }
  const group_scratch s = scratch_of(w);
  const intptr_t channels = w->shape->channels, groups = w->shape->groups, length = channels / groups;
  for (intptr_t image = start; image < end; image++) {
    const size_t skip = (size_t)(image * w->shape->places * channels) * w->size;
    group_moments(w, &s, w->x + skip, image);
    memcpy(s.shift, w->beta, (size_t)channels * w->size);
    for (intptr_t g = 0; g < groups; g++) {
      const double inverse = 1 / sqrt(element_of(w, w->variance, image * groups + g) + w->shape->epsilon);
      const size_t first = (size_t)(g * length) * w->size;
      w->kernels->scale(length, inverse, 0, w->gamma + first, s.scale + first);
      w->kernels->axpy(length, -element_of(w, s.slope, g), s.scale + first, s.shift + first);
    }
    repeat(w, s.scale);
    repeat(w, s.shift);
    w->kernels->norm_apply(w->rows, w->width, w->x + skip, s.center, s.scale, s.shift, w->out + skip);
  }
  aviary_deallocate(s.memory, s.bytes);
}

bool aviary_group_norm_forward(
  aviary_dtype type, const aviary_group_norm *shape, const void *x, const void *gamma, const void *beta, void *y,
  void *mean, void *variance
) {
  group_work w = {.x = x, .gamma = gamma, .beta = beta, .out = y, .mean = mean, .variance = variance};
  if (shape->n <= 0 || shape->channels <= 0 || shape->places <= 0) return float_vectors(type) != NULL;
  if (!prepare(&w, type, shape)) return false;
  aviary_for_ranges(shape->n, w.chunk, forward_range, &w);
  return true;
}

/// Computes the factors of dx = scale · dy - shift - slope · (x - center) for an example from its sums over the
/// positions.
static void backward_factors(const group_work *w, const group_scratch *s, intptr_t image, char *dgamma) {
  const intptr_t groups = w->shape->groups, length = w->shape->channels / groups;
  for (intptr_t g = 0; g < groups; g++) {
    const double inverse = 1 / sqrt(element_of(w, w->variance, image * groups + g) + w->shape->epsilon);
    const size_t first = (size_t)(g * length) * w->size;
    w->kernels->axpy(length, inverse, s->products + first, dgamma + first);
    w->kernels->scale(length, inverse, 0, w->gamma + first, s->scale + first);
    w->kernels->binary(AVIARY_BINARY_MULTIPLY, length, s->sums + first, 1, s->scale + first, 1, s->shift + first, false);
    w->kernels->binary(AVIARY_BINARY_MULTIPLY, length, s->products + first, 1, s->scale + first, 1, s->slope + first, false);
    const double shift = w->shape->centered ? group_sum(w, s->shift, g) / group_count(w) : 0;
    const double slope = group_sum(w, s->slope, g) / group_count(w) * inverse * inverse;
    fill(w, s->shift, g * length, length, shift);
    fill(w, s->slope, g * length, length, slope);
  }
  char *const rows[] = {s->scale, s->shift, s->slope};
  for (size_t i = 0; i < 3; i++) repeat(w, rows[i]);
}

static void backward_range(const void *context, intptr_t start, intptr_t end) {
  const group_work *w = context;
  const intptr_t channels = w->shape->channels, groups = w->shape->groups, length = channels / groups;
  const size_t task = (size_t)(start / w->chunk * channels) * w->size;
  char *const dgamma = w->dgamma + task, *const dbeta = w->dbeta + task;
  memset(dgamma, 0, (size_t)channels * w->size);
  memset(dbeta, 0, (size_t)channels * w->size);
  if (is_rows(w->shape)) {
    const size_t skip = (size_t)(start * channels) * w->size, row = (size_t)start * w->size;
    w->kernels->row_norm_backward(
      end - start, channels, w->shape->centered, w->shape->epsilon, w->x + skip, w->mean + row, w->variance + row, w->gamma,
      w->dy + skip, w->out + skip, dgamma, dbeta);
    return;
  }
  const group_scratch s = scratch_of(w);
  for (intptr_t image = start; image < end; image++) {
    const size_t skip = (size_t)(image * w->shape->places * channels) * w->size;
    for (intptr_t g = 0; g < groups; g++) {
      fill(w, s.center, g * length, length, element_of(w, w->mean, image * groups + g));
    }
    repeat(w, s.center);
    for (intptr_t c = 0; c < w->width; c += w->kernels->tile) {
      const size_t at = (size_t)c * w->size;
      w->kernels->norm_sums(
        w->rows, w->width, w->width - c < w->kernels->tile ? w->width - c : w->kernels->tile, w->x + skip + at,
        w->dy + skip + at, s.center + at, s.sums + at, s.products + at);
    }
    fold(w, s.sums, s.slope);
    fold(w, s.products, s.slope);
    w->kernels->axpy(channels, 1, s.sums, dbeta);
    backward_factors(w, &s, image, dgamma);
    w->kernels->norm_apply_backward(
      w->rows, w->width, w->x + skip, w->dy + skip, s.center, s.scale, s.shift, s.slope, w->out + skip);
  }
  aviary_deallocate(s.memory, s.bytes);
}

bool aviary_group_norm_backward(
  aviary_dtype type, const aviary_group_norm *shape, const void *x, const void *mean, const void *variance,
  const void *gamma, const void *dy, void *dx, void *dgamma, void *dbeta
) {
  group_work w = {
    .x = x, .dy = dy, .gamma = gamma, .out = dx, .mean = (char *)mean, .variance = (char *)variance};
  if (!prepare(&w, type, shape)) return false;
  const intptr_t tasks = shape->n < 2 * w.chunk ? 1 : (shape->n + w.chunk - 1) / w.chunk;
  const size_t bytes = (size_t)(tasks * shape->channels) * w.size;
  char *sums = aviary_allocate(2 * bytes);
  if (!sums) return false;
  w.dgamma = sums;
  w.dbeta = sums + bytes;
  aviary_for_ranges(shape->n, w.chunk, backward_range, &w);
  aviary_reduce(AVIARY_REDUCE_SUM, type, 1, tasks, shape->channels, w.dgamma, dgamma);
  aviary_reduce(AVIARY_REDUCE_SUM, type, 1, tasks, shape->channels, w.dbeta, dbeta);
  aviary_deallocate(sums, 2 * bytes);
  return true;
}
