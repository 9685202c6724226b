#include "../include/AviaryLinearAlgebra.h"

#include "../Kernels.h"

#define FUNCTIONS(S, T) \
  intptr_t aviary_cholesky_##S(intptr_t n, T *a) { return vectors()->S.cholesky(n, a); } \
  intptr_t aviary_solve_##S(intptr_t n, intptr_t columns, T *a, T *b) { return vectors()->S.solve(n, columns, a, b); } \
  intptr_t aviary_triangular_solve_##S( \
    bool lower, bool transposed, bool unit_diagonal, intptr_t n, intptr_t columns, const T *t, T *b \
  ) { \
    return vectors()->S.triangular_solve(lower, transposed, unit_diagonal, n, columns, t, b); \
  }
FUNCTIONS(f32, float)
FUNCTIONS(f64, double)
