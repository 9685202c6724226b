// A matrix product of any shape, cut into tiles as its plan says (Plan.h).

/// Packs tiles of op(A), of one block of k: rows one after the other, or, where A is stored transposed, the numbers of a
/// tile in the order in which it reads them.
static void F(pack_a)(const F(plan) * plan, intptr_t first, intptr_t last, intptr_t start, intptr_t depth, R *to) {
  const F(product) *q = plan->q;
  intptr_t row = F(tile_start)(plan, first), end = F(tile_start)(plan, last);
  if (!q->transpose_a) {
    intptr_t step = F(packed_row)(plan, depth);
    for (; row < end; row++, to += step) F(pack_rows)(1, depth, q->a + row * q->lda + start, 0, to, depth);
    return;
  }
  for (intptr_t tile = first; tile < last; tile++) {
    intptr_t rows = F(tile_start)(plan, tile + 1) - row;
    F(pack_rows)(depth, rows, q->a + start * q->lda + row, q->lda, to, rows);
    row += rows;
    to += rows * depth;
  }
}

/// Packs the panels of B from `first` to `last`, of one block of k.
static void F(pack_b)(const F(plan) * plan, intptr_t first, intptr_t last, intptr_t start, intptr_t depth, R *to) {
  const F(product) *q = plan->q;
  intptr_t size = PANEL * depth, panel = first, whole = q->n / PANEL < last ? q->n / PANEL : last;
  if (!q->transpose_b) {
    // Along the rows, over all panels at once, which asks for few translations of addresses.
    const R *from = q->b + start * q->ldb + first * PANEL;
    for (intptr_t p = 0; p < depth; p++, from += q->ldb) {
      const R *row = from;
      R *place = to + p * PANEL;
      for (intptr_t i = first; i < whole; i++, row += PANEL, place += size)
#pragma clang loop unroll(full)
        for (int v = 0; v < TILE_VECTORS; v++) VF(store)(place + v * L, VF(load)(row + v * L));
    }
    panel = whole;
    to += (whole - first) * size;
  }
  for (; panel < last; panel++, to += size) {
    intptr_t column = panel * PANEL, columns = q->n - column < PANEL ? q->n - column : PANEL;
    if (q->transpose_b)
      F(pack_columns)(depth, columns, q->b + column * q->ldb + start, q->ldb, to, PANEL, PANEL);
    else
      F(pack_rows)(depth, columns, q->b + start * q->ldb + column, q->ldb, to, PANEL);
  }
}

/// Where the packed panels of a block of k begin; the first is the first of the step.
AVIARY_INLINE R *F(packed_block)(const F(plan) * plan, intptr_t block) {
  intptr_t before = F(block_start)(plan, block) - F(block_start)(plan, plan->first_block);
  return plan->packed_b + before * (plan->last_panel - plan->first_panel) * PANEL;
}

/// Packs some panels of a block of k for all tasks of the step.
static void F(pack_task)(void *context, intptr_t task) {
  const F(plan) *plan = context;
  intptr_t panels = plan->last_panel - plan->first_panel, groups = (panels + PACKED_PANELS - 1) / PACKED_PANELS;
  intptr_t block = plan->first_block + task / groups, start = F(block_start)(plan, block);
  intptr_t depth = F(block_start)(plan, block + 1) - start;
  intptr_t first = task % groups * PACKED_PANELS, end = first + PACKED_PANELS < panels ? first + PACKED_PANELS : panels;
  R *to = F(packed_block)(plan, block) + first * depth * PANEL;
  F(pack_b)(plan, plan->first_panel + first, plan->first_panel + end, start, depth, to);
}

/// A tile's rows against some panels of B, the first of which is at t.b; `edge` is a copy of the last where that needs one.
static void F(tiles_of_row)(
    const F(plan) * plan, intptr_t row, intptr_t rows, intptr_t first, intptr_t last, F(tile) t, const R *edge,
    bool finishes) {
  const F(product) *q = plan->q;
  const intptr_t step = plan->pack_b ? t.depth * PANEL : PANEL;
  for (intptr_t panel = first; panel < last; panel++, t.b += step) {
    intptr_t column = panel * PANEL, columns = q->n - column < PANEL ? q->n - column : PANEL;
    const R *bias = q->options.bias;
    if (bias) bias += column;
    bool finish = finishes && F(set_finish)(&t, q->options.activation, q->options.slope, bias);
    t.columns = columns;
    t.c = q->c + row * q->ldc + column;
    if (edge && columns < PANEL) {
      t.b = edge;
      t.b_stride = PANEL;
    }
    F(run_tile)(rows, (columns + L - 1) / L, &t);
    if (finish)
      F(finish)(q->options.activation, q->options.slope, rows, columns, t.c, q->ldc, bias);
  }
}

/// Sets where a tile reads the panels of the step from `first` to `last`; packs them into `own` where that is this task's
/// part. Returns a packed copy of the last one where only that needs one, as it is not whole.
static const R *F(place_panels)(
    const F(plan) * plan, intptr_t block, intptr_t first, intptr_t last, R *own, F(tile) * t) {
  const F(product) *q = plan->q;
  intptr_t start = F(block_start)(plan, block), from = plan->first_panel + first, to = plan->first_panel + last;
  t->b_stride = PANEL;
  if (plan->packed_b) {
    t->b = F(packed_block)(plan, block) + first * t->depth * PANEL;
    return NULL;
  }
  if (plan->pack_b) {
    F(pack_b)(plan, from, to, start, t->depth, own);
    t->b = own;
    return NULL;
  }
  t->b = q->b + start * q->ldb + from * PANEL;
  t->b_stride = q->ldb;
  if (to * PANEL <= q->n) return NULL;
  F(pack_b)(plan, to - 1, to, start, t->depth, own);
  return own;
}

/// The tiles of a group of rows and a group of columns, one block of k after the other.
static void F(product_task)(void *context, intptr_t task) {
  const F(plan) *plan = context;
  const F(product) *q = plan->q;
  intptr_t row_group = task / plan->column_groups, column_group = task % plan->column_groups;
  intptr_t panels = plan->last_panel - plan->first_panel;
  intptr_t first_tile = dense_start(plan->row_tiles, plan->row_groups, row_group);
  intptr_t last_tile = dense_start(plan->row_tiles, plan->row_groups, row_group + 1);
  intptr_t first_panel = dense_start(panels, plan->column_groups, column_group);
  intptr_t count = dense_start(panels, plan->column_groups, column_group + 1) - first_panel;
  intptr_t parts = (count + plan->near_panels - 1) / plan->near_panels;
  intptr_t rows = F(tile_start)(plan, last_tile) - F(tile_start)(plan, first_tile);
  intptr_t deepest = F(deepest)(plan);
  size_t b_size = plan->packed_b ? 0 : (size_t)(deepest * PANEL * (plan->pack_b ? (count + parts - 1) / parts : 1));
  size_t a_size = plan->pack_a ? (size_t)(rows * F(packed_row)(plan, deepest)) : 0;
  size_t size = (a_size + b_size) * sizeof(R);
  R *scratch = size ? dense_scratch(size) : NULL, *own_b = scratch, *own_a = plan->pack_a ? scratch + b_size : NULL;
  F(tile) t = {
      .outer = 1, .middle = 1, .row_stride = plan->row_stride, .column_stride = plan->column_stride, .c_stride = q->ldc};
  for (intptr_t block = plan->first_block; block < plan->last_block; block++) {
    intptr_t start = F(block_start)(plan, block);
    t.depth = F(block_start)(plan, block + 1) - start;
    t.accumulate = block > 0 || q->options.accumulate;
    intptr_t packed_row = F(packed_row)(plan, t.depth);
    if (own_a) F(pack_a)(plan, first_tile, last_tile, start, t.depth, own_a);
    for (intptr_t part = 0; part < parts; part++) {
      intptr_t first = first_panel + dense_start(count, parts, part);
      intptr_t last = first_panel + dense_start(count, parts, part + 1);
      const R *edge = F(place_panels)(plan, block, first, last, own_b, &t);
      const R *packed_a = own_a;
      for (intptr_t tile = first_tile; tile < last_tile; tile++) {
        intptr_t row = F(tile_start)(plan, tile), height = F(tile_start)(plan, tile + 1) - row;
        if (packed_a) {
          t.a = packed_a;
          t.row_stride = q->transpose_a ? 1 : packed_row;
          t.column_stride = q->transpose_a ? height : 1;
          packed_a += height * packed_row;
        } else {
          t.a = q->a + row * plan->row_stride + start * plan->column_stride;
        }
        F(tiles_of_row)(
            plan, row, height, plan->first_panel + first, plan->first_panel + last, t, edge,
            block == plan->depth_blocks - 1);
      }
    }
  }
  if (scratch) aviary_deallocate(scratch, size);
}

static void F(blocked)(const F(product) * q) {
  F(plan) plan = F(make_plan)(q);
  size_t size = 0;
  if (plan.pack_b && plan.row_groups > 1)
    size = (size_t)(plan.step_blocks * F(deepest)(&plan) * plan.step_panels * PANEL) * sizeof(R);
  plan.packed_b = size ? dense_scratch(size) : NULL;
  for (plan.first_panel = 0; plan.first_panel < plan.panels; plan.first_panel = plan.last_panel) {
    plan.last_panel = plan.first_panel + plan.step_panels;
    if (plan.last_panel > plan.panels) plan.last_panel = plan.panels;
    for (plan.first_block = 0; plan.first_block < plan.depth_blocks; plan.first_block = plan.last_block) {
      plan.last_block = plan.first_block + plan.step_blocks;
      if (plan.last_block > plan.depth_blocks) plan.last_block = plan.depth_blocks;
      intptr_t groups = (plan.last_panel - plan.first_panel + PACKED_PANELS - 1) / PACKED_PANELS;
      if (size) aviary_parallel((plan.last_block - plan.first_block) * groups, F(pack_task), &plan);
      aviary_parallel(plan.row_groups * plan.column_groups, F(product_task), &plan);
    }
  }
  if (size) aviary_deallocate(plan.packed_b, size);
}
