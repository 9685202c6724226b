// Splits elementwise work over threads and converts strided operands to the forms that the kernels need.

#include "../Kernels.h"
#include "../Numbers.h"
#include "../Strided.h"

static unary_kernel *unary_kernel_for(aviary_dtype type) {
  const float_kernels *floats = float_vectors(type);
  return floats ? floats->unary : aviary_integer_unary[type];
}

static binary_kernel *binary_kernel_for(aviary_dtype type) {
  const float_kernels *floats = float_vectors(type);
  return floats ? floats->binary : aviary_integer_binary[type];
}

typedef struct {
  unary_kernel *kernel;
  aviary_unary_op op;
  bool stream;
  size_t size, out_size;
  const char *x;
  char *y;
  double parameter;
} unary_work;

static void unary_range(const void *context, intptr_t start, intptr_t end) {
  const unary_work *w = context;
  const char *x = w->x + (size_t)start * w->size;
  w->kernel(w->op, end - start, x, w->y + (size_t)start * w->out_size, w->parameter, w->stream);
}

static bool is_dear(aviary_unary_op op) {
  return (op >= AVIARY_UNARY_EXP && op <= AVIARY_UNARY_SIGMOID) || op == AVIARY_UNARY_SOFTPLUS ||
         op == AVIARY_UNARY_LOG_SIGMOID || op >= AVIARY_UNARY_ERF;
}

bool aviary_unary(aviary_unary_op op, aviary_dtype type, intptr_t n, const void *x, void *y, double parameter) {
  unary_kernel *kernel = unary_kernel_for(type);
  if (!kernel) return false;
  const intptr_t task = is_dear(op) ? TASK_DEAR : TASK_CHEAP;
  if (n < 2 * task) return kernel(op, n, x, y, parameter, false);
  if (!kernel(op, 0, x, y, parameter, false)) return false;
  const size_t size = item_size_of(type);
  const bool predicate = op == AVIARY_UNARY_IS_NAN || op == AVIARY_UNARY_IS_FINITE;
  const bool stream = x != y && !predicate && should_stream((size_t)n * size, y);
  const unary_work work = {kernel, op, stream, size, predicate ? 1 : size, x, y, parameter};
  aviary_for_ranges(n, task, unary_range, &work);
  return true;
}

/// The number of elements buffered on the stack if an operand is not contiguous.
#define BLOCK ((intptr_t)1024)

/// Rows shorter than this are not worth a kernel call each.
#define SHORTEST_ROW 64

typedef struct {
  binary_kernel *kernel;
  aviary_binary_op op;
  bool stream;
  size_t size, out_size;
  const char *x, *y;
  char *out;
  const strided_space *space;
  intptr_t x_step, y_step;
} binary_work;

static void contiguous_range(const void *context, intptr_t start, intptr_t end) {
  const binary_work *w = context;
  w->kernel(
    w->op, end - start, w->x + start * w->x_step * (intptr_t)w->size, w->x_step,
    w->y + start * w->y_step * (intptr_t)w->size, w->y_step, w->out + (size_t)start * w->out_size, w->stream);
}

/// Row by row: the last dimension of each operand has stride 0 or 1.
static void row_range(const void *context, intptr_t start, intptr_t end) {
  const binary_work *w = context;
  const strided_space *space = w->space;
  const intptr_t last = space->rank - 1, length = space->dims[last];
  const intptr_t x_stride = space->strides[0][last], y_stride = space->strides[1][last];
  for (intptr_t at = start; at < end;) {
    const intptr_t column = at % length;
    const intptr_t run = length - column < end - at ? length - column : end - at;
    const intptr_t x = strided_offset(space, 0, at), y = strided_offset(space, 1, at);
    w->kernel(
      w->op, run, w->x + x * (intptr_t)w->size, x_stride, w->y + y * (intptr_t)w->size, y_stride,
      w->out + (size_t)at * w->out_size, false);
    at += run;
  }
}

/// A row that repeats for every row of the space, up to this length, is expanded once and then read in place.
#define LONGEST_PERIOD SHORTEST_ROW

/// An operand of a gathered pass.
typedef struct {
  uint64_t block[BLOCK + LONGEST_PERIOD];
  bool whole, periodic;
} gathered_operand;

static void gather_begin(gathered_operand *operand, const binary_work *w, intptr_t index, const char *data) {
  const strided_space *space = w->space;
  const intptr_t *strides = space->strides[index];
  operand->whole = strided_space_is_contiguous(space, index);
  operand->periodic = space->rank == 2 && strides[0] == 0 && space->dims[1] <= LONGEST_PERIOD;
  if (!operand->periodic) return;
  const intptr_t count = space->count < BLOCK + space->dims[1] ? space->count : BLOCK + space->dims[1];
  strided_gather(space, index, w->size, data, 0, count, (char *)operand->block);
}

/// The elements at ..< at + count, contiguous.
static const void *gather_block(
  gathered_operand *operand, const binary_work *w, intptr_t index, const char *data, intptr_t at, intptr_t count
) {
  if (operand->whole) return data + (size_t)at * w->size;
  if (operand->periodic) return (char *)operand->block + (size_t)(at % w->space->dims[1]) * w->size;
  strided_gather(w->space, index, w->size, data, at, count, (char *)operand->block);
  return operand->block;
}

/// Any strides: operands that are not contiguous are gathered block by block.
static void gathered_range(const void *context, intptr_t start, intptr_t end) {
  const binary_work *w = context;
  gathered_operand x, y;
  gather_begin(&x, w, 0, w->x);
  gather_begin(&y, w, 1, w->y);
  for (intptr_t at = start; at < end; at += BLOCK) {
    const intptr_t count = end - at < BLOCK ? end - at : BLOCK;
    w->kernel(
      w->op, count, gather_block(&x, w, 0, w->x, at, count), 1, gather_block(&y, w, 1, w->y, at, count), 1,
      w->out + (size_t)at * w->out_size, false);
  }
}

/// Whether a kernel can read an operand's last dimension directly.
static bool is_unit_or_broadcast(const strided_space *space, intptr_t operand) {
  const intptr_t stride = space->strides[operand][space->rank - 1];
  return stride == 0 || stride == 1;
}

static bool gives_bool(aviary_binary_op op) { return op >= AVIARY_BINARY_EQUAL && op <= AVIARY_BINARY_LOGICAL_XOR; }

bool aviary_binary_flat(
  aviary_binary_op op, aviary_dtype type, intptr_t n, const void *x, intptr_t x_step, const void *y, intptr_t y_step,
  void *out
) {
  binary_kernel *kernel = binary_kernel_for(type);
  if (!kernel) return false;
  const intptr_t task = op == AVIARY_BINARY_POW ? TASK_DEAR : TASK_CHEAP;
  if (n < 2 * task) return kernel(op, n, x, x_step, y, y_step, out, false);
  if (!kernel(op, 0, x, 1, y, 1, out, false)) return false;
  const size_t size = item_size_of(type);
  const bool stream = x != out && y != out && !gives_bool(op) && should_stream((size_t)n * size, out);
  const binary_work work = {kernel, op, stream, size, gives_bool(op) ? 1 : size, x, y, out, NULL, x_step, y_step};
  aviary_for_ranges(n, task, contiguous_range, &work);
  return true;
}

bool aviary_binary(
  aviary_binary_op op, aviary_dtype type, intptr_t rank, const intptr_t *dims, const void *x,
  const intptr_t *x_strides, const void *y, const intptr_t *y_strides, void *out
) {
  binary_kernel *kernel = binary_kernel_for(type);
  if (!kernel) return false;
  const size_t size = item_size_of(type);
  strided_space space;
  strided_space_make(&space, rank, dims, 2, (const intptr_t *const[]){x_strides, y_strides});
  const intptr_t n = space.count;
  if (n <= 0 || !kernel(op, 0, x, 1, y, 1, out, false)) return kernel(op, 0, x, 1, y, 1, out, false);
  const intptr_t last = space.rank - 1;
  const bool fast = is_unit_or_broadcast(&space, 0) && is_unit_or_broadcast(&space, 1) &&
                    (space.strides[0][last] || space.strides[1][last] || space.dims[last] == 1);
  if (fast && space.rank == 1) return aviary_binary_flat(op, type, n, x, space.strides[0][0], y, space.strides[1][0], out);
  const binary_work work = {kernel, op, false, size, gives_bool(op) ? 1 : size, x, y, out, &space, 0, 0};
  range_body *body = fast && space.dims[last] >= SHORTEST_ROW ? row_range : gathered_range;
  aviary_for_ranges(n, op == AVIARY_BINARY_POW ? TASK_DEAR : TASK_CHEAP, body, &work);
  return true;
}

typedef struct {
  size_t size;
  const char *condition, *x, *y;
  char *out;
  const strided_space *space;
} select_work;

#define SELECT(U) \
  for (intptr_t i = 0; i < count; i++) { \
    const U a = ((const U *)x_block)[i], b = ((const U *)y_block)[i]; \
    ((U *)to)[i] = condition_block[i] ? a : b; \
  }

static void select_range(const void *context, intptr_t start, intptr_t end) {
  const select_work *w = context;
  uint8_t condition_block[BLOCK];
  uint64_t x_block[BLOCK], y_block[BLOCK];
  for (intptr_t at = start; at < end; at += BLOCK) {
    const intptr_t count = end - at < BLOCK ? end - at : BLOCK;
    strided_gather(w->space, 0, 1, w->condition, at, count, (char *)condition_block);
    strided_gather(w->space, 1, w->size, w->x, at, count, (char *)x_block);
    strided_gather(w->space, 2, w->size, w->y, at, count, (char *)y_block);
    char *to = w->out + (size_t)at * w->size;
    switch (w->size) {
      case 1: SELECT(uint8_t) break;
      case 2: SELECT(uint16_t) break;
      case 4: SELECT(uint32_t) break;
      default: SELECT(uint64_t)
    }
  }
}

void aviary_select(
  aviary_dtype type, intptr_t rank, const intptr_t *dims, const bool *condition, const intptr_t *condition_strides,
  const void *x, const intptr_t *x_strides, const void *y, const intptr_t *y_strides, void *out
) {
  strided_space space;
  strided_space_make(&space, rank, dims, 3, (const intptr_t *const[]){condition_strides, x_strides, y_strides});
  const select_work work = {item_size_of(type), (const char *)condition, x, y, out, &space};
  aviary_for_ranges(space.count, TASK_CHEAP, select_range, &work);
}

typedef struct {
  size_t size;
  uint64_t value;
  void *out;
} fill_work;

static void fill_range(const void *context, intptr_t start, intptr_t end) {
  const fill_work *w = context;
  switch (w->size) {
    case 1: memset((char *)w->out + start, (int)(uint8_t)w->value, (size_t)(end - start)); break;
    case 2: for (intptr_t i = start; i < end; i++) ((uint16_t *)w->out)[i] = (uint16_t)w->value; break;
    case 4: for (intptr_t i = start; i < end; i++) ((uint32_t *)w->out)[i] = (uint32_t)w->value; break;
    default: for (intptr_t i = start; i < end; i++) ((uint64_t *)w->out)[i] = w->value;
  }
}

void aviary_fill(aviary_dtype type, intptr_t n, const void *value, void *out) {
  fill_work work = {item_size_of(type), 0, out};
  switch (work.size) {
    case 1: work.value = *(const uint8_t *)value; break;
    case 2: work.value = *(const uint16_t *)value; break;
    case 4: work.value = *(const uint32_t *)value; break;
    default: work.value = *(const uint64_t *)value;
  }
  aviary_for_ranges(n, TASK_CHEAP, fill_range, &work);
}

bool aviary_accumulate(aviary_dtype type, intptr_t n, const void *x, void *y) {
  return aviary_binary_flat(AVIARY_BINARY_ADD, type, n, y, 1, x, 1, y);
}

typedef struct {
  const float_kernels *kernels;
  size_t size;
  double scale, offset;
  const char *x;
  char *y;
} scale_work;

static void axpy_range(const void *context, intptr_t start, intptr_t end) {
  const scale_work *w = context;
  w->kernels->axpy(end - start, w->scale, w->x + (size_t)start * w->size, w->y + (size_t)start * w->size);
}

static void scale_range(const void *context, intptr_t start, intptr_t end) {
  const scale_work *w = context;
  w->kernels->scale(end - start, w->scale, w->offset, w->x + (size_t)start * w->size, w->y + (size_t)start * w->size);
}

bool aviary_axpy(aviary_dtype type, intptr_t n, double scale, const void *x, void *y) {
  const scale_work work = {float_vectors(type), item_size_of(type), scale, 0, x, y};
  if (!work.kernels) return false;
  aviary_for_ranges(n, TASK_CHEAP, axpy_range, &work);
  return true;
}

bool aviary_scale(aviary_dtype type, intptr_t n, double scale, double offset, const void *x, void *y) {
  const scale_work work = {float_vectors(type), item_size_of(type), scale, offset, x, y};
  if (!work.kernels) return false;
  aviary_for_ranges(n, TASK_CHEAP, scale_range, &work);
  return true;
}
