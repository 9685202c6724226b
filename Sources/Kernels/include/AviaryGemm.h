#pragma once

#include "AviaryTypes.h"

#pragma clang assume_nonnull begin

/// How a matrix product combines its result with C, element-wise.
typedef struct aviary_gemm_options {
  /// Adds the product to `c` instead of replacing it.
  bool accumulate;
  /// Applied last, after `accumulate` and `bias`.
  aviary_activation activation;
  /// The slope of AVIARY_LEAKY_RELU.
  double slope;
  /// NULL, or n numbers of the product's type, added to every row.
  const void *_Nullable bias;
} aviary_gemm_options;

/// C = f(A·B + bias), or f(C + A·B + bias) with `accumulate`; all row-major.
///
/// op(A) is m×k, op(B) is k×n, C is m×n. `a` holds A (rows `lda` apart), or with `transpose_a` its transpose, k×m;
/// likewise `b`. The leading dimensions are those of the stored matrices. C overlaps neither A nor B. If k is 0, the
/// product is 0. `options` may be NULL: no accumulation, bias or activation.
///
/// The order in which the terms of an element are added depends only on shape, transpositions and instruction set:
/// the same bits for any number of threads, and for any caches.
void aviary_gemm_f32(
    bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, const float *a, intptr_t lda,
    const float *b, intptr_t ldb, float *c, intptr_t ldc, const aviary_gemm_options *_Nullable options);

/// The blocking of a large product.
typedef struct aviary_gemm_plan {
  /// The tile of C held in registers.
  intptr_t tile_rows, tile_columns;
  /// The terms summed before C is touched.
  intptr_t depth;
  /// The maximum rows and columns of C per task, and the number of tasks.
  intptr_t task_rows, task_columns, tasks;
  /// The maximum columns of B that stay in the second-level cache while the rows of A stream past.
  intptr_t near_columns;
  /// Whether a task copies its parts of A and B into reading order.
  bool packs_a, packs_b;
} aviary_gemm_plan;

/// How `aviary_gemm_f32` would cut a product into tiles; small and thin products use other algorithms. Depends on the
/// shape, the strides, the caches and the number of threads.
aviary_gemm_plan aviary_gemm_plan_f32(
    bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, intptr_t lda, intptr_t ldb);

/// As `aviary_gemm_f32`, in double precision.
void aviary_gemm_f64(
    bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, const double *a, intptr_t lda,
    const double *b, intptr_t ldb, double *c, intptr_t ldc, const aviary_gemm_options *_Nullable options);

/// `batch` products of one shape; the matrices of product i start at `a + i·stride_a`, and so on. A stride of 0 uses one
/// matrix for all; `stride_c` must separate the results. Each product has the bits that `aviary_gemm_f32` gives.
void aviary_gemm_batched_f32(
    intptr_t batch, bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, const float *a,
    intptr_t lda, intptr_t stride_a, const float *b, intptr_t ldb, intptr_t stride_b, float *c, intptr_t ldc,
    intptr_t stride_c, const aviary_gemm_options *_Nullable options);

/// As `aviary_gemm_batched_f32`, in double precision.
void aviary_gemm_batched_f64(
    intptr_t batch, bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, const double *a,
    intptr_t lda, intptr_t stride_a, const double *b, intptr_t ldb, intptr_t stride_b, double *c, intptr_t ldc,
    intptr_t stride_c, const aviary_gemm_options *_Nullable options);

/// C = A·B (or C + A·B with `accumulate`) in 32-bit integers that wrap around.
void aviary_gemm_i32(
    bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, const int32_t *a, intptr_t lda,
    const int32_t *b, intptr_t ldb, int32_t *c, intptr_t ldc, bool accumulate);

/// C = A·B (or C + A·B with `accumulate`) in 64-bit integers that wrap around.
void aviary_gemm_i64(
    bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, const int64_t *a, intptr_t lda,
    const int64_t *b, intptr_t ldb, int64_t *c, intptr_t ldc, bool accumulate);

/// The derivative of a fused activation, from its output: dx[i] = dy[i]·f′(x[i]), where y[i] = f(x[i]), for i < n.
/// `dx` may be `dy`. The derivative of the rectifiers at 0 is that of the left side (0, or the slope).
void aviary_activation_backward_f32(
    aviary_activation activation, double slope, intptr_t n, const float *y, const float *dy, float *dx);

/// As `aviary_activation_backward_f32`, in double precision.
void aviary_activation_backward_f64(
    aviary_activation activation, double slope, intptr_t n, const double *y, const double *dy, double *dx);

#pragma clang assume_nonnull end
