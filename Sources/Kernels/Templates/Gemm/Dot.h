// Products as dot products along k, for A as stored and B stored transposed: both are read along their rows, nothing is
// packed, and few columns or few rows still fill the vectors.

#if AVIARY_ISA_LEVEL == 2 || defined(__aarch64__)
#define DOT_ROWS 4
#else
#define DOT_ROWS 2
#endif
#define DOT_COLUMNS 5
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

AVIARY_INLINE void F(dot_body)(const int rows, const int columns, const F(dots) * t) {
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
  R out[DOT_SUMS];
#pragma clang loop unroll(full)
  for (int g = 0; g < DOT_SUMS; g += L)
    if (g < rows * columns) VF(store)(out + g, F(sums_of)(sum + g));
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) {
      R *c = t->c + i * t->c_stride + j;
      *c = t->accumulate ? *c + out[i * columns + j] : out[i * columns + j];
    }
}

#define DOT(rows, columns) \
  static void F(dot_##rows##x##columns)(const F(dots) * t) { F(dot_body)(rows, columns, t); }
#define DOT_ROW(rows) DOT(rows, 1) DOT(rows, 2) DOT(rows, 3) DOT(rows, 4) DOT(rows, 5)
#define DOT_NAMES(rows) \
  { F(dot_##rows##x1), F(dot_##rows##x2), F(dot_##rows##x3), F(dot_##rows##x4), F(dot_##rows##x5) }
DOT_ROW(1) DOT_ROW(2)
#if DOT_ROWS == 4
DOT_ROW(3) DOT_ROW(4)
#endif

static void (*const F(dot_tiles)[DOT_ROWS][DOT_COLUMNS])(const F(dots) *) = {
    DOT_NAMES(1), DOT_NAMES(2),
#if DOT_ROWS == 4
    DOT_NAMES(3), DOT_NAMES(4),
#endif
};
#undef DOT
#undef DOT_ROW
#undef DOT_NAMES
#undef DOT_SUMS
