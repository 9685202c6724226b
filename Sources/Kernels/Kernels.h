#pragma once

// Private: the tables of kernels per instruction set, and shared code for splitting work.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/AviaryElementwise.h"
#include "include/AviaryLoss.h"
#include "include/AviaryMemory.h"
#include "include/AviaryProgram.h"
#include "include/AviaryRandom.h"
#include "include/AviaryReduction.h"
#include "include/AviaryThreads.h"
#include "include/AviaryTypes.h"

/// With `stream`, stores bypass the caches; y must then be aligned to 64 bytes and not be an operand.
typedef bool unary_kernel(aviary_unary_op op, intptr_t n, const void *x, void *y, double parameter, bool stream);

/// x and y are contiguous (stride 1) or one element (stride 0).
typedef bool binary_kernel(
  aviary_binary_op op, intptr_t n, const void *x, intptr_t x_stride, const void *y, intptr_t y_stride, void *out,
  bool stream);

/// An operand of a step: an array, or a virtual register if the array is NULL.
typedef struct {
  void *array;
  uint8_t index;
} program_operand;

/// An instruction whose operands have been resolved.
typedef struct {
  uint8_t op;
  program_operand d, a, b, c;
  double constant;
} program_step;

/// Numbers offset ..< offset + n of a sequence; the meaning of p, q and x depends on the kernel.
typedef void random_kernel(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double p, double q, const void *x, void *out);

typedef void cast_kernel(intptr_t n, const void *x, void *y);

/// A step of a recurrent cell for consecutive rows; `product` is the product of the previous state and the weights.
typedef void recurrent_kernel(
  intptr_t rows, intptr_t units, const void *x, const void *extra, const void *h_before, const void *c_before,
  const void *product, void *gates, void *c, void *h);

/// The gradients of a step from `dh` and `dc`: with respect to x, to the part of `product` whose gradient differs from
/// that of x, and the part of `dh` that reaches the previous state h without the weights. `dc` becomes the gradient
/// with respect to the previous state c.
typedef void recurrent_backward_kernel(
  intptr_t rows, intptr_t units, const void *extra, const void *h_before, const void *c_before, const void *gates,
  const void *c, const void *h, const void *dh, void *dc, void *dx, void *dproduct, void *dh_before);

/// The kernels for one float type and instruction set. They run in the calling thread.
typedef struct {
  unary_kernel *unary;
  binary_kernel *binary;
  void (*scale)(intptr_t n, double scale, double constant, const void *x, void *y);
  void (*axpy)(intptr_t n, double scale, const void *x, void *y);
  void (*reduce)(
    aviary_reduce_op op, intptr_t rows, intptr_t stride, intptr_t width, const void *x, void *out);
  int64_t (*arg_row)(bool maximum, intptr_t n, const void *x);
  bool (*all_finite)(intptr_t n, const void *x);
  void (*softmax)(intptr_t rows, intptr_t columns, const void *x, void *y);
  void (*log_softmax)(intptr_t rows, intptr_t columns, const void *x, void *y);
  void (*softmax_backward)(intptr_t rows, intptr_t columns, const void *y, const void *dy, void *dx);
  void (*log_softmax_backward)(intptr_t rows, intptr_t columns, const void *y, const void *dy, void *dx);
  void (*log_sum_exp)(intptr_t rows, intptr_t stride, intptr_t width, const void *x, void *out);
  void (*cross_entropy)(
    intptr_t rows, intptr_t columns, const void *z, const int64_t *labels, const void *targets, void *losses,
    void *probabilities);
  void (*cross_entropy_gradient)(
    intptr_t rows, intptr_t columns, const void *p, const int64_t *labels, const void *targets, const void *scale,
    intptr_t scale_stride, void *gradient);
  void (*sigmoid_cross_entropy)(intptr_t n, const void *z, const void *t, void *losses);
  void (*sigmoid_cross_entropy_gradient)(
    intptr_t n, const void *z, const void *t, const void *scale, intptr_t scale_stride, void *gradient);
  /// The number of columns that `deviations` and `norm_sums` process at once.
  intptr_t tile;
  void (*deviations)(
    intptr_t rows, intptr_t stride, intptr_t width, const void *x, const void *center, void *sums, void *squares);
  void (*norm_sums)(
    intptr_t rows, intptr_t stride, intptr_t width, const void *x, const void *dy, const void *center, void *sums,
    void *products);
  void (*norm_apply)(
    intptr_t rows, intptr_t width, const void *x, const void *center, const void *scale, const void *shift, void *y);
  void (*norm_apply_backward)(
    intptr_t rows, intptr_t width, const void *x, const void *dy, const void *center, const void *scale,
    const void *shift, const void *slope, void *dx);
  void (*row_norm)(
    intptr_t rows, intptr_t n, bool centered, double epsilon, const void *x, const void *gamma, const void *beta, void *y,
    void *mean, void *variance);
  void (*row_norm_backward)(
    intptr_t rows, intptr_t n, bool centered, double epsilon, const void *x, const void *mean, const void *variance,
    const void *gamma, const void *dy, void *dx, void *dgamma, void *dbeta);
  void (*run_program)(intptr_t start, intptr_t end, const program_step *steps, intptr_t length, bool stream);
  intptr_t (*cholesky)(intptr_t n, void *a);
  intptr_t (*solve)(intptr_t n, intptr_t columns, void *a, void *b);
  intptr_t (*triangular_solve)(
    bool lower, bool transposed, bool unit_diagonal, intptr_t n, intptr_t columns, const void *t, void *b);
  random_kernel *uniform, *normal, *truncated_normal, *bernoulli, *dropout, *sample;
  /// Indexed by aviary_cell.
  recurrent_kernel *recurrent[4];
  recurrent_backward_kernel *recurrent_backward[4];
} float_kernels;

/// All kernels of one instruction set.
typedef struct {
  float_kernels f32, f64;
  void (*random_words)(uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, uint32_t *out);
  random_kernel *bernoulli;
} vector_kernels;

extern const vector_kernels aviary_vector_baseline;
#if defined(__x86_64__)
extern const vector_kernels aviary_vector_avx2, aviary_vector_avx512;
#endif

/// The kernels of the calling thread's instruction set.
static inline const vector_kernels *vectors(void) {
#if defined(__x86_64__)
  static const vector_kernels *const tables[] = {
    &aviary_vector_baseline, &aviary_vector_avx2, &aviary_vector_avx512};
  return tables[aviary_current_isa()];
#else
  return &aviary_vector_baseline;
#endif
}

/// The same for one type; NULL unless that is float32 or float64.
static inline const float_kernels *float_vectors(aviary_dtype type) {
  return type == AVIARY_FLOAT32 ? &vectors()->f32 : type == AVIARY_FLOAT64 ? &vectors()->f64 : NULL;
}

/// The kernels of the types whose code does not depend on the instruction set, by dtype; NULL if there are none.
extern unary_kernel *const aviary_integer_unary[13];
extern binary_kernel *const aviary_integer_binary[13];

/// Results of at least this many bytes bypass the caches, where they would evict useful data.
#define STREAMING_BYTES ((size_t)24 << 20)

static inline bool should_stream(size_t bytes, const void *out) {
  return bytes >= STREAMING_BYTES && (uintptr_t)out % 64 == 0;
}

/// Elements per task for cheap and for expensive functions; up to half as many more stay in one thread.
#define TASK_CHEAP ((intptr_t)32768)
#define TASK_DEAR ((intptr_t)8192)

/// Runs body(context, start, end) over 0..<n in tasks of `size`; a single task runs in the calling thread.
typedef void range_body(const void *context, intptr_t start, intptr_t end);
void aviary_for_ranges(intptr_t n, intptr_t size, range_body *body, const void *context);
