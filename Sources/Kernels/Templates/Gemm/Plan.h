// How a tiled product is divided: blocks, packing, and tasks. The rules follow Goto and van de Geijn, "Anatomy of
// High-Performance Matrix Multiplication" (2008); Docs/Performance.md has them in prose.

#define PANEL (TILE_VECTORS * L)
/// The block size along k. It does not depend on the caches, because it determines the order of the terms of a sum: a
/// result has the same bits on every machine with the instruction set. Panels of this depth need only a fraction of the
/// second-level cache's bandwidth.
#define DEPTH_BLOCK (2048 / (intptr_t)sizeof(R))
/// The size of a column of a packed tile of A, if A is stored transposed.
#define PACKED_COLUMN ((TILE_ROWS + L - 1) / L * L)

typedef struct F(plan) {
  const F(product) * q;
  intptr_t row_stride, column_stride;  // of op(A) as stored
  intptr_t depth_blocks, row_tiles, panels;
  bool pack_a, pack_b;
  intptr_t packed_tiles;  // the maximum number of tiles of A packed at a time
  intptr_t near_panels;  // the maximum number of panels of B that a task multiplies by one tile's rows before the next tile's
  intptr_t row_groups, column_groups;  // the tasks
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

/// The distance between packed rows of A. Copied rows are an odd number of cache lines plus one number apart, so that
/// no two begin in the same set, and they do not all reach the end of a line in the same step.
AVIARY_INLINE intptr_t F(packed_row)(intptr_t depth) {
  const intptr_t line = 64 / (intptr_t)sizeof(R);
  return ((depth + line - 1) / line | 1) * line + 1;
}

/// The size of a packed tile of A.
AVIARY_INLINE intptr_t F(packed_tile)(const F(plan) * plan, intptr_t depth) {
  return plan->q->transpose_a ? depth * PACKED_COLUMN : TILE_ROWS * F(packed_row)(depth);
}

/// Whether more than eight rows of A that are `stride` apart share the same sets of the first-level cache, as rows 4
/// KiB apart do.
AVIARY_INLINE bool F(rows_collide)(intptr_t stride, intptr_t depth) {
  const intptr_t way = 4096, bytes = stride * (intptr_t)sizeof(R) & (way - 1);
  return 8 * (bytes < way - bytes ? bytes : way - bytes) < depth * (intptr_t)sizeof(R);
}

/// Divides the product into tasks: groups of rows times groups of columns. Each task packs what it reads, so that no
/// thread waits for another. The grid is the cheapest one: a packed number costs as much as eight vectors of
/// multiply-adds, a number read again a quarter of that, and idle threads at the end cost most.
static void F(plan_tasks)(F(plan) * plan) {
  const F(product) *q = plan->q;
  intptr_t threads = aviary_free_threads(), each = plan->pack_a || plan->pack_b ? 4 : 8;
  double work = 2.0 * (double)q->m * (double)q->n * (double)q->k;
  intptr_t wanted = threads == 1 ? 1 : dense_pieces(work, TASK_WORK, plan->row_tiles * plan->panels, each * threads);
  double a = (plan->pack_a ? 8.0 : 2.0) / (double)q->n, b = (plan->pack_b ? 8.0 : 2.0) / (double)q->m, least = 0;
  for (intptr_t rows = 1; rows <= wanted && rows <= (plan->row_tiles + 3) / 4; rows++) {
    intptr_t columns = (wanted + rows - 1) / rows;
    if (columns > plan->panels) columns = plan->panels;
    double tasks = (double)(rows * columns), rounds = (double)((rows * columns + threads - 1) / threads * threads);
    double share = tasks < (double)wanted ? (double)wanted : tasks;
    double cost = rounds / tasks * (share / tasks) * (1 + (double)rows * b + (double)columns * a);
    if (rows > 1 && cost >= least) continue;
    least = cost;
    plan->row_groups = rows;
    plan->column_groups = columns;
  }
}

static F(plan) F(make_plan)(const F(product) * q) {
  F(plan) plan = {.q = q};
  plan.row_stride = q->transpose_a ? 1 : q->lda;
  plan.column_stride = q->transpose_a ? q->lda : 1;
  plan.depth_blocks = (q->k + DEPTH_BLOCK - 1) / DEPTH_BLOCK;
  plan.row_tiles = (q->m + TILE_ROWS - 1) / TILE_ROWS;
  plan.panels = (q->n + PANEL - 1) / PANEL;
  intptr_t depth = F(deepest)(&plan);
  const intptr_t size = sizeof(R), level2 = aviary_cache_sizes().level2;
  // B is packed if it is stored transposed, or does not stay in the second-level cache and enough tiles use the packed
  // copy. Its extent in memory counts, not the number of columns, because the stride determines the cache sets.
  plan.pack_b = q->transpose_b || (q->m >= 8 * TILE_ROWS && depth * q->ldb * size > level2 / 5 * 4);
  // A is packed if a tile's rows span more pages than the TLB holds, or share cache sets, and enough panels use it.
  bool scattered = q->transpose_a ? depth * q->lda * size > TRANSLATED_BYTES : F(rows_collide)(q->lda, depth);
  plan.pack_a = scattered && q->n >= 4 * PANEL;
  // A tile's rows are multiplied by as much of B as fills half of the second-level cache, which also writes along the
  // rows of C, as the prefetchers expect. Tiles of a transposed A are packed together, up to an eighth of the cache,
  // because their columns share pages. If few tiles use a transposed B, each panel is used as soon as it is packed.
  plan.near_panels = level2 / 2 / (depth * PANEL * size);
  if (plan.near_panels < 1 || (q->transpose_b && plan.row_tiles <= 10)) plan.near_panels = 1;
  plan.packed_tiles = q->transpose_a ? level2 / 8 / (F(packed_tile)(&plan, depth) * size) : 1;
  if (plan.packed_tiles < 1) plan.packed_tiles = 1;
  F(plan_tasks)(&plan);
  return plan;
}
