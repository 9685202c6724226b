// Factorizations and solves of one float type: T and FN(name) are defined by the file that includes this.
// They work along rows, the contiguous direction, so that the inner loops are sums of scaled rows.

intptr_t FN(aviary_cholesky)(intptr_t n, T *a) {
  for (intptr_t i = 0; i < n; i++) {
    T *row = a + i * n;
    for (intptr_t j = 0; j <= i; j++) {
      const T *other = a + j * n;
      T sum = row[j];
      for (intptr_t k = 0; k < j; k++) sum -= row[k] * other[k];
      if (j < i) {
        row[j] = sum / other[j];
      } else {
        if (!(sum > 0)) return i + 1;
        row[i] = LIBM(sqrt)(sum);
      }
    }
    for (intptr_t j = i + 1; j < n; j++) row[j] = 0;
  }
  return 0;
}

static inline void FN(subtract_scaled)(intptr_t n, T scale, const T *x, T *y) {
  for (intptr_t i = 0; i < n; i++) y[i] -= scale * x[i];
}

static void FN(swap)(intptr_t n, T *x, T *y) {
  for (intptr_t i = 0; i < n; i++) {
    const T value = x[i];
    x[i] = y[i];
    y[i] = value;
  }
}

intptr_t FN(aviary_solve)(intptr_t n, intptr_t columns, T *a, T *b) {
  for (intptr_t k = 0; k < n; k++) {
    intptr_t pivot = k;
    for (intptr_t i = k + 1; i < n; i++) {
      if (LIBM(fabs)(a[i * n + k]) > LIBM(fabs)(a[pivot * n + k])) pivot = i;
    }
    if (!(LIBM(fabs)(a[pivot * n + k]) > 0)) return k + 1;
    if (pivot != k) {
      FN(swap)(n, a + k * n, a + pivot * n);
      FN(swap)(columns, b + k * columns, b + pivot * columns);
    }
    for (intptr_t i = k + 1; i < n; i++) {
      const T factor = a[i * n + k] /= a[k * n + k];
      if (factor == 0) continue;
      FN(subtract_scaled)(n - k - 1, factor, a + k * n + k + 1, a + i * n + k + 1);
      FN(subtract_scaled)(columns, factor, b + k * columns, b + i * columns);
    }
  }
  return FN(aviary_triangular_solve)(false, false, false, n, columns, a, b);
}

intptr_t FN(aviary_triangular_solve)(
  bool lower, bool transposed, bool unit_diagonal, intptr_t n, intptr_t columns, const T *t, T *b
) {
  for (intptr_t i = 0; i < n && !unit_diagonal; i++) {
    if (t[i * n + i] == 0) return i + 1;
  }
  // A lower triangle is solved from the first unknown on, an upper one from the last.
  const bool forward = lower != transposed;
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
