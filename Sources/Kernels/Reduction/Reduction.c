// Reductions: splits the work on floats over threads, and contains the loops for integers.

#include <stdatomic.h>

#include "../Kernels.h"
#include "../Numbers.h"

#define REDUCE(START, STEP) \
  for (intptr_t o = 0; o < outer; o++, x += reduced * inner, out += inner) { \
    if (inner == 1) { \
      element s = START; \
      for (intptr_t r = 0; r < reduced; r++) { \
        const element a = x[r]; \
        s = (element)(STEP); \
      } \
      *out = s; \
      continue; \
    } \
    for (intptr_t i = 0; i < inner; i++) out[i] = START; \
    for (intptr_t r = 0; r < reduced; r++) { \
      for (intptr_t i = 0; i < inner; i++) { \
        const element a = x[r * inner + i], s = out[i]; \
        out[i] = (element)(STEP); \
      } \
    } \
  } \
  return true;

#define INTEGER_REDUCE(S, T, U, MINIMUM, MAXIMUM) \
  static bool reduce_##S( \
    aviary_reduce_op op, intptr_t outer, intptr_t reduced, intptr_t inner, const void *x_, void *out_ \
  ) { \
    typedef T element; \
    const T *x = x_; \
    T *out = out_; \
    switch (op) { \
      case AVIARY_REDUCE_SUM: REDUCE(0, (U)s + (U)a) \
      case AVIARY_REDUCE_PRODUCT: REDUCE(1, (uint64_t)s * (uint64_t)a) \
      case AVIARY_REDUCE_SUM_OF_SQUARES: REDUCE(0, (uint64_t)s + (uint64_t)a * (uint64_t)a) \
      case AVIARY_REDUCE_MAX: REDUCE(MINIMUM, a > s ? a : s) \
      case AVIARY_REDUCE_MIN: REDUCE(MAXIMUM, a < s ? a : s) \
      default: return false; \
    } \
  }
FOR_INTEGERS(INTEGER_REDUCE)

static bool reduce_bool(
  aviary_reduce_op op, intptr_t outer, intptr_t reduced, intptr_t inner, const void *x_, void *out_
) {
  typedef uint8_t element;
  const element *x = x_;
  element *out = out_;
  switch (op) {
    case AVIARY_REDUCE_ANY:
    case AVIARY_REDUCE_MAX: REDUCE(0, s | a)
    case AVIARY_REDUCE_ALL:
    case AVIARY_REDUCE_MIN: REDUCE(1, s & a)
    default: return false;
  }
}

typedef struct {
  const float_kernels *kernels;
  aviary_reduce_op op;
  size_t size;
  intptr_t reduced, inner, chunk, chunks;
  const char *x;
  char *out;
} reduce_work;

static void reduce_outer(const void *context, intptr_t start, intptr_t end) {
  const reduce_work *w = context;
  for (intptr_t o = start; o < end; o++) {
    w->kernels->reduce(
      w->op, w->reduced, w->inner, w->inner, w->x + (size_t)(o * w->reduced * w->inner) * w->size,
      w->out + (size_t)(o * w->inner) * w->size);
  }
}

/// Divides the reduced axis: [outer, chunks] tasks, whose results have the shape [outer, chunks, inner].
static void reduce_chunks(const void *context, intptr_t start, intptr_t end) {
  const reduce_work *w = context;
  for (intptr_t task = start; task < end; task++) {
    const intptr_t row = task % w->chunks * w->chunk;
    const intptr_t rows = w->reduced - row < w->chunk ? w->reduced - row : w->chunk;
    w->kernels->reduce(
      w->op, rows, w->inner, w->inner,
      w->x + (size_t)((task / w->chunks * w->reduced + row) * w->inner) * w->size,
      w->out + (size_t)(task * w->inner) * w->size);
  }
}

/// Divides the inner axis: [outer, chunks] tasks.
static void reduce_columns(const void *context, intptr_t start, intptr_t end) {
  const reduce_work *w = context;
  for (intptr_t task = start; task < end; task++) {
    const intptr_t o = task / w->chunks, column = task % w->chunks * w->chunk;
    const intptr_t width = w->inner - column < w->chunk ? w->inner - column : w->chunk;
    w->kernels->reduce(
      w->op, w->reduced, w->inner, width, w->x + (size_t)(o * w->reduced * w->inner + column) * w->size,
      w->out + (size_t)(o * w->inner + column) * w->size);
  }
}

/// Reduces floats, split by shape alone: by outer index, by columns, or by runs of the axis whose results are reduced
/// again.
static bool reduce_floats(
  const float_kernels *kernels, aviary_reduce_op op, size_t size, intptr_t outer, intptr_t reduced, intptr_t inner,
  const void *x, void *out
) {
  if (op == AVIARY_REDUCE_ANY || op == AVIARY_REDUCE_ALL || op > AVIARY_REDUCE_SUM_OF_SQUARES) return false;
  const intptr_t slab = reduced * inner;
  reduce_work work = {kernels, op, size, reduced, inner, 0, 1, x, out};
  if (outer * slab < 2 * TASK_CHEAP || outer >= 16) {
    aviary_for_ranges(outer, slab > 0 ? (TASK_CHEAP + slab - 1) / slab : outer, reduce_outer, &work);
    return true;
  }
  if (inner >= TASK_CHEAP / 4) {
    work.chunk = TASK_CHEAP / 8;
    work.chunks = (inner + work.chunk - 1) / work.chunk;
    aviary_for_ranges(outer * work.chunks, 1, reduce_columns, &work);
    return true;
  }
  work.chunk = (2 * TASK_CHEAP + inner - 1) / inner;
  work.chunks = (reduced + work.chunk - 1) / work.chunk;
  const size_t bytes = (size_t)(outer * work.chunks * inner) * size;
  char *partial = work.chunks > 1 ? aviary_allocate(bytes) : NULL;
  if (!partial) {
    reduce_outer(&work, 0, outer);
    return true;
  }
  work.out = partial;
  aviary_for_ranges(outer * work.chunks, 1, reduce_chunks, &work);
  const aviary_reduce_op final = op == AVIARY_REDUCE_SUM_OF_SQUARES ? AVIARY_REDUCE_SUM : op;
  const reduce_work last = {kernels, final, size, work.chunks, inner, 0, 1, partial, out};
  reduce_outer(&last, 0, outer);
  aviary_deallocate(partial, bytes);
  return true;
}

bool aviary_reduce(
  aviary_reduce_op op, aviary_dtype type, intptr_t outer, intptr_t reduced, intptr_t inner, const void *x, void *out
) {
  const float_kernels *kernels = float_vectors(type);
  if (kernels) return reduce_floats(kernels, op, item_size_of(type), outer, reduced, inner, x, out);
  switch (type) {
#define CASE(S, NAME) case AVIARY_##NAME: return reduce_##S(op, outer, reduced, inner, x, out);
    CASE(bool, BOOL)
    CASE(int8, INT8)
    CASE(int16, INT16)
    CASE(int32, INT32)
    CASE(int64, INT64)
    CASE(uint8, UINT8)
    CASE(uint16, UINT16)
    CASE(uint32, UINT32)
    CASE(uint64, UINT64)
#undef CASE
    default: return false;
  }
}

/// The number of columns whose best elements so far are kept on the stack.
#define ARG_TILE 64

#define ARG_REDUCE(S, T) \
  static void arg_reduce_##S( \
    bool maximum, intptr_t reduced, intptr_t inner, const T *x, int64_t *out \
  ) { \
    for (intptr_t start = 0; start < inner; start += ARG_TILE) { \
      const intptr_t width = inner - start < ARG_TILE ? inner - start : ARG_TILE; \
      T best[ARG_TILE]; \
      for (intptr_t i = 0; i < width; i++) { \
        best[i] = x[start + i]; \
        out[start + i] = 0; \
      } \
      for (intptr_t r = 1; r < reduced; r++) { \
        for (intptr_t i = 0; i < width; i++) { \
          const T a = x[r * inner + start + i]; \
          if (best[i] == best[i] && (a != a || (maximum ? a > best[i] : a < best[i]))) { \
            best[i] = a; \
            out[start + i] = r; \
          } \
        } \
      } \
    } \
  }
ARG_REDUCE(int8, int8_t)
ARG_REDUCE(int16, int16_t)
ARG_REDUCE(int32, int32_t)
ARG_REDUCE(int64, int64_t)
ARG_REDUCE(uint8, uint8_t)
ARG_REDUCE(uint16, uint16_t)
ARG_REDUCE(uint32, uint32_t)
ARG_REDUCE(uint64, uint64_t)
ARG_REDUCE(float32, float)
ARG_REDUCE(float64, double)

typedef struct {
  const float_kernels *kernels;
  bool maximum;
  aviary_dtype type;
  intptr_t reduced, inner;
  const char *x;
  int64_t *out;
} arg_work;

static void arg_range(const void *context, intptr_t start, intptr_t end) {
  const arg_work *w = context;
  const size_t slab = (size_t)(w->reduced * w->inner) * item_size_of(w->type);
  for (intptr_t o = start; o < end; o++) {
    const void *x = w->x + (size_t)o * slab;
    int64_t *out = w->out + o * w->inner;
    if (w->kernels && w->inner == 1) {
      *out = w->kernels->arg_row(w->maximum, w->reduced, x);
      continue;
    }
    switch (w->type) {
#define CASE(S, NAME) case AVIARY_##NAME: arg_reduce_##S(w->maximum, w->reduced, w->inner, x, out); break;
      CASE(uint8, BOOL)
      CASE(int8, INT8)
      CASE(int16, INT16)
      CASE(int32, INT32)
      CASE(int64, INT64)
      CASE(uint8, UINT8)
      CASE(uint16, UINT16)
      CASE(uint32, UINT32)
      CASE(uint64, UINT64)
      CASE(float32, FLOAT32)
      CASE(float64, FLOAT64)
#undef CASE
      default: break;
    }
  }
}

bool aviary_arg_reduce(
  bool maximum, aviary_dtype type, intptr_t outer, intptr_t reduced, intptr_t inner, const void *x, int64_t *out
) {
  if (type == AVIARY_FLOAT16 || type == AVIARY_BFLOAT16) return false;
  const arg_work work = {float_vectors(type), maximum, type, reduced, inner, x, out};
  const intptr_t slab = reduced * inner;
  aviary_for_ranges(outer, slab > 0 ? (TASK_CHEAP + slab - 1) / slab : outer, arg_range, &work);
  return true;
}

#define CUMULATIVE(T) \
  for (intptr_t o = 0; o < outer; o++) { \
    const T *from = (const T *)x + o * reduced * inner; \
    T *to = (T *)out + o * reduced * inner; \
    if (inner == 1) { \
      T sum = 0; \
      for (intptr_t r = 0; r < reduced; r++) to[r] = sum = (T)(sum + from[r]); \
      continue; \
    } \
    for (intptr_t at = 0; at < reduced * inner; at++) to[at] = at < inner ? from[at] : (T)(to[at - inner] + from[at]); \
  } \
  return true;

bool aviary_cumulative_sum(
  aviary_dtype type, intptr_t outer, intptr_t reduced, intptr_t inner, const void *x, void *out
) {
  switch (type) {
    case AVIARY_INT8: case AVIARY_UINT8: CUMULATIVE(uint8_t)
    case AVIARY_INT16: case AVIARY_UINT16: CUMULATIVE(uint16_t)
    case AVIARY_INT32: case AVIARY_UINT32: CUMULATIVE(uint32_t)
    case AVIARY_INT64: case AVIARY_UINT64: CUMULATIVE(uint64_t)
    case AVIARY_FLOAT32: CUMULATIVE(float)
    case AVIARY_FLOAT64: CUMULATIVE(double)
    default: return false;
  }
}

#define ALL_FINITE(U, EXPONENT) \
  { \
    bool bad = false; \
    for (intptr_t i = 0; i < n; i++) bad |= (((const U *)x)[i] & (U)(EXPONENT)) == (U)(EXPONENT); \
    return !bad; \
  }

typedef struct {
  const float_kernels *kernels;
  size_t size;
  const char *x;
  _Atomic bool *bad;
} finite_work;

static void finite_range(const void *context, intptr_t start, intptr_t end) {
  const finite_work *w = context;
  if (atomic_load_explicit(w->bad, memory_order_relaxed)) return;
  if (!w->kernels->all_finite(end - start, w->x + (size_t)start * w->size)) {
    atomic_store_explicit(w->bad, true, memory_order_relaxed);
  }
}

bool aviary_all_finite(aviary_dtype type, intptr_t n, const void *x) {
  if (type == AVIARY_FLOAT16) ALL_FINITE(uint16_t, 0x7C00)
  if (type == AVIARY_BFLOAT16) ALL_FINITE(uint16_t, 0x7F80)
  _Atomic bool bad = false;
  const finite_work work = {float_vectors(type), item_size_of(type), x, &bad};
  if (work.kernels) aviary_for_ranges(n, TASK_CHEAP, finite_range, &work);
  return !bad;
}
