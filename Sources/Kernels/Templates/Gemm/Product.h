// A matrix product of any shape, divided into tiles by its plan (Plan.h).

/// Packs tiles of op(A) for one block of k: row by row or, if A is stored transposed, in the order in which a tile
/// reads the numbers.
static void F(pack_a)(const F(plan) * plan, intptr_t first, intptr_t last, intptr_t start, intptr_t depth, R *to) {
  const F(product) *q = plan->q;
  intptr_t row = F(tile_start)(plan, first), end = F(tile_start)(plan, last), size = F(packed_tile)(plan, depth);
  if (!q->transpose_a) {
    intptr_t step = F(packed_row)(depth);
    for (; row < end; row++, to += step) F(pack_rows)(1, depth, q->a + row * q->lda + start, 0, to, depth);
    return;
  }
  // Goes along the stored rows, over all tiles at once, which needs few address translations.
  const R *from = q->a + start * q->lda + row;
  for (intptr_t p = 0; p < depth; p++, from += q->lda, to += PACKED_COLUMN) {
    F(prefetch_row)(from + PACK_AHEAD * q->lda, end - row);
    const R *column = from;
    R *place = to;
    for (intptr_t tile = first; tile < last; tile++, place += size) {
      intptr_t rows = F(tile_start)(plan, tile + 1) - F(tile_start)(plan, tile);
      F(pack_column)(rows, column, place);
      column += rows;
    }
  }
}

/// Packs the panels of B from `first` to `last` for one block of k.
static void F(pack_b)(const F(plan) * plan, intptr_t first, intptr_t last, intptr_t start, intptr_t depth, R *to) {
  const F(product) *q = plan->q;
  intptr_t size = PANEL * depth, panel = first, whole = q->n / PANEL < last ? q->n / PANEL : last;
  if (!q->transpose_b) {
    // Goes along the rows, over all panels at once, which needs few address translations.
    const R *from = q->b + start * q->ldb + first * PANEL;
    for (intptr_t p = 0; p < depth; p++, from += q->ldb) {
      F(prefetch_row)(from + PACK_AHEAD * q->ldb, (whole - first) * PANEL);
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

/// Multiplies a tile's rows by some panels of B, the first of which is at t.b; `edge` is a copy of the last panel if it
/// needs one. `ahead` is what is read next, to be prefetched.
static void F(tiles_of_row)(
    const F(plan) * plan, intptr_t row, intptr_t rows, intptr_t first, intptr_t last, F(tile) t, const R *edge,
    F(lines) ahead, bool finishes) {
  const F(product) *q = plan->q;
  const intptr_t step = plan->pack_b ? t.depth * PANEL : PANEL;
  const R *first_b = t.b;
  const intptr_t lines = ahead.count;
  for (intptr_t panel = first; panel < last; panel++, t.b += step) {
    intptr_t column = panel * PANEL, columns = q->n - column < PANEL ? q->n - column : PANEL;
    const R *bias = q->options.bias;
    if (bias) bias += column;
    bool finish = finishes && F(set_finish)(&t, q->options.activation, q->options.slope, bias);
    t.columns = columns;
    t.c = q->c + row * q->ldc + column;
    if (lines > 0) {
      // Each panel prefetches its share.
      intptr_t done = dense_start(lines, last - first, panel - first);
      t.ahead = ahead;
      t.ahead.count = dense_start(lines, last - first, panel - first + 1) - done;
      t.ahead.row += done / ahead.width * ahead.stride;
      t.ahead.next = t.ahead.row + done % ahead.width * LINE;
    }
    if (edge && columns < PANEL) {
      t.b = edge;
      t.b_stride = PANEL;
    }
    t.next_b = panel + 1 < last ? t.b + step : first_b;
    F(run_tile)(rows, (columns + L - 1) / L, &t);
    if (finish)
      F(finish)(q->options.activation, q->options.slope, rows, columns, t.c, q->ldc, bias);
  }
}

/// Sets where a tile reads the panels from `first` to `last`, and packs them into `own` if necessary. Returns a packed
/// copy of the last panel if only that needs one, because it is incomplete.
static const R *F(place_panels)(
    const F(plan) * plan, intptr_t start, intptr_t first, intptr_t last, R *own, F(tile) * t) {
  const F(product) *q = plan->q;
  t->b_stride = PANEL;
  if (plan->pack_b) {
    F(pack_b)(plan, first, last, start, t->depth, own);
    t->b = own;
    return NULL;
  }
  t->b = q->b + start * q->ldb + first * PANEL;
  t->b_stride = q->ldb;
  if (last * PANEL <= q->n) return NULL;
  F(pack_b)(plan, last - 1, last, start, t->depth, own);
  return own;
}

/// The part of A that is read after a tile: the rows of the next tile, or this tile's share of the stored rows to pack
/// next, which begin with the tile `packed`.
static F(lines) F(lines_ahead)(
    const F(plan) * plan, intptr_t tile, intptr_t packed, intptr_t last_tile, intptr_t start, intptr_t depth) {
  const F(product) *q = plan->q;
  F(lines) lines = {.stride = q->lda};
  if (!q->transpose_a) {
    if (tile + 1 == last_tile) return lines;
    intptr_t row = F(tile_start)(plan, tile + 1), rows = F(tile_start)(plan, tile + 2) - row;
    lines.row = q->a + row * q->lda + start;
    lines.width = (depth + LINE - 1) / LINE;
    lines.count = rows * lines.width;
  } else if (plan->pack_a && packed < last_tile) {
    intptr_t end = packed + plan->packed_tiles < last_tile ? packed + plan->packed_tiles : last_tile;
    intptr_t column = F(tile_start)(plan, packed), columns = F(tile_start)(plan, end) - column;
    intptr_t share = tile - packed + plan->packed_tiles;
    intptr_t first = dense_start(depth, plan->packed_tiles, share);
    lines.row = q->a + (start + first) * q->lda + column;
    lines.width = (columns + LINE - 1) / LINE;
    lines.count = (dense_start(depth, plan->packed_tiles, share + 1) - first) * lines.width;
  }
  return lines;
}

/// Multiplies the tiles from `first_tile` to `last_tile` by the panels from `first` to `last` for one block of k.
static void F(product_part)(
    const F(plan) * plan, intptr_t block, intptr_t first_tile, intptr_t last_tile, intptr_t first, intptr_t last,
    R *own_a, R *own_b) {
  const F(product) *q = plan->q;
  intptr_t start = F(block_start)(plan, block), depth = F(block_start)(plan, block + 1) - start;
  F(tile) t = {
      .outer = 1, .middle = 1, .depth = depth, .row_stride = plan->row_stride, .column_stride = plan->column_stride,
      .c_stride = q->ldc, .accumulate = block > 0 || q->options.accumulate};
  if (own_a) {
    t.row_stride = q->transpose_a ? 1 : F(packed_row)(depth);
    t.column_stride = q->transpose_a ? PACKED_COLUMN : 1;
  }
  const R *edge = F(place_panels)(plan, start, first, last, own_b, &t);
  const R *source = q->a + start * plan->column_stride;
  intptr_t packed = first_tile;  // the tile after the last one packed
  for (intptr_t tile = first_tile; tile < last_tile; tile++) {
    intptr_t row = F(tile_start)(plan, tile), height = F(tile_start)(plan, tile + 1) - row;
    if (!own_a) {
      t.a = source + row * plan->row_stride;
    } else if (tile < packed) {
      t.a += F(packed_tile)(plan, depth);
    } else {
      packed = tile + plan->packed_tiles < last_tile ? tile + plan->packed_tiles : last_tile;
      F(pack_a)(plan, tile, packed, start, depth, own_a);
      t.a = own_a;
    }
    F(lines) ahead = F(lines_ahead)(plan, tile, packed, last_tile, start, depth);
    F(tiles_of_row)(plan, row, height, first, last, t, edge, ahead, block == plan->depth_blocks - 1);
  }
}

/// Computes the tiles of a group of rows and a group of columns.
static void F(product_task)(void *context, intptr_t task) {
  const F(plan) *plan = context;
  intptr_t row_group = task / plan->column_groups, column_group = task % plan->column_groups;
  intptr_t first_tile = dense_start(plan->row_tiles, plan->row_groups, row_group);
  intptr_t last_tile = dense_start(plan->row_tiles, plan->row_groups, row_group + 1);
  intptr_t first_panel = dense_start(plan->panels, plan->column_groups, column_group);
  intptr_t panels = dense_start(plan->panels, plan->column_groups, column_group + 1) - first_panel;
  intptr_t parts = (panels + plan->near_panels - 1) / plan->near_panels, deepest = F(deepest)(plan);
  intptr_t b_size = deepest * PANEL * (plan->pack_b ? (panels + parts - 1) / parts : 1);
  intptr_t tiles = plan->packed_tiles < last_tile - first_tile ? plan->packed_tiles : last_tile - first_tile;
  intptr_t a_size = plan->pack_a ? tiles * F(packed_tile)(plan, deepest) : 0;
  size_t size = (size_t)(a_size + b_size) * sizeof(R);
  R *scratch = dense_scratch(size);
  for (intptr_t part = 0; part < parts; part++)
    for (intptr_t block = 0; block < plan->depth_blocks; block++)
      F(product_part)(
          plan, block, first_tile, last_tile, first_panel + dense_start(panels, parts, part),
          first_panel + dense_start(panels, parts, part + 1), plan->pack_a ? scratch + b_size : NULL, scratch);
  aviary_deallocate(scratch, size);
}

static void F(blocked)(const F(product) * q) {
  F(plan) plan = F(make_plan)(q);
  aviary_parallel(plan.row_groups * plan.column_groups, F(product_task), &plan);
}
