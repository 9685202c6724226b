// How a product of tiles is cut: blocks, what is packed, and tasks. The rules follow Goto and van de Geijn, "Anatomy of
// High-Performance Matrix Multiplication" (2008); Docs/Performance.md has them in prose.

#define PANEL (TILE_VECTORS * L)
/// Of k. Fixed, not fitted to the caches, as it orders the terms of a sum: a result has the same bits on every machine with
/// the instruction set. Panels so deep stream from the second-level cache at a fraction of its pace.
#define DEPTH_BLOCK (2048 / (intptr_t)sizeof(R))
#define PACKED_PANELS 4  // packed together by one task

typedef struct F(plan) {
  const F(product) * q;
  intptr_t row_stride, column_stride;  // of op(A) as stored
  intptr_t depth_blocks, row_tiles, panels;
  bool pack_a, pack_b;
  intptr_t row_groups, column_groups;  // the tasks of a step
  intptr_t near_panels;  // the most panels of B that a task goes through with one tile's rows, then with the next one's
  intptr_t step_blocks, step_panels;  // the most blocks of k and panels of B that a step takes
  intptr_t first_block, last_block, first_panel, last_panel;  // the step at work
  R *packed_b;  // of the step, for all its tasks; NULL where each packs its own
} F(plan);

/// The depth at which a block of k begins.
AVIARY_INLINE intptr_t F(block_start)(const F(plan) * plan, intptr_t block) {
  return dense_start(plan->q->k, plan->depth_blocks, block);
}

/// The depth of the deepest block.
AVIARY_INLINE intptr_t F(deepest)(const F(plan) * plan) {
  return (plan->q->k + plan->depth_blocks - 1) / plan->depth_blocks;
}

/// The row at which a tile begins.
AVIARY_INLINE intptr_t F(tile_start)(const F(plan) * plan, intptr_t tile) {
  return dense_start(plan->q->m, plan->row_tiles, tile);
}

/// The numbers that a packed row of A takes. Copied rows are an odd number of cache lines and one number apart: no two
/// begin in the same set, and they do not all come to the end of a line in the same step.
AVIARY_INLINE intptr_t F(packed_row)(const F(plan) * plan, intptr_t depth) {
  const intptr_t line = 64 / (intptr_t)sizeof(R);
  return plan->q->transpose_a ? depth : ((depth + line - 1) / line | 1) * line + 1;
}

static F(plan) F(make_plan)(const F(product) * q) {
  aviary_caches caches = aviary_cache_sizes();
  F(plan) plan = {.q = q};
  plan.row_stride = q->transpose_a ? 1 : q->lda;
  plan.column_stride = q->transpose_a ? q->lda : 1;
  plan.depth_blocks = (q->k + DEPTH_BLOCK - 1) / DEPTH_BLOCK;
  plan.row_tiles = (q->m + TILE_ROWS - 1) / TILE_ROWS;
  plan.panels = (q->n + PANEL - 1) / PANEL;
  intptr_t depth = F(deepest)(&plan);
  const intptr_t size = sizeof(R), level2 = caches.level2;
  // B: where it lies across, or does not stay in the second-level cache, and enough tiles use what is packed. The extent
  // in memory counts, not the columns: lines and pages between them take the same sets.
  plan.pack_b = q->transpose_b || (q->m >= 8 * TILE_ROWS && depth * q->ldb * size > level2 / 5 * 4);
  // A: where a tile's rows lie in more pages than stay translated, or A not in that cache, and enough panels use it.
  bool scattered = q->transpose_a && depth * q->lda * size > TRANSLATED_BYTES;
  plan.pack_a = (scattered && q->n >= 4 * PANEL) || (q->m * q->k * size > level2 && q->n >= 8 * PANEL);
  // A tile's rows go through as much of B as takes a quarter of the second-level cache: along the rows of C, too, as the
  // processor foresees.
  plan.near_panels = level2 / 4 / (depth * PANEL * size);
  if (plan.near_panels < 1) plan.near_panels = 1;
  // Groups of rows whose part of A takes half of that cache; smaller ones, down to four tiles, and then groups of columns,
  // until every thread has some tasks to take.
  double work = 2.0 * (double)q->m * (double)q->n * (double)q->k;
  intptr_t threads = aviary_threads();
  intptr_t wanted = threads == 1 ? 1 : dense_pieces(work, TASK_WORK, plan.row_tiles * plan.panels, 4 * threads);
  intptr_t most_tiles = level2 / 2 / (depth * size * TILE_ROWS);
  if (most_tiles < 8) most_tiles = 8;
  intptr_t least = (plan.row_tiles + most_tiles - 1) / most_tiles, most = (plan.row_tiles + 3) / 4;
  plan.row_groups = wanted < least ? least : wanted > most ? most : wanted;
  // Where all rows make one group and B alone is packed, each task packs its own columns of it, and nobody waits.
  if (least == 1 && plan.pack_b && !plan.pack_a && plan.panels >= 2 * wanted) plan.row_groups = 1;
  plan.column_groups = (wanted + plan.row_groups - 1) / plan.row_groups;
  if (plan.column_groups > plan.panels) plan.column_groups = plan.panels;
  // Steps: as much of B as may be packed at once.
  plan.step_blocks = plan.depth_blocks;
  plan.step_panels = plan.panels;
  if (plan.pack_b && plan.row_groups > 1) {
    intptr_t block_bytes = depth * plan.panels * PANEL * size, bound = dense_packed_bytes(caches.level3);
    if (plan.step_blocks > bound / block_bytes) plan.step_blocks = bound / block_bytes < 1 ? 1 : bound / block_bytes;
    intptr_t column_blocks = (block_bytes + bound - 1) / bound;
    plan.step_panels = (plan.panels + column_blocks - 1) / column_blocks;
  }
  return plan;
}
