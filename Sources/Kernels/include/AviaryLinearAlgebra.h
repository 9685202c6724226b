#pragma once

// Dense factorizations and solves, row-major, for float32 and float64.

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Replaces the lower triangle of the symmetric n×n matrix `a` (only its lower triangle is read) by the Cholesky factor
/// L with L Lᵀ = a, and the part above the diagonal by zeros. Returns 0, or the 1-based column at which the matrix
/// proved not to be positive definite (`a` is then partly overwritten).
intptr_t aviary_cholesky_f32(intptr_t n, float *a);

/// `aviary_cholesky_f32` for float64.
intptr_t aviary_cholesky_f64(intptr_t n, double *a);

/// Solves a x = b by LU factorization with partial pivoting, for b[n, columns], which the solution replaces; `a`
/// (n×n) is overwritten by its factors. Returns 0, or the 1-based column whose pivot is exactly zero or not a number
/// (a singular matrix; `b` is then meaningless).
intptr_t aviary_solve_f32(intptr_t n, intptr_t columns, float *a, float *b);

/// `aviary_solve_f32` for float64.
intptr_t aviary_solve_f64(intptr_t n, intptr_t columns, double *a, double *b);

/// Solves t x = b, or tᵀ x = b with `transposed`, for b[n, columns], which the solution replaces. `t` is n×n; only
/// its lower (`lower`) or upper triangle is read, and with `unit_diagonal` not its diagonal, taken as ones. Returns 0,
/// or the 1-based index of a zero on the diagonal (nothing is written then).
intptr_t aviary_triangular_solve_f32(
  bool lower, bool transposed, bool unit_diagonal, intptr_t n, intptr_t columns, const float *t,
  float *b);

/// `aviary_triangular_solve_f32` for float64.
intptr_t aviary_triangular_solve_f64(
  bool lower, bool transposed, bool unit_diagonal, intptr_t n, intptr_t columns, const double *t,
  double *b);

#pragma clang assume_nonnull end
