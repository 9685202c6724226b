// Sums of the columns of a dense matrix.

/// out[j] = Σᵢ x[i·n + j], for few rows or many columns alike.
static void F(add_rows)(intptr_t m, intptr_t n, const R *x, R *out) {
  intptr_t j = 0;
  for (; j + 4 * L <= n; j += 4 * L) {
    const R *p = x + j;
    V a = VF(set)(0), b = a, c = a, d = a;
    for (intptr_t i = 0; i < m; i++, p += n) {
      a += VF(load)(p);
      b += VF(load)(p + L);
      c += VF(load)(p + 2 * L);
      d += VF(load)(p + 3 * L);
    }
    VF(store)(out + j, a);
    VF(store)(out + j + L, b);
    VF(store)(out + j + 2 * L, c);
    VF(store)(out + j + 3 * L, d);
  }
  for (; j < n; j += L) {
    intptr_t count = n - j < L ? n - j : L;
    V a = VF(set)(0);
    for (intptr_t i = 0; i < m; i++) a += VF(load_partial)(x + i * n + j, count);
    VF(store_partial)(out + j, a, count);
  }
}

typedef struct F(column_parts) {
  intptr_t rows, width, pieces;  // of the matrix with `fold` rows side by side
  const R *x;
  R *partial;
} F(column_parts);

static void F(column_sums_task)(void *context, intptr_t task) {
  const F(column_parts) *s = context;
  intptr_t first = dense_start(s->rows, s->pieces, task), last = dense_start(s->rows, s->pieces, task + 1);
  F(add_rows)(last - first, s->width, s->x + first * s->width, s->partial + task * s->width);
}

static void F(column_sums)(intptr_t m, intptr_t n, const R *x, R *out) {
  if (n <= 0) return;
  // Narrow rows are taken several side by side, as one wide row; their parts are added up at the end.
  intptr_t fold = (4 * L + n - 1) / n;
  F(column_parts) s = {.rows = m / fold, .width = n * fold, .x = x};
  s.pieces = dense_pieces((double)m * (double)n, 65536, s.rows, 16);
  size_t size = (size_t)(s.pieces * s.width) * sizeof(R);
  s.partial = dense_scratch(size);
  aviary_parallel(s.pieces, F(column_sums_task), &s);
  for (intptr_t j = 0; j < n; j++) {
    R sum = 0;
    for (intptr_t i = s.rows * fold; i < m; i++) sum += x[i * n + j];
    out[j] = sum;
  }
  for (intptr_t i = 0; i < s.pieces * fold; i++)
    for (intptr_t j = 0; j < n; j++) out[j] += s.partial[i * n + j];
  aviary_deallocate(s.partial, size);
}
