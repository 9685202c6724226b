#include "Dense.h"

typedef struct batch_f32 {
  const product_f32 *first;
  intptr_t stride_a, stride_b, stride_c;
  const dense_table *table;
} batch_f32;

typedef struct batch_f64 {
  const product_f64 *first;
  intptr_t stride_a, stride_b, stride_c;
  const dense_table *table;
} batch_f64;

// Products with less work than this run in one thread each; larger ones run one after another, each on all threads.
static const double large_product = 64e6;

#define GEMM(suffix, real)                                                                                         \
  void aviary_gemm_##suffix(                                                                                       \
      bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, const real *a, intptr_t lda,         \
      const real *b, intptr_t ldb, real *c, intptr_t ldc, const aviary_gemm_options *options) {                    \
    product_##suffix q = {transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc, {0}};                         \
    if (options) q.options = *options;                                                                             \
    dense_current()->gemm_##suffix(&q);                                                                            \
  }                                                                                                                \
                                                                                                                   \
  static void run_batch_##suffix(void *context, intptr_t task) {                                                   \
    const batch_##suffix *batch = context;                                                                         \
    product_##suffix q = *batch->first;                                                                            \
    q.a += task * batch->stride_a;                                                                                 \
    q.b += task * batch->stride_b;                                                                                 \
    q.c += task * batch->stride_c;                                                                                 \
    batch->table->gemm_##suffix(&q);                                                                               \
  }                                                                                                                \
                                                                                                                   \
  void aviary_gemm_batched_##suffix(                                                                               \
      intptr_t batch, bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, const real *a,       \
      intptr_t lda, intptr_t stride_a, const real *b, intptr_t ldb, intptr_t stride_b, real *c, intptr_t ldc,      \
      intptr_t stride_c, const aviary_gemm_options *options) {                                                     \
    product_##suffix q = {transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc, {0}};                         \
    if (options) q.options = *options;                                                                             \
    batch_##suffix work = {&q, stride_a, stride_b, stride_c, dense_current()};                                     \
    double each = 2.0 * (double)m * (double)n * (double)k;                                                         \
    if (each < large_product && each * (double)batch > 2 * TASK_WORK)                                              \
      aviary_parallel(batch, run_batch_##suffix, &work);                                                           \
    else                                                                                                           \
      for (intptr_t i = 0; i < batch; i++) run_batch_##suffix(&work, i);                                           \
  }

GEMM(f32, float)
GEMM(f64, double)

aviary_gemm_plan aviary_gemm_plan_f32(
    bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, intptr_t lda, intptr_t ldb) {
  product_f32 q = {.transpose_a = transpose_a, .transpose_b = transpose_b, .m = m, .n = n, .k = k, .lda = lda, .ldb = ldb};
  return dense_current()->gemm_plan_f32(&q);
}

// Wrapping arithmetic is unsigned arithmetic in C.
#define INTEGER_GEMM(suffix, signed_type, unsigned_type)                                                             \
  void aviary_gemm_##suffix(                                                                                         \
      bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, const signed_type *a, intptr_t lda,    \
      const signed_type *b, intptr_t ldb, signed_type *c, intptr_t ldc, bool accumulate) {                           \
    for (intptr_t i = 0; i < m; i++) {                                                                               \
      unsigned_type *row = (unsigned_type *)(c + i * ldc);                                                           \
      for (intptr_t j = 0; j < n && !accumulate; j++) row[j] = 0;                                                    \
      for (intptr_t p = 0; p < k; p++) {                                                                             \
        unsigned_type x = (unsigned_type)(transpose_a ? a[p * lda + i] : a[i * lda + p]);                            \
        if (transpose_b)                                                                                             \
          for (intptr_t j = 0; j < n; j++) row[j] += x * (unsigned_type)b[j * ldb + p];                              \
        else                                                                                                         \
          for (intptr_t j = 0; j < n; j++) row[j] += x * (unsigned_type)b[p * ldb + j];                              \
      }                                                                                                              \
    }                                                                                                                \
  }

INTEGER_GEMM(i32, int32_t, uint32_t)
INTEGER_GEMM(i64, int64_t, uint64_t)
