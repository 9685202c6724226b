#include <math.h>
#include <string.h>

#include "../Kernels.h"
#include "../Numbers.h"
#include "../Strided.h"

#define T float
#define FN(NAME) NAME##_f32
#define LIBM(NAME) NAME##f
#include "../Templates/Elementwise.h"
#undef T
#undef FN
#undef LIBM
#define T double
#define FN(NAME) NAME##_f64
#define LIBM(NAME) NAME
#include "../Templates/Elementwise.h"

static unary_kernel *unary_kernel_for(aviary_dtype type) {
  return type == AVIARY_FLOAT32 ? unary_f32 : type == AVIARY_FLOAT64 ? unary_f64 : aviary_integer_unary[type];
}

static binary_kernel *binary_kernel_for(aviary_dtype type) {
  return type == AVIARY_FLOAT32 ? binary_f32 : type == AVIARY_FLOAT64 ? binary_f64 : aviary_integer_binary[type];
}

bool aviary_unary(aviary_unary_op op, aviary_dtype type, intptr_t n, const void *x, void *y, double parameter) {
  unary_kernel *kernel = unary_kernel_for(type);
  return kernel && kernel(op, n, x, y, parameter);
}

static bool gives_bool(aviary_binary_op op) {
  return op >= AVIARY_BINARY_EQUAL && op <= AVIARY_BINARY_LOGICAL_XOR;
}

/// Elements that pass through the stack where an operand is not contiguous.
#define BLOCK 512

bool aviary_binary(
  aviary_binary_op op, aviary_dtype type, intptr_t rank, const intptr_t *dims, const void *x,
  const intptr_t *x_strides, const void *y, const intptr_t *y_strides, void *out
) {
  binary_kernel *kernel = binary_kernel_for(type);
  if (!kernel) return false;
  strided_space space;
  strided_space_make(&space, rank, dims, 2, (const intptr_t *const[]){x_strides, y_strides});
  const size_t size = item_size_of(type), out_size = gives_bool(op) ? 1 : size;
  if (strided_space_is_contiguous(&space, 0) && strided_space_is_contiguous(&space, 1)) {
    return kernel(op, space.count, x, 1, y, 1, out);
  }
  uint64_t x_block[BLOCK], y_block[BLOCK];
  if (!kernel(op, 0, x, 1, y, 1, out)) return false;
  for (intptr_t start = 0; start < space.count; start += BLOCK) {
    const intptr_t count = space.count - start < BLOCK ? space.count - start : BLOCK;
    strided_gather(&space, 0, size, x, start, count, (char *)x_block);
    strided_gather(&space, 1, size, y, start, count, (char *)y_block);
    kernel(op, count, x_block, 1, y_block, 1, (char *)out + (size_t)start * out_size);
  }
  return true;
}

#define SELECT(U) \
  for (intptr_t i = 0; i < count; i++) { \
    ((U *)to)[i] = condition_block[i] ? ((const U *)x_block)[i] : ((const U *)y_block)[i]; \
  }

void aviary_select(
  aviary_dtype type, intptr_t rank, const intptr_t *dims, const bool *condition, const intptr_t *condition_strides,
  const void *x, const intptr_t *x_strides, const void *y, const intptr_t *y_strides, void *out
) {
  strided_space space;
  strided_space_make(&space, rank, dims, 3, (const intptr_t *const[]){condition_strides, x_strides, y_strides});
  const size_t size = item_size_of(type);
  uint8_t condition_block[BLOCK];
  uint64_t x_block[BLOCK], y_block[BLOCK];
  for (intptr_t start = 0; start < space.count; start += BLOCK) {
    const intptr_t count = space.count - start < BLOCK ? space.count - start : BLOCK;
    strided_gather(&space, 0, 1, (const char *)condition, start, count, (char *)condition_block);
    strided_gather(&space, 1, size, x, start, count, (char *)x_block);
    strided_gather(&space, 2, size, y, start, count, (char *)y_block);
    char *to = (char *)out + (size_t)start * size;
    switch (size) {
      case 1: SELECT(uint8_t) break;
      case 2: SELECT(uint16_t) break;
      case 4: SELECT(uint32_t) break;
      default: SELECT(uint64_t)
    }
  }
}

void aviary_fill(aviary_dtype type, intptr_t n, const void *value, void *out) {
  switch (item_size_of(type)) {
    case 1: memset(out, *(const uint8_t *)value, (size_t)n); break;
    case 2: for (intptr_t i = 0; i < n; i++) ((uint16_t *)out)[i] = *(const uint16_t *)value; break;
    case 4: for (intptr_t i = 0; i < n; i++) ((uint32_t *)out)[i] = *(const uint32_t *)value; break;
    default: for (intptr_t i = 0; i < n; i++) ((uint64_t *)out)[i] = *(const uint64_t *)value;
  }
}

bool aviary_accumulate(aviary_dtype type, intptr_t n, const void *x, void *y) {
  binary_kernel *kernel = binary_kernel_for(type);
  return kernel && kernel(AVIARY_BINARY_ADD, n, y, 1, x, 1, y);
}

bool aviary_axpy(aviary_dtype type, intptr_t n, double scale, const void *x, void *y) {
  if (type == AVIARY_FLOAT32) {
    for (intptr_t i = 0; i < n; i++) ((float *)y)[i] += (float)scale * ((const float *)x)[i];
  } else if (type == AVIARY_FLOAT64) {
    for (intptr_t i = 0; i < n; i++) ((double *)y)[i] += scale * ((const double *)x)[i];
  } else {
    return false;
  }
  return true;
}

bool aviary_scale(aviary_dtype type, intptr_t n, double scale, double offset, const void *x, void *y) {
  if (type == AVIARY_FLOAT32) {
    for (intptr_t i = 0; i < n; i++) ((float *)y)[i] = (float)scale * ((const float *)x)[i] + (float)offset;
  } else if (type == AVIARY_FLOAT64) {
    for (intptr_t i = 0; i < n; i++) ((double *)y)[i] = scale * ((const double *)x)[i] + offset;
  } else {
    return false;
  }
  return true;
}
