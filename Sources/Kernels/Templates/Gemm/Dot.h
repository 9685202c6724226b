// Products as dot products along k, for A as stored and B stored transposed: both are read along their rows, nothing is
// packed, and even few columns or rows fill the vectors.

#if AVIARY_ISA_LEVEL == 2 || defined(__aarch64__)
#define DOT_ROWS 4
#else
#define DOT_ROWS 2
#endif
#define DOT_COLUMNS 5
#define DOT_RUN (512 * L)  // of k, added in order
#undef DOT_SUMS
#define DOT_SUMS ((DOT_ROWS * DOT_COLUMNS + L - 1) / L * L)

typedef struct F(dots) {
  intptr_t depth;
  const R *a;
  intptr_t a_stride;
  const R *b;
  intptr_t b_stride;
  R *c;
  intptr_t c_stride;
  bool accumulate;
} F(dots);

AVIARY_INLINE void F(dot_step)(
    const int rows, const int columns, V sum[DOT_SUMS], const V a[DOT_ROWS], const V b[DOT_COLUMNS]) {
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) sum[i * columns + j] = VF(fma)(a[i], b[j], sum[i * columns + j]);
}

/// out[i·columns + j] = the product of row i of A and row j of B, over t->depth.
AVIARY_INLINE void F(dot_body)(const int rows, const int columns, const F(dots) * t, R *out) {
  V sum[DOT_SUMS], a[DOT_ROWS], b[DOT_COLUMNS];
#pragma clang loop unroll(full)
  for (int i = 0; i < DOT_SUMS; i++) sum[i] = VF(set)(0);
  const R *pa = t->a, *pb = t->b;
  const intptr_t sa = t->a_stride, sb = t->b_stride;
  intptr_t p = t->depth;
  for (; p >= L; p -= L, pa += L, pb += L) {
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) b[j] = VF(load)(pb + j * sb);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) a[i] = VF(load)(pa + i * sa);
    F(dot_step)(rows, columns, sum, a, b);
  }
  if (p > 0) {
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) b[j] = VF(load_partial)(pb + j * sb, p);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) a[i] = VF(load_partial)(pa + i * sa, p);
    F(dot_step)(rows, columns, sum, a, b);
  }
#pragma clang loop unroll(full)
  for (int g = 0; g < DOT_SUMS; g += L)
    if (g < rows * columns) VF(store)(out + g, F(sums_of)(sum + g));
}

#define DOT(rows, columns) \
  static void F(dot_##rows##x##columns)(const F(dots) * t, R *out) { F(dot_body)(rows, columns, t, out); }
#define DOT_ROW(rows) DOT(rows, 1) DOT(rows, 2) DOT(rows, 3) DOT(rows, 4) DOT(rows, 5)
#define DOT_NAMES(rows) \
  { F(dot_##rows##x1), F(dot_##rows##x2), F(dot_##rows##x3), F(dot_##rows##x4), F(dot_##rows##x5) }
DOT_ROW(1) DOT_ROW(2)
#if DOT_ROWS == 4
DOT_ROW(3) DOT_ROW(4)
#endif

static void (*const F(dot_tiles)[DOT_ROWS][DOT_COLUMNS])(const F(dots) *, R *) = {
    DOT_NAMES(1), DOT_NAMES(2),
#if DOT_ROWS == 4
    DOT_NAMES(3), DOT_NAMES(4),
#endif
};

/// The products of `rows` rows of A and `columns` rows of B. Parts of long ones are added pairwise, so that the error
/// grows with the logarithm of the length.
static void F(dot_run)(intptr_t rows, intptr_t columns, F(dots) t, R out[DOT_SUMS]) {
  if (t.depth <= DOT_RUN) {
    F(dot_tiles)[rows - 1][columns - 1](&t, out);
    return;
  }
  F(dots) rest = t;
  t.depth = (t.depth / 2 + L - 1) / L * L;
  rest.depth -= t.depth;
  rest.a += t.depth;
  rest.b += t.depth;
  R other[DOT_SUMS];
  F(dot_run)(rows, columns, t, out);
  F(dot_run)(rows, columns, rest, other);
  for (intptr_t i = 0; i < rows * columns; i++) out[i] += other[i];
}

/// The same, into C.
static void F(dot_tile)(intptr_t rows, intptr_t columns, const F(dots) * t) {
  R out[DOT_SUMS];
  F(dot_run)(rows, columns, *t, out);
  for (intptr_t i = 0; i < rows; i++)
    for (intptr_t j = 0; j < columns; j++) {
      R *c = t->c + i * t->c_stride + j;
      *c = t->accumulate ? *c + out[i * columns + j] : out[i * columns + j];
    }
}
#undef DOT
#undef DOT_ROW
#undef DOT_NAMES
