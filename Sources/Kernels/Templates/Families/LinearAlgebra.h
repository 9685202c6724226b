// Factorizations and solves of one float type. They work along rows, the contiguous direction: every inner loop is a
// product of two rows or a row less a multiple of another.

AVIARY_INLINE void FN(subtract_scaled)(intptr_t n, T scale, const T *x, T *y) {
  const V factor = VF(set)(-scale);
  for (intptr_t i = 0; i < n; i += COUNT) {
    FN(store)(y + i, VF(fma)(FN(load)(x + i, n - i), factor, FN(load)(y + i, n - i)), n - i);
  }
}

static intptr_t FN(cholesky)(intptr_t n, void *a_) {
  T *a = a_;
  for (intptr_t i = 0; i < n; i++) {
    T *row = a + i * n;
    for (intptr_t j = 0; j < i; j++) row[j] = (row[j] - FN(dot_row)(j, row, a + j * n)) / a[j * n + j];
    const T square = row[i] - FN(dot_row)(i, row, row);
    if (!(square > 0)) return i + 1;
    row[i] = LIBM(sqrt)(square);
    for (intptr_t j = i + 1; j < n; j++) row[j] = 0;
  }
  return 0;
}

/// For one right-hand side, where rows of b are too short.
static void FN(triangular_solve_one)(
  bool forward, bool transposed, bool unit_diagonal, intptr_t n, const T *t, T *b
) {
  for (intptr_t step = 0; step < n; step++) {
    const intptr_t i = forward ? step : n - 1 - step;
    const intptr_t known = forward ? 0 : i + 1, unknown = forward ? i + 1 : 0;
    if (!transposed) b[i] -= FN(dot_row)(step, t + i * n + known, b + known);
    if (!unit_diagonal) b[i] /= t[i * n + i];
    if (transposed) FN(subtract_scaled)(n - 1 - step, b[i], t + i * n + unknown, b + unknown);
  }
}

static intptr_t FN(triangular_solve)(
  bool lower, bool transposed, bool unit_diagonal, intptr_t n, intptr_t columns, const void *t_, void *b_
) {
  const T *t = t_;
  T *b = b_;
  for (intptr_t i = 0; i < n && !unit_diagonal; i++) {
    if (t[i * n + i] == 0) return i + 1;
  }
  // A lower triangle is solved from the first unknown on, an upper one from the last.
  const bool forward = lower != transposed;
  if (columns == 1) {
    FN(triangular_solve_one)(forward, transposed, unit_diagonal, n, t, b);
    return 0;
  }
  for (intptr_t step = 0; step < n; step++) {
    const intptr_t i = forward ? step : n - 1 - step;
    T *row = b + i * columns;
    for (intptr_t done = 0; done < step; done++) {
      const intptr_t j = forward ? done : n - 1 - done;
      FN(subtract_scaled)(columns, transposed ? t[j * n + i] : t[i * n + j], b + j * columns, row);
    }
    if (unit_diagonal) continue;
    const T diagonal = t[i * n + i];
    for (intptr_t c = 0; c < columns; c++) row[c] /= diagonal;
  }
  return 0;
}

static void FN(swap_rows)(intptr_t n, T *x, T *y) {
  for (intptr_t i = 0; i < n; i++) {
    const T value = x[i];
    x[i] = y[i];
    y[i] = value;
  }
}

static intptr_t FN(solve)(intptr_t n, intptr_t columns, void *a_, void *b_) {
  T *a = a_, *b = b_;
  for (intptr_t k = 0; k < n; k++) {
    intptr_t pivot = k;
    for (intptr_t i = k + 1; i < n; i++) {
      if (LIBM(fabs)(a[i * n + k]) > LIBM(fabs)(a[pivot * n + k])) pivot = i;
    }
    if (!(LIBM(fabs)(a[pivot * n + k]) > 0)) return k + 1;
    if (pivot != k) {
      FN(swap_rows)(n, a + k * n, a + pivot * n);
      FN(swap_rows)(columns, b + k * columns, b + pivot * columns);
    }
    for (intptr_t i = k + 1; i < n; i++) {
      const T factor = a[i * n + k] /= a[k * n + k];
      if (factor == 0) continue;
      FN(subtract_scaled)(n - k - 1, factor, a + k * n + k + 1, a + i * n + k + 1);
      FN(subtract_scaled)(columns, factor, b + k * columns, b + i * columns);
    }
  }
  return FN(triangular_solve)(false, false, false, n, columns, a, b);
}
