// Products with few rows or few columns: the large operand is read once, in place, and memory bandwidth limits the
// speed.

#define THIN_STEP 16  // rows of the large operand processed together: as many streams as the prefetchers can follow
#define THIN_PANEL (WIDE_VECTORS * L)
#define THIN_RUN 1024  // of the depth, added in order

/// C (rows × columns, or its transpose) = X·S, where S (depth × columns) is large and X has at most WIDE_ROWS rows, or
/// TILE_ROWS if the panels are narrower.
typedef struct F(thin) {
  const F(product) * q;
  bool transposed;
  intptr_t rows, columns, depth;
  const R *x;
  intptr_t row_stride, column_stride;
  const R *s;
  intptr_t s_stride;
  intptr_t panels, width, pieces;
} F(thin);

/// Sums the depth from `start` to `end` for the columns from `first` to `last` into `c`. Parts of a great depth are
/// added pairwise, so that the error grows with its logarithm.
static void F(thin_columns)(
    const F(thin) * thin, intptr_t start, intptr_t end, intptr_t first, intptr_t last, R *c, intptr_t c_stride,
    bool accumulate) {
  if (end - start > THIN_RUN) {
    intptr_t middle = start + ((end - start) / 2 + THIN_STEP - 1) / THIN_STEP * THIN_STEP, width = last - first;
    size_t size = (size_t)(thin->rows * width) * sizeof(R);
    R *other = dense_scratch(size);
    F(thin_columns)(thin, start, middle, first, last, c, c_stride, accumulate);
    F(thin_columns)(thin, middle, end, first, last, other, width, false);
    for (intptr_t i = 0; i < thin->rows; i++)
      for (intptr_t j = 0; j < width; j++) c[i * c_stride + j] += other[i * width + j];
    aviary_deallocate(other, size);
    return;
  }
  R edge[THIN_STEP * THIN_PANEL];
  F(tile) t = {
      .outer = 1, .middle = 1, .row_stride = thin->row_stride, .column_stride = thin->column_stride,
      .c_stride = c_stride};
  for (intptr_t p = start; p < end; p += THIN_STEP) {
    t.depth = end - p < THIN_STEP ? end - p : THIN_STEP;
    t.accumulate = accumulate || p > start;
    t.a = thin->x + p * thin->column_stride;
    for (intptr_t column = first; column < last; column += thin->width) {
      t.columns = last - column < thin->width ? last - column : thin->width;
      t.b = thin->s + p * thin->s_stride + column;
      t.b_stride = thin->s_stride;
      intptr_t vectors = (t.columns + L - 1) / L;
      if (vectors == 3) vectors = 4;
      if (t.columns < vectors * L) {
        F(pack_rows)(t.depth, t.columns, t.b, t.b_stride, edge, vectors * L);
        t.b = edge;
        t.b_stride = vectors * L;
      }
      t.c = c + (column - first);
      F(run_tile)(thin->rows, vectors, &t);
    }
  }
}

static void F(thin_task)(void *context, intptr_t task) {
  const F(thin) *thin = context;
  const F(product) *q = thin->q;
  intptr_t first = dense_start(thin->panels, thin->pieces, task) * thin->width;
  intptr_t last = dense_start(thin->panels, thin->pieces, task + 1) * thin->width;
  if (last > thin->columns) last = thin->columns;
  const R *bias = q->options.bias;
  if (!thin->transposed) {
    R *c = q->c + first;
    F(thin_columns)(thin, 0, thin->depth, first, last, c, q->ldc, q->options.accumulate);
    F(finish)(q->options.activation, q->options.slope, thin->rows, last - first, c, q->ldc, bias ? bias + first : NULL);
    return;
  }
  intptr_t width = last - first;
  size_t size = (size_t)(width * thin->rows) * sizeof(R);
  R *sums = dense_scratch(size);
  F(thin_columns)(thin, 0, thin->depth, first, last, sums, width, false);
  R *c = q->c + first * q->ldc;
  if (q->options.accumulate) {
    for (intptr_t i = 0; i < width; i++)
      for (intptr_t j = 0; j < thin->rows; j++) c[i * q->ldc + j] += sums[j * width + i];
  } else {
    F(pack_columns)(width, thin->rows, sums, width, c, thin->rows, q->ldc);
  }
  aviary_deallocate(sums, size);
  F(finish)(q->options.activation, q->options.slope, width, thin->rows, c, q->ldc, bias);
}

/// For few rows of C (with B as stored) or few columns (with A stored transposed).
static void F(thin_product)(const F(product) * q, bool transposed) {
  F(thin) thin = {.q = q, .transposed = transposed, .depth = q->k};
  if (transposed) {
    thin.rows = q->n;
    thin.columns = q->m;
    thin.x = q->b;
    thin.row_stride = q->transpose_b ? q->ldb : 1;
    thin.column_stride = q->transpose_b ? 1 : q->ldb;
    thin.s = q->a;
    thin.s_stride = q->lda;
  } else {
    thin.rows = q->m;
    thin.columns = q->n;
    thin.x = q->a;
    thin.row_stride = q->transpose_a ? 1 : q->lda;
    thin.column_stride = q->transpose_a ? q->lda : 1;
    thin.s = q->b;
    thin.s_stride = q->ldb;
  }
  thin.width = thin.rows <= WIDE_ROWS ? THIN_PANEL : PANEL;
  thin.panels = (thin.columns + thin.width - 1) / thin.width;
  // A step takes the time of its multiply-adds, or of reading S if that is longer.
  double work = (double)thin.columns * (double)thin.depth * (2.0 * (double)thin.rows + 16.0);
  thin.pieces = dense_pieces(work, TASK_WORK, (thin.panels + 1) / 2, 64);
  aviary_parallel(thin.pieces, F(thin_task), &thin);
}

/// C = A·Sᵀ by dot products, over a part of the rows or of the columns.
typedef struct F(dot_product) {
  const F(product) * q;
  const R *b;
  intptr_t ldb;
  bool by_rows;
  intptr_t pieces;
} F(dot_product);

static void F(dot_task)(void *context, intptr_t task) {
  const F(dot_product) *d = context;
  const F(product) *q = d->q;
  intptr_t r0 = 0, r1 = q->m, c0 = 0, c1 = q->n;
  if (d->by_rows) {
    r0 = dense_start(q->m, d->pieces, task);
    r1 = dense_start(q->m, d->pieces, task + 1);
  } else {
    c0 = dense_start(q->n, d->pieces, task);
    c1 = dense_start(q->n, d->pieces, task + 1);
  }
  intptr_t row_blocks = (r1 - r0 + DOT_ROWS - 1) / DOT_ROWS, column_blocks = (c1 - c0 + DOT_COLUMNS - 1) / DOT_COLUMNS;
  F(dots) t = {
      .depth = q->k, .a_stride = q->lda, .b_stride = d->ldb, .c_stride = q->ldc,
      .accumulate = q->options.accumulate};
  // The inner loop goes over the smaller operand, which stays in the cache.
  intptr_t outer = d->by_rows ? row_blocks : column_blocks, inner = d->by_rows ? column_blocks : row_blocks;
  for (intptr_t o = 0; o < outer; o++)
    for (intptr_t i = 0; i < inner; i++) {
      intptr_t x = d->by_rows ? o : i, y = d->by_rows ? i : o;
      intptr_t row = r0 + dense_start(r1 - r0, row_blocks, x), rows = r0 + dense_start(r1 - r0, row_blocks, x + 1) - row;
      intptr_t column = c0 + dense_start(c1 - c0, column_blocks, y);
      intptr_t columns = c0 + dense_start(c1 - c0, column_blocks, y + 1) - column;
      t.a = q->a + row * q->lda;
      t.b = d->b + column * d->ldb;
      t.c = q->c + row * q->ldc + column;
      F(dot_tile)(rows, columns, &t);
    }
  const R *bias = q->options.bias;
  F(finish)(
      q->options.activation, q->options.slope, r1 - r0, c1 - c0, q->c + r0 * q->ldc + c0, q->ldc,
      bias ? bias + c0 : NULL);
}

/// For A as stored. B is stored transposed, or has few columns and is transposed here.
static void F(dot_products)(const F(product) * q) {
  F(dot_product) d = {.q = q, .b = q->b, .ldb = q->ldb, .by_rows = q->m >= q->n};
  size_t size = q->transpose_b ? 0 : (size_t)(q->n * q->k) * sizeof(R);
  R *scratch = NULL;
  if (size) {
    scratch = dense_scratch(size);
    F(pack_columns)(q->n, q->k, q->b, q->ldb, scratch, q->k, q->k);
    d.b = scratch;
    d.ldb = q->k;
  }
  double few = (double)(d.by_rows ? q->n : q->m), many = (double)(d.by_rows ? q->m : q->n);
  intptr_t blocks = d.by_rows ? (q->m + DOT_ROWS - 1) / DOT_ROWS : (q->n + DOT_COLUMNS - 1) / DOT_COLUMNS;
  d.pieces = dense_pieces(many * (double)q->k * (2.0 * few + 16.0), TASK_WORK, blocks, 64);
  aviary_parallel(d.pieces, F(dot_task), &d);
  if (scratch) aviary_deallocate(scratch, size);
}
