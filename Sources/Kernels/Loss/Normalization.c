// Column moments and batch normalization: prepares the factors of the columns and splits the rows over threads.

#include <math.h>
#include <string.h>

#include "../Kernels.h"
#include "../Numbers.h"

/// The number of rows summed by one task; the reduction then adds the partial sums pairwise.
static intptr_t chunk_of(intptr_t columns) {
  return columns >= TASK_CHEAP ? 64 : ((TASK_CHEAP + columns - 1) / columns + 63) / 64 * 64;
}

typedef struct {
  const float_kernels *kernels;
  size_t size;
  intptr_t rows, columns, chunk;
  const char *x, *dy, *center;
  char *sums, *products;
} sum_work;

/// The sums of chunks of rows, [chunks, columns].
static void sum_range(const void *context, intptr_t start, intptr_t end) {
  const sum_work *w = context;
  for (intptr_t task = start; task < end; task++) {
    const intptr_t row = task * w->chunk;
    const intptr_t rows = w->rows - row < w->chunk ? w->rows - row : w->chunk;
    for (intptr_t c = 0; c < w->columns; c += w->kernels->tile) {
      const intptr_t width = w->columns - c < w->kernels->tile ? w->columns - c : w->kernels->tile;
      const size_t in = (size_t)(row * w->columns + c) * w->size, out = (size_t)(task * w->columns + c) * w->size;
      const void *center = w->center + (size_t)c * w->size;
      if (w->dy) {
        w->kernels->norm_sums(
          rows, w->columns, width, w->x + in, w->dy + in, center, w->sums + out, w->products + out);
      } else {
        w->kernels->deviations(rows, w->columns, width, w->x + in, center, w->sums + out, w->products + out);
      }
    }
  }
}

/// Σ (x - center) of columns into `sums` and Σ (x - center)² into `products`; with dy, Σ dy and Σ dy (x - center).
static void column_sums(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *x, const void *dy, const void *center, void *sums,
  void *products
) {
  const size_t size = item_size_of(type);
  sum_work work = {float_vectors(type), size, rows, columns, chunk_of(columns), x, dy, center, sums, products};
  const intptr_t chunks = (rows + work.chunk - 1) / work.chunk;
  const size_t bytes = (size_t)(chunks * columns) * size;
  char *partial = chunks > 1 ? aviary_allocate(2 * bytes) : NULL;
  if (!partial) {
    work.chunk = rows;
    sum_range(&work, 0, 1);
    return;
  }
  work.sums = partial;
  work.products = partial + bytes;
  aviary_for_ranges(chunks, 1, sum_range, &work);
  aviary_reduce(AVIARY_REDUCE_SUM, type, 1, chunks, columns, partial, sums);
  aviary_reduce(AVIARY_REDUCE_SUM, type, 1, chunks, columns, partial + bytes, products);
  aviary_deallocate(partial, 2 * bytes);
}

static inline double element_of(aviary_dtype type, const void *p, intptr_t i) {
  return type == AVIARY_FLOAT32 ? (double)((const float *)p)[i] : ((const double *)p)[i];
}

static inline void set_element(aviary_dtype type, void *p, intptr_t i, double value) {
  if (type == AVIARY_FLOAT32) {
    ((float *)p)[i] = (float)value;
  } else {
    ((double *)p)[i] = value;
  }
}

bool aviary_moments(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *x, void *mean, void *variance, void *rest
) {
  if (!float_vectors(type)) return false;
  if (columns <= 0) return true;
  const double n = (double)rows;
  aviary_reduce(AVIARY_REDUCE_SUM, type, 1, rows, columns, x, mean);
  aviary_scale(type, columns, 1 / n, 0, mean, mean);
  column_sums(type, rows, columns, x, NULL, mean, rest, variance);
  for (intptr_t c = 0; c < columns; c++) {
    const double center = element_of(type, mean, c), shift = element_of(type, rest, c) / n;
    const double squares = element_of(type, variance, c) / n - shift * shift;
    set_element(type, variance, c, squares < 0 ? 0 : squares);
    set_element(type, mean, c, center + shift);
    set_element(type, rest, c, shift - (element_of(type, mean, c) - center));
  }
  return true;
}

/// Repeats the factors of the columns, so that rows of few columns still fill the vectors.
static intptr_t copies_for(intptr_t rows, intptr_t columns) {
  const intptr_t copies = columns < 64 ? 128 / columns : 1;
  return copies < rows ? copies : rows;
}

typedef struct {
  const float_kernels *kernels;
  size_t size;
  intptr_t rows, columns, copies;
  const char *x, *dy;
  const char *center, *scale, *shift, *slope;
  char *out;
} apply_work;

static void apply(const apply_work *w, intptr_t rows, intptr_t width, size_t skip) {
  if (w->dy) {
    w->kernels->norm_apply_backward(
      rows, width, w->x + skip, w->dy + skip, w->center, w->scale, w->shift, w->slope, w->out + skip);
  } else {
    w->kernels->norm_apply(rows, width, w->x + skip, w->center, w->scale, w->shift, w->out + skip);
  }
}

static void apply_range(const void *context, intptr_t start, intptr_t end) {
  const apply_work *w = context;
  const intptr_t wide = (end - start) / w->copies, width = w->columns * w->copies;
  const size_t row = (size_t)w->columns * w->size;
  apply(w, wide, width, (size_t)start * row);
  apply(w, end - start - wide * w->copies, w->columns, (size_t)(start + wide * w->copies) * row);
}

/// Runs the pass over all rows with `factors` = center, scale, shift, slope, each of `copies` rows of columns; the
/// caller sets the first row.
static void apply_all(apply_work *work, char *factors) {
  const size_t row = (size_t)work->columns * work->size, length = row * (size_t)work->copies;
  for (int f = 0; f < 4; f++) {
    for (intptr_t k = 1; k < work->copies; k++) memcpy(factors + f * length + (size_t)k * row, factors + f * length, row);
  }
  work->center = factors;
  work->scale = factors + length;
  work->shift = factors + 2 * length;
  work->slope = factors + 3 * length;
  aviary_for_ranges(work->rows, chunk_of(work->columns), apply_range, work);
}

bool aviary_batch_norm_forward(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *x, const void *mean, const void *variance,
  const void *rest, double epsilon, const void *gamma, const void *beta, void *y
) {
  apply_work work = {
    .kernels = float_vectors(type), .size = item_size_of(type), .rows = rows, .columns = columns, .x = x, .out = y};
  if (!work.kernels) return false;
  if (rows <= 0 || columns <= 0) return true;
  work.copies = copies_for(rows, columns);
  const intptr_t length = columns * work.copies;
  const size_t bytes = 4 * (size_t)length * work.size;
  char *factors = aviary_allocate(bytes);
  if (!factors) return false;
  memset(factors, 0, bytes);
  for (intptr_t c = 0; c < columns; c++) {
    const double scale = (gamma ? element_of(type, gamma, c) : 1) / sqrt(element_of(type, variance, c) + epsilon);
    set_element(type, factors, c, element_of(type, mean, c));
    set_element(type, factors, length + c, scale);
    const double shift = rest ? element_of(type, rest, c) * scale : 0;
    set_element(type, factors, 2 * length + c, (beta ? element_of(type, beta, c) : 0) - shift);
  }
  apply_all(&work, factors);
  aviary_deallocate(factors, bytes);
  return true;
}

bool aviary_batch_norm_backward(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *x, const void *mean, const void *variance,
  double epsilon, const void *gamma, const void *dy, void *dx, void *dgamma, void *dbeta
) {
  apply_work work = {
    .kernels = float_vectors(type), .size = item_size_of(type), .rows = rows, .columns = columns, .x = x, .dy = dy,
    .out = dx};
  if (!work.kernels) return false;
  if (rows <= 0 || columns <= 0) return true;
  work.copies = copies_for(rows, columns);
  const intptr_t length = columns * work.copies;
  const size_t bytes = 4 * (size_t)length * work.size;
  char *factors = aviary_allocate(bytes);
  if (!factors) return false;
  column_sums(type, rows, columns, x, dy, mean, dbeta, dgamma);
  for (intptr_t c = 0; c < columns; c++) {
    const double inverse = 1 / sqrt(element_of(type, variance, c) + epsilon);
    const double scale = (gamma ? element_of(type, gamma, c) : 1) * inverse;
    const double product = element_of(type, dgamma, c) * inverse;
    set_element(type, dgamma, c, product);
    set_element(type, factors, c, element_of(type, mean, c));
    set_element(type, factors, length + c, scale);
    set_element(type, factors, 2 * length + c, scale * element_of(type, dbeta, c) / (double)rows);
    set_element(type, factors, 3 * length + c, scale * product * inverse / (double)rows);
  }
  apply_all(&work, factors);
  aviary_deallocate(factors, bytes);
  return true;
}
