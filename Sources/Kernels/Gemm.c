#include "AviaryGemm.h"
#include "AviaryConvolution.h"
#include <math.h>
#include <string.h>
#define R float
#define EXP expf
#define TANH tanhf
#define NAME(x) x##_f32
#define activate activate_f32
#include "Templates/NaiveGemm.h"
#include "Templates/NaiveConvolution.h"
#undef R
#undef EXP
#undef TANH
#undef NAME
#undef activate
#define R double
#define EXP exp
#define TANH tanh
#define NAME(x) x##_f64
#define activate activate_f64
#include "Templates/NaiveGemm.h"
#include "Templates/NaiveConvolution.h"

#define INTEGER_GEMM(suffix, signed_type, unsigned_type)                                                            \
  void aviary_gemm_##suffix(                                                                                         \
      bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, const signed_type *a, intptr_t lda,    \
      const signed_type *b, intptr_t ldb, signed_type *c, intptr_t ldc, bool accumulate) {                           \
    for (intptr_t i = 0; i < m; i++) {                                                                               \
      unsigned_type *row = (unsigned_type *)(c + i * ldc);                                                           \
      if (!accumulate) memset(row, 0, (size_t)n * sizeof *row);                                                      \
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
