// The innermost product: a tile of C held in registers, one row of B and one column of A at a time. For R, V … of
// Real32.h or Real64.h; included once for each.
//
// A tile has up to TILE_ROWS rows and TILE_VECTORS vectors of columns: as many accumulators as fit in the registers
// besides a row of B and one element of A, so that multiply-adds, not loads, limit the speed. Few rows use more
// vectors, because enough independent sums are needed to hide the latency of the multiply-add. All heights up to
// TILE_ROWS exist, so that rows are distributed evenly over tiles instead of leaving a small remainder.

#if AVIARY_ISA_LEVEL == 2
#define TILE_ROWS 14
#elif AVIARY_ISA_LEVEL == 1
#define TILE_ROWS 6
#elif defined(__aarch64__)
#define TILE_ROWS 12
#else
#define TILE_ROWS 6
#endif
#define TILE_VECTORS 2
#define WIDE_VECTORS 4  // the vectors of a tile of few rows
#if TILE_ROWS > 6
#define WIDE_ROWS 6  // and how many rows count as few
#else
#define WIDE_ROWS 2
#endif

/// Cache lines to prefetch: `count` of them, along rows of `width` lines that are `stride` numbers apart.
typedef struct F(lines) {
  const R *next, *row;
  intptr_t count, stride, width;
} F(lines);

/// C (+)= A·B for one tile.
///
/// The sum runs over three loops, outer × middle × depth: a matrix product needs one, a convolution all. Element (i, p)
/// of A, p in the innermost loop, is a[i·row_stride + p·column_stride]; rows of B are `b_stride` apart and are read as
/// whole vectors; the steps of the other loops are given for both. In the last vector of C, only existing columns are
/// accessed.
typedef struct F(tile) {
  intptr_t outer, middle, depth;
  const R *a;
  intptr_t row_stride, column_stride, a_middle, a_outer;
  const R *b;
  intptr_t b_stride, b_middle, b_outer;
  R *c;
  intptr_t c_stride;
  intptr_t columns;
  bool accumulate;
  bool finish;  // f(C + bias), for the activations that are linear on either side of 0
  aviary_activation activation;
  R slope;
  const R *bias;  // NULL, or of this tile's columns
  const R *next_b;  // NULL, or the rows of B that the next tile reads first
  F(lines) ahead;  // what is read soon
} F(tile);

// Row i of A's column: seven rows reach from one pointer with x86's scaled index, so two pointers and three strides
// serve fourteen rows.
AVIARY_INLINE R F(row_element)(const char *p, intptr_t s1, intptr_t s3, intptr_t s5, int i) {
  switch (i) {
    case 0: return *(const R *)p;
    case 1: return *(const R *)(p + s1);
    case 2: return *(const R *)(p + 2 * s1);
    case 3: return *(const R *)(p + s3);
    case 4: return *(const R *)(p + 4 * s1);
    case 5: return *(const R *)(p + s5);
    default: return *(const R *)(p + 2 * s3);
  }
}

/// The number of existing columns in vector j.
AVIARY_INLINE intptr_t F(vector_columns)(const F(tile) * t, int j) {
  intptr_t count = t->columns - j * L;
  return count < 0 ? 0 : count > L ? L : count;
}

AVIARY_INLINE void F(finish_sums)(
    const int rows, const int vectors, const F(tile) * t, V sum[TILE_ROWS][WIDE_VECTORS]) {
  V slope = VF(set)(t->activation == AVIARY_LEAKY_RELU ? t->slope : 1);
  VI kept = (VI)(t->activation == AVIARY_RELU ? 0 : -1);
#pragma clang loop unroll(full)
  for (int j = 0; j < vectors; j++) {
    V bias = t->bias ? VF(load_partial)(t->bias + j * L, F(vector_columns)(t, j)) : VF(set)(0);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      V v = sum[i][j] + bias;
      sum[i][j] = v < 0 ? (V)((VI)(v * slope) & kept) : v;
    }
  }
}

AVIARY_INLINE void F(store_tile)(
    const int rows, const int vectors, const F(tile) * t, V sum[TILE_ROWS][WIDE_VECTORS]) {
  bool full = t->columns >= vectors * L;
  if (t->accumulate) {
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
      for (int j = 0; j < vectors; j++) {
        const R *c = t->c + i * t->c_stride + j * L;
        sum[i][j] += full ? VF(load)(c) : VF(load_partial)(c, F(vector_columns)(t, j));
      }
  }
  if (t->finish) F(finish_sums)(rows, vectors, t, sum);
  if (full) {
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
      for (int j = 0; j < vectors; j++) VF(store)(t->c + i * t->c_stride + j * L, sum[i][j]);
    return;
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++)
      VF(store_partial)(t->c + i * t->c_stride + j * L, sum[i][j], F(vector_columns)(t, j));
}

#define LINE (64 / (intptr_t)sizeof(R))  // the numbers per cache line

/// Prefetches the next line.
AVIARY_INLINE void F(fetch_line)(F(lines) * lines) {
  __builtin_prefetch(lines->next);
  lines->next += LINE;
  lines->count--;
  if (lines->next < lines->row + lines->width * LINE) return;
  lines->row += lines->stride;
  lines->next = lines->row;
}

/// Prefetches two rows of C, which are written at the end of the tile.
AVIARY_INLINE const R *F(fetch_rows)(const int vectors, const F(tile) * t, const R *row) {
#pragma clang loop unroll(full)
  for (int i = 0; i < 2; i++, row += t->c_stride) {
    // A row may extend into one more line.
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) __builtin_prefetch(row + j * L, 1);
    __builtin_prefetch(row + vectors * L - 1, 1);
  }
  return row;
}

#define FETCH_STEP 8  // along the depth: the number of rows of B prefetched before they are read

/// The innermost loop.
AVIARY_INLINE void F(tile_run)(
    const int rows, const int vectors, const F(tile) * t, const R *a, const R *b, const R **c, const R *c_end,
    F(lines) * ahead, V sum[TILE_ROWS][WIDE_VECTORS]) {
  const intptr_t s1 = t->row_stride * (intptr_t)sizeof(R), s3 = 3 * s1, s5 = 5 * s1;
  const intptr_t step = t->column_stride * (intptr_t)sizeof(R), b_step = t->b_stride, depth = t->depth;
  const char *a0 = (const char *)a, *a1 = a0 + 7 * s1;
  for (intptr_t start = 0, end = (depth - 1) % FETCH_STEP + 1; start < depth; start = end, end += FETCH_STEP) {
    // A few lines at a time: more would hold up the loads of B.
    if (*c < c_end) *c = F(fetch_rows)(vectors, t, *c);
    if (ahead->count > 0) {
      F(fetch_line)(ahead);
      F(fetch_line)(ahead);
    }
#if AVIARY_ISA_LEVEL == 2
    const intptr_t next = end < depth || !t->next_b ? FETCH_STEP * b_step : t->next_b - b;
    if (((intptr_t)b | b_step * (intptr_t)sizeof(R)) & 63)  // rows of B end in a line of their own
      for (int p = 0; p < FETCH_STEP; p++) __builtin_prefetch(b + next + p * b_step + vectors * L - 1);
#endif
    for (intptr_t p = start; p < end; p++) {
      V row[WIDE_VECTORS];
#pragma clang loop unroll(full)
      for (int j = 0; j < vectors; j++) row[j] = VF(load)(b + j * L);
#if AVIARY_ISA_LEVEL == 2
      // Rows of B may each be in another page, which the processor's prefetchers do not follow. Only rows with many
      // multiply-adds leave time for more instructions.
#pragma clang loop unroll(full)
      for (int j = 0; j < vectors; j++) __builtin_prefetch(b + next + j * L);
#endif
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) {
        V x = VF(set)(F(row_element)(i < 7 ? a0 : a1, s1, s3, s5, i % 7));
#pragma clang loop unroll(full)
        for (int j = 0; j < vectors; j++) sum[i][j] = VF(fma)(x, row[j], sum[i][j]);
      }
      a0 += step;
      a1 += step;
      b += b_step;
      // Keeps the compiler from giving each row its own pointer, for which there are no registers.
      __asm__("" : "+r"(a0), "+r"(a1));
    }
  }
}

AVIARY_INLINE void F(tile_body)(const int rows, const int vectors, const F(tile) * t) {
  V sum[TILE_ROWS][WIDE_VECTORS];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) sum[i][j] = VF(set)(0);
  F(lines) ahead = t->ahead;
  const R *c = t->c, *c_end = c + rows * t->c_stride, *a_row = t->a, *b_row = t->b, *a = a_row, *b = b_row;
  intptr_t outer = t->outer, middle = t->middle;
  while (outer > 0 && middle > 0) {
    F(tile_run)(rows, vectors, t, a, b, &c, c_end, &ahead, sum);
    if (--middle > 0) {
      a += t->a_middle;
      b += t->b_middle;
    } else {
      outer--;
      middle = t->middle;
      a = a_row += t->a_outer;
      b = b_row += t->b_outer;
    }
  }
  F(store_tile)(rows, vectors, t, sum);
}

#define TILE(rows, vectors) \
  static void F(tile_##rows##x##vectors)(const F(tile) * t) { F(tile_body)(rows, vectors, t); }
#define TILE_TO_2(f, v) f(1, v) f(2, v)
#define TILE_TO_6(f, v) TILE_TO_2(f, v) f(3, v) f(4, v) f(5, v) f(6, v)
#define TILE_TO_12(f, v) TILE_TO_6(f, v) f(7, v) f(8, v) f(9, v) f(10, v) f(11, v) f(12, v)
#define TILE_TO_14(f, v) TILE_TO_12(f, v) f(13, v) f(14, v)
#if TILE_ROWS == 14
#define TILE_TALL TILE_TO_14
#define TILE_WIDE TILE_TO_6
#elif TILE_ROWS == 12
#define TILE_TALL TILE_TO_12
#define TILE_WIDE TILE_TO_6
#else
#define TILE_TALL TILE_TO_6
#define TILE_WIDE TILE_TO_2
#endif
TILE_TALL(TILE, 1)
TILE_TALL(TILE, 2)
TILE_WIDE(TILE, 4)

#define TILE_NAME(rows, vectors) F(tile_##rows##x##vectors),
/// The tiles by vectors (1, 2, 4) and rows.
static void (*const F(tiles)[3][TILE_ROWS])(const F(tile) *) = {
    {TILE_TALL(TILE_NAME, 1)}, {TILE_TALL(TILE_NAME, 2)}, {TILE_WIDE(TILE_NAME, 4)}};

/// Runs a tile with this many rows; `vectors` may be 1 to 4, but 3 and 4 only for few rows.
AVIARY_INLINE void F(run_tile)(intptr_t rows, intptr_t vectors, const F(tile) * t) {
  F(tiles)[vectors > 2 ? 2 : vectors - 1][rows - 1](t);
}

/// Sets up what a tile can apply itself at the end. Returns whether an activation with an exponential is left to apply.
AVIARY_INLINE bool F(set_finish)(F(tile) * t, aviary_activation activation, double slope, const R *bias) {
  bool simple = activation <= AVIARY_LEAKY_RELU;
  t->finish = simple && (bias || activation != AVIARY_IDENTITY);
  t->activation = activation;
  t->slope = (R)slope;
  t->bias = bias;
  return !simple;
}
