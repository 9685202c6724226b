// A matrix product of any shape, cut into tiles. What is packed, and how the work is cut into tasks, depends on the shape
// alone.

#define PANEL (TILE_VECTORS * L)
#define DEPTH_BLOCK (2048 / (intptr_t)sizeof(R))  // of k: a panel of B for it fits the second-level cache with ease

typedef struct F(plan) {
  const F(product) * q;
  intptr_t row_stride, column_stride;  // of op(A) as stored
  intptr_t depth_blocks, row_tiles, panels, width;
  intptr_t row_groups, column_groups;
  bool pack_a, pack_b;
  R *packed_a, *packed_b;  // for all tasks, or NULL where each packs its own part
} F(plan);

/// Packs the rows from `row` on of op(A), of one block of k, for one tile.
static void F(pack_a)(const F(plan) * plan, intptr_t row, intptr_t rows, intptr_t start, intptr_t depth, R *to) {
  const F(product) *q = plan->q;
  if (q->transpose_a)
    F(pack_rows)(depth, rows, q->a + start * q->lda + row, q->lda, to, rows);
  else
    F(pack_columns)(depth, rows, q->a + row * q->lda + start, q->lda, to, rows, rows);
}

static void F(pack_b)(const F(plan) * plan, intptr_t column, intptr_t start, intptr_t depth, R *to) {
  const F(product) *q = plan->q;
  intptr_t columns = q->n - column < plan->width ? q->n - column : plan->width;
  if (q->transpose_b)
    F(pack_columns)(depth, columns, q->b + column * q->ldb + start, q->ldb, to, plan->width, plan->width);
  else
    F(pack_rows)(depth, columns, q->b + start * q->ldb + column, q->ldb, to, plan->width);
}

/// Packs for all tasks: first the tiles of A, then the panels of B, of each block of k.
static void F(pack_task)(void *context, intptr_t task) {
  const F(plan) *plan = context;
  const F(product) *q = plan->q;
  intptr_t tiles = plan->packed_a ? plan->row_tiles : 0, panels = plan->packed_b ? plan->panels : 0;
  intptr_t groups = (tiles + panels + 3) / 4;
  intptr_t block = task / groups, first = task % groups * 4;
  intptr_t start = dense_start(q->k, plan->depth_blocks, block);
  intptr_t depth = dense_start(q->k, plan->depth_blocks, block + 1) - start;
  for (intptr_t i = first; i < first + 4 && i < tiles + panels; i++) {
    if (i < tiles) {
      intptr_t row = dense_start(q->m, plan->row_tiles, i), rows = dense_start(q->m, plan->row_tiles, i + 1) - row;
      F(pack_a)(plan, row, rows, start, depth, plan->packed_a + start * q->m + row * depth);
    } else {
      intptr_t column = (i - tiles) * plan->width;
      F(pack_b)(plan, column, start, depth, plan->packed_b + start * plan->panels * plan->width + column * depth);
    }
  }
}

/// One panel of B against the rows of a task.
static void F(panel)(
    const F(plan) * plan, intptr_t first_tile, intptr_t last_tile, intptr_t column, F(tile) t, const R *packed_a,
    intptr_t start, bool last) {
  const F(product) *q = plan->q;
  intptr_t columns = q->n - column < plan->width ? q->n - column : plan->width;
  intptr_t vectors = (columns + L - 1) / L;
  const R *bias = q->options.bias;
  if (bias) bias += column;
  bool finish = last && F(set_finish)(&t, q->options.activation, q->options.slope, bias);
  t.columns = columns;
  intptr_t row = dense_start(q->m, plan->row_tiles, first_tile), origin = row;
  for (intptr_t tile = first_tile; tile < last_tile; tile++) {
    intptr_t rows = dense_start(q->m, plan->row_tiles, tile + 1) - row;
    if (packed_a) {
      t.a = packed_a + (row - origin) * t.depth;
      t.row_stride = 1;
      t.column_stride = rows;
    } else {
      t.a = q->a + row * plan->row_stride + start * plan->column_stride;
    }
    t.c = q->c + row * q->ldc + column;
    F(run_tile)(rows, vectors, &t);
    if (finish)
      F(finish)(q->options.activation, q->options.slope, rows, columns, t.c, q->ldc, bias);
    row += rows;
  }
}

/// The tiles of a group of rows and a group of columns, one block of k after the other.
static void F(product_task)(void *context, intptr_t task) {
  const F(plan) *plan = context;
  const F(product) *q = plan->q;
  intptr_t row_group = task / plan->column_groups, column_group = task % plan->column_groups;
  intptr_t first_tile = dense_start(plan->row_tiles, plan->row_groups, row_group);
  intptr_t last_tile = dense_start(plan->row_tiles, plan->row_groups, row_group + 1);
  intptr_t first_panel = dense_start(plan->panels, plan->column_groups, column_group);
  intptr_t last_panel = dense_start(plan->panels, plan->column_groups, column_group + 1);
  intptr_t first_row = dense_start(q->m, plan->row_tiles, first_tile);
  intptr_t rows = dense_start(q->m, plan->row_tiles, last_tile) - first_row;
  intptr_t deepest = (q->k + plan->depth_blocks - 1) / plan->depth_blocks;
  bool own_a = plan->pack_a && !plan->packed_a;
  size_t b_size = plan->packed_b ? 0 : (size_t)(deepest * plan->width);
  size_t size = (b_size + (own_a ? (size_t)(rows * deepest) : 0)) * sizeof(R);
  R *scratch = size ? dense_scratch(size) : NULL;
  F(tile) t = {
      .outer = 1, .middle = 1, .row_stride = plan->row_stride, .column_stride = plan->column_stride, .c_stride = q->ldc};
  for (intptr_t block = 0; block < plan->depth_blocks; block++) {
    intptr_t start = dense_start(q->k, plan->depth_blocks, block);
    t.depth = dense_start(q->k, plan->depth_blocks, block + 1) - start;
    t.accumulate = block > 0 || q->options.accumulate;
    const R *packed_a = plan->packed_a ? plan->packed_a + start * q->m + first_row * t.depth : NULL;
    if (own_a) {
      packed_a = scratch + b_size;
      for (intptr_t tile = first_tile, row = first_row, next; tile < last_tile; tile++, row = next) {
        next = dense_start(q->m, plan->row_tiles, tile + 1);
        F(pack_a)(plan, row, next - row, start, t.depth, scratch + b_size + (row - first_row) * t.depth);
      }
    }
    for (intptr_t panel = first_panel; panel < last_panel; panel++) {
      intptr_t column = panel * plan->width;
      t.b_stride = plan->width;
      if (plan->packed_b) {
        t.b = plan->packed_b + start * plan->panels * plan->width + column * t.depth;
      } else if (plan->pack_b || column + plan->width > q->n) {
        F(pack_b)(plan, column, start, t.depth, scratch);
        t.b = scratch;
      } else {
        t.b = q->b + start * q->ldb + column;
        t.b_stride = q->ldb;
      }
      F(panel)(plan, first_tile, last_tile, column, t, packed_a, start, block == plan->depth_blocks - 1);
    }
  }
  if (scratch) aviary_deallocate(scratch, size);
}

/// Operands larger than this do not lie in the second-level cache and the translation buffers as they are.
#define LARGE_OPERAND ((intptr_t)4 << 20)

static F(plan) F(make_plan)(const F(product) * q) {
  F(plan) plan = {.q = q, .width = PANEL};
  plan.row_stride = q->transpose_a ? 1 : q->lda;
  plan.column_stride = q->transpose_a ? q->lda : 1;
  plan.depth_blocks = (q->k + DEPTH_BLOCK - 1) / DEPTH_BLOCK;
  plan.row_tiles = (q->m + TILE_ROWS - 1) / TILE_ROWS;
  plan.panels = (q->n + plan.width - 1) / plan.width;
  // Packing pays where an operand is large and used often enough, or lies across.
  plan.pack_b = q->transpose_b || (q->m >= 8 * TILE_ROWS && q->k * q->n * (intptr_t)sizeof(R) > LARGE_OPERAND);
  plan.pack_a = q->n >= 8 * PANEL && q->m * q->k * (intptr_t)sizeof(R) >= LARGE_OPERAND;
  // Tasks of four panels and at most 18 tiles of rows; smaller ones where these would be too few to share out.
  double work = 2.0 * (double)q->m * (double)q->n * (double)q->k;
  intptr_t pieces = dense_pieces(work, TASK_WORK, plan.row_tiles * plan.panels, 64);
  intptr_t most_rows = (plan.row_tiles + 3) / 4, least_rows = (plan.row_tiles + 17) / 18;
  plan.column_groups = plan.panels / 4 < 1 ? 1 : plan.panels / 4;
  if (plan.column_groups > pieces) plan.column_groups = pieces;
  plan.row_groups = (pieces + plan.column_groups - 1) / plan.column_groups;
  if (plan.row_groups > most_rows) plan.row_groups = most_rows;
  if (plan.row_groups < least_rows) plan.row_groups = least_rows;
  intptr_t wanted = pieces < 8 ? pieces : 8;
  if (plan.row_groups * plan.column_groups < wanted) {
    plan.column_groups = (wanted + plan.row_groups - 1) / plan.row_groups;
    if (plan.column_groups > plan.panels) plan.column_groups = plan.panels;
  }
  return plan;
}

static void F(blocked)(const F(product) * q) {
  F(plan) plan = F(make_plan)(q);
  size_t a_size = 0, b_size = 0;
  if (plan.pack_a && plan.column_groups > 1) a_size = (size_t)(q->m * q->k) * sizeof(R);
  if (plan.pack_b && plan.row_groups > 1) b_size = (size_t)(plan.panels * plan.width * q->k) * sizeof(R);
  plan.packed_a = a_size ? dense_scratch(a_size) : NULL;
  plan.packed_b = b_size ? dense_scratch(b_size) : NULL;
  intptr_t shared = (a_size ? plan.row_tiles : 0) + (b_size ? plan.panels : 0);
  if (shared) aviary_parallel(plan.depth_blocks * ((shared + 3) / 4), F(pack_task), &plan);
  intptr_t tasks = plan.row_groups * plan.column_groups;
  if (tasks == 1)
    F(product_task)(&plan, 0);
  else
    aviary_parallel(tasks, F(product_task), &plan);
  if (a_size) aviary_deallocate(plan.packed_a, a_size);
  if (b_size) aviary_deallocate(plan.packed_b, b_size);
}
