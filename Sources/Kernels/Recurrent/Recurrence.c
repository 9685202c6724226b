// Recurrent cells over whole sequences: a task processes some rows through all steps.

#include <string.h>

#include "../Kernels.h"
#include "../Numbers.h"
#include "../include/AviaryGemm.h"
#include "../include/AviaryRecurrence.h"

typedef struct {
  const aviary_recurrence *pass;
  const float_kernels *kernels;
  aviary_dtype type;
  size_t size;
  intptr_t gates, block;  // G, and the rows of a task
  const char *x, *dh, *dc;
  char *h, *c, *saved;  // only read by the backward pass
  char *dx, *dproduct, *dh_before, *dc_before;
  _Atomic bool failed;
} recurrence_work;

static intptr_t gates_of(aviary_cell cell) { return cell == AVIARY_LSTM ? 4 : cell == AVIARY_GRU ? 3 : 1; }

/// The number of rows per task: few, so that all threads have work and the weights stay in the caches from step to
/// step. If the weights are too large for that, all rows, so that they are read once per step, by products that use the
/// threads themselves.
static intptr_t block_of(const aviary_recurrence *pass, size_t size) {
  const size_t weights = (size_t)(gates_of(pass->cell) * pass->units * pass->units) * size;
  return weights <= (size_t)1 << 20 ? 16 : pass->rows;
}

static void product(
  aviary_dtype type, bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, const void *a,
  intptr_t lda, const void *b, intptr_t ldb, void *c, intptr_t ldc, bool accumulate
) {
  const aviary_gemm_options options = {.accumulate = accumulate};
  if (type == AVIARY_FLOAT32) {
    aviary_gemm_f32(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc, &options);
  } else {
    aviary_gemm_f64(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc, &options);
  }
}

static void multiply(const recurrence_work *w, intptr_t n, const void *x, const void *y, void *out) {
  w->kernels->binary(AVIARY_BINARY_MULTIPLY, n, x, 1, y, 1, out, false);
}

static void add(const recurrence_work *w, intptr_t n, const void *x, void *out) {
  w->kernels->binary(AVIARY_BINARY_ADD, n, out, 1, x, 1, out, false);
}

/// The position of a row at a step in an array with `width` numbers per row.
static inline size_t place(const recurrence_work *w, intptr_t step, intptr_t row, intptr_t width) {
  return (size_t)((step * w->pass->rows + row) * width) * w->size;
}

/// For the k-th step: its position in time, and that of the previous step, or −1.
static inline intptr_t time_of(const aviary_recurrence *pass, intptr_t k) {
  return k < 0 ? -1 : pass->reversed ? pass->steps - 1 - k : k;
}

static inline const char *state_at(const recurrence_work *w, const char *states, const void *first, intptr_t step, intptr_t row) {
  return step < 0 ? (const char *)first + place(w, 0, row, w->pass->units) : states + place(w, step, row, w->pass->units);
}

/// The end of the run of rows from `row` on that are all valid at a step, or all beyond their ends.
static intptr_t run_end(const aviary_recurrence *pass, intptr_t step, intptr_t row, intptr_t end, bool *is_data) {
  if (!pass->lengths) {
    *is_data = true;
    return end;
  }
  *is_data = step < pass->lengths[row];
  while (++row < end && (step < pass->lengths[row]) == *is_data) continue;
  return row;
}

static void forward_rows(recurrence_work *w, intptr_t first, intptr_t end) {
  const aviary_recurrence *pass = w->pass;
  const intptr_t units = pass->units, count = end - first, width = w->gates * units;
  const size_t state_bytes = (size_t)(count * units) * w->size, product_bytes = (size_t)(count * width) * w->size;
  char *scratch = aviary_allocate(state_bytes + product_bytes);
  if (!scratch) {
    w->failed = true;
    return;
  }
  char *sums = scratch + state_bytes;
  for (intptr_t k = 0; k < pass->steps; k++) {
    const intptr_t step = time_of(pass, k), before = time_of(pass, k - 1);
    const char *h = state_at(w, w->h, pass->h, before, first);
    if (pass->factors) {
      multiply(w, count * units, h, (const char *)pass->factors + place(w, 0, first, units), scratch);
      h = scratch;
    }
    product(w->type, false, false, count, width, units, h, units, pass->weights, width, sums, width, false);
    bool is_data;
    for (intptr_t row = first, last; row < end; row = last) {
      last = run_end(pass, step, row, end, &is_data);
      const size_t here = place(w, step, row, units);
      const char *h_before = state_at(w, w->h, pass->h, before, row);
      const char *c_before = pass->c ? state_at(w, w->c, pass->c, before, row) : NULL;
      char *saved = w->saved ? w->saved + place(w, step, row, 4 * units) : NULL;
      if (is_data) {
        w->kernels->recurrent[pass->cell](
          last - row, units, w->x + place(w, step, row, width), pass->extra, h_before, c_before,
          sums + (size_t)((row - first) * width) * w->size, saved, w->c ? w->c + here : NULL, w->h + here);
      } else {
        const size_t bytes = (size_t)((last - row) * units) * w->size;
        memcpy(w->h + here, h_before, bytes);
        if (w->c) memcpy(w->c + here, c_before, bytes);
        if (saved) memset(saved, 0, 4 * bytes);
      }
    }
  }
  aviary_deallocate(scratch, state_bytes + product_bytes);
}

static void backward_rows(recurrence_work *w, intptr_t first, intptr_t end) {
  const aviary_recurrence *pass = w->pass;
  const intptr_t units = pass->units, count = end - first, width = w->gates * units;
  const size_t bytes = (size_t)(count * units) * w->size;
  // The gradients with respect to the states: of this step, of the previous step, without the weights, and through
  // them.
  char *dh = aviary_allocate(4 * bytes), *dc = w->dc_before ? w->dc_before + place(w, 0, first, units) : NULL;
  if (!dh) {
    w->failed = true;
    return;
  }
  char *next = dh + bytes, *through = next + bytes;
  memset(next, 0, bytes);
  if (dc) memset(dc, 0, bytes);
  for (intptr_t k = pass->steps - 1; k >= 0; k--) {
    const intptr_t step = time_of(pass, k), before = time_of(pass, k - 1);
    const size_t block = place(w, step, first, units);
    memcpy(dh, next, bytes);
    if (w->dh) add(w, count * units, w->dh + block, dh);
    if (w->dc) add(w, count * units, w->dc + block, dc);
    bool is_data;
    for (intptr_t row = first, last; row < end; row = last) {
      last = run_end(pass, step, row, end, &is_data);
      const size_t here = place(w, step, row, units), inside = (size_t)((row - first) * units) * w->size;
      const size_t length = (size_t)((last - row) * units) * w->size;
      char *dx = w->dx + place(w, step, row, width), *dproduct = w->dproduct ? w->dproduct + here : NULL;
      if (is_data) {
        w->kernels->recurrent_backward[pass->cell](
          last - row, units, pass->extra, state_at(w, w->h, pass->h, before, row),
          pass->c ? state_at(w, w->c, pass->c, before, row) : NULL,
          w->saved ? w->saved + place(w, step, row, 4 * units) : NULL, w->c ? w->c + here : NULL, w->h + here,
          dh + inside, dc ? dc + inside : NULL, dx, dproduct, next + inside);
      } else {
        memset(dx, 0, (size_t)w->gates * length);
        if (dproduct) memset(dproduct, 0, length);
        memcpy(next + inside, dh + inside, length);
      }
    }
    char *target = pass->factors ? through : next;
    const intptr_t shared = w->dproduct ? width - units : width;
    product(
      w->type, false, true, count, units, shared, w->dx + place(w, step, first, width), width, pass->weights, width,
      target, units, !pass->factors);
    if (w->dproduct) {
      product(
        w->type, false, true, count, units, units, w->dproduct + block, units,
        (const char *)pass->weights + (size_t)shared * w->size, width, target, units, true);
    }
    if (pass->factors) {
      multiply(w, count * units, through, (const char *)pass->factors + place(w, 0, first, units), through);
      add(w, count * units, through, next);
    }
  }
  memcpy(w->dh_before + place(w, 0, first, units), next, bytes);
  aviary_deallocate(dh, 4 * bytes);
}

static void run_block(recurrence_work *w, intptr_t task) {
  const intptr_t first = task * w->block, end = first + w->block;
  (w->dx ? backward_rows : forward_rows)(w, first, end < w->pass->rows ? end : w->pass->rows);
}

static void run_task(void *context, intptr_t task) { run_block(context, task); }

static bool run(recurrence_work *w) {
  const intptr_t rows = w->pass->rows;
  w->block = block_of(w->pass, w->size);
  if (rows <= w->block) {
    if (rows > 0) run_block(w, 0);
  } else {
    aviary_parallel((rows + w->block - 1) / w->block, run_task, w);
  }
  return !w->failed;
}

bool aviary_recurrence_forward(
  aviary_dtype type, const aviary_recurrence *pass, const void *x, void *h, void *c, void *gates
) {
  recurrence_work work = {
    .pass = pass, .kernels = float_vectors(type), .type = type, .size = item_size_of(type),
    .gates = gates_of(pass->cell), .x = x, .h = h, .c = c, .saved = gates};
  return work.kernels && run(&work);
}

/// Σ over steps of (previous state)ᵀ·gradient, for columns of the weights from `column` on.
static void weight_gradient(
  const recurrence_work *w, const char *states, const char *first, const char *gradients, intptr_t stride,
  intptr_t columns, char *out
) {
  const aviary_recurrence *pass = w->pass;
  const intptr_t units = pass->units, width = w->gates * units;
  const intptr_t start = time_of(pass, 0), rest = (pass->steps - 1) * pass->rows;
  product(
    w->type, true, false, units, columns, pass->rows, first, units, gradients + place(w, start, 0, stride), stride,
    out, width, false);
  if (rest == 0) return;
  const intptr_t moved = pass->reversed ? 0 : 1;
  product(
    w->type, true, false, units, columns, rest, states + place(w, 1 - moved, 0, units), units,
    gradients + place(w, moved, 0, stride), stride, out, width, true);
}

/// The gradient with respect to the peepholes: Σ di⊙c, Σ df⊙c, Σ do⊙c′.
static bool peephole_gradient(const recurrence_work *w, char *out) {
  const aviary_recurrence *pass = w->pass;
  const intptr_t units = pass->units, count = pass->rows * units;
  const size_t bytes = (size_t)(3 * count) * w->size;
  char *terms = aviary_allocate(2 * bytes), *sums = terms + bytes;
  if (!terms) return false;
  memset(sums, 0, bytes);
  for (intptr_t k = 0; k < pass->steps; k++) {
    const intptr_t step = time_of(pass, k), before = time_of(pass, k - 1);
    for (intptr_t row = 0; row < pass->rows; row++) {
      const char *dx = w->dx + place(w, step, row, 4 * units), *c = state_at(w, w->c, pass->c, before, row);
      const size_t width = (size_t)units * w->size;
      char *to = terms + (size_t)row * 3 * width;
      multiply(w, units, dx, c, to);
      multiply(w, units, dx + width, c, to + width);
      multiply(w, units, dx + 3 * width, w->c + place(w, step, row, units), to + 2 * width);
    }
    add(w, 3 * count, terms, sums);
  }
  aviary_reduce(AVIARY_REDUCE_SUM, w->type, 1, pass->rows, 3 * units, sums, out);
  aviary_deallocate(terms, 2 * bytes);
  return true;
}

bool aviary_recurrence_backward(
  aviary_dtype type, const aviary_recurrence *pass, const void *h, const void *c, const void *gates, const void *dh,
  const void *dc, void *dx, void *dweights, void *dextra, void *dh_before, void *dc_before
) {
  recurrence_work work = {
    .pass = pass, .kernels = float_vectors(type), .type = type, .size = item_size_of(type),
    .gates = gates_of(pass->cell), .h = (char *)h, .c = (char *)c, .saved = (char *)gates, .dh = dh, .dc = dc,
    .dx = dx, .dh_before = dh_before, .dc_before = dc_before};
  if (!work.kernels) return false;
  const intptr_t units = pass->units, width = work.gates * units, rows = pass->steps * pass->rows;
  const size_t row_bytes = (size_t)units * work.size, bytes = (size_t)rows * row_bytes;
  const size_t first_bytes = (size_t)pass->rows * row_bytes;
  const bool is_gru = pass->cell == AVIARY_GRU;
  const size_t scratch_bytes = (is_gru ? bytes : 0) + (pass->factors ? bytes + first_bytes : 0);
  char *scratch = scratch_bytes ? aviary_allocate(scratch_bytes) : NULL;
  if (scratch_bytes && !scratch) return false;
  if (is_gru) work.dproduct = scratch;
  bool done = run(&work);
  const char *states = h, *first = pass->h;
  if (done && pass->factors) {
    char *dropped = scratch + (is_gru ? bytes : 0), *dropped_first = dropped + bytes;
    for (intptr_t step = 0; step < pass->steps; step++) {
      const size_t here = place(&work, step, 0, units);
      multiply(&work, pass->rows * units, states + here, pass->factors, dropped + here);
    }
    multiply(&work, pass->rows * units, first, pass->factors, dropped_first);
    states = dropped;
    first = dropped_first;
  }
  if (done) {
    const intptr_t shared = is_gru ? width - units : width;
    weight_gradient(&work, states, first, dx, width, shared, dweights);
    if (is_gru) {
      weight_gradient(
        &work, states, first, work.dproduct, units, units, (char *)dweights + (size_t)shared * work.size);
      aviary_reduce(AVIARY_REDUCE_SUM, type, 1, rows, units, work.dproduct, dextra);
    } else if (pass->extra) {
      done = peephole_gradient(&work, dextra);
    }
  }
  aviary_deallocate(scratch, scratch_bytes);
  return done;
}
