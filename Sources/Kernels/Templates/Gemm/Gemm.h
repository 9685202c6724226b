// Chooses the algorithm for a product by its shape alone.

#define LONGEST_SUM (16 * DEPTH_BLOCK)  // terms whose blocks are added in order

static void F(empty_sum)(const F(product) * q) {
  if (!q->options.accumulate)
    for (intptr_t i = 0; i < q->m; i++) memset(q->c + i * q->ldc, 0, (size_t)q->n * sizeof(R));
  F(finish)(q->options.activation, q->options.slope, q->m, q->n, q->c, q->ldc, q->options.bias);
}

__attribute__((unused)) static aviary_gemm_plan F(gemm_plan)(const F(product) * q) {
  F(plan) plan = F(make_plan)(q);
  return (aviary_gemm_plan){
      .tile_rows = TILE_ROWS,
      .tile_columns = PANEL,
      .depth = F(deepest)(&plan),
      .task_rows = (plan.row_tiles + plan.row_groups - 1) / plan.row_groups * TILE_ROWS,
      .tasks = plan.row_groups * plan.column_groups,
      .task_columns = (plan.panels + plan.column_groups - 1) / plan.column_groups * PANEL,
      .near_columns = plan.near_panels * PANEL,
      .packs_a = plan.pack_a,
      .packs_b = plan.pack_b,
  };
}

/// Splits a sum of very many blocks into two halves, so that the error grows with the logarithm of their number.
static void F(deep_product)(const F(product) * q) {
  if (q->k <= LONGEST_SUM) {
    F(blocked)(q);
    return;
  }
  intptr_t half = q->k / 2 / DEPTH_BLOCK * DEPTH_BLOCK;
  size_t size = (size_t)(q->m * q->n) * sizeof(R);
  R *other = dense_scratch(size);
  F(product) first = *q, second = *q;
  first.k = half;
  first.options = (aviary_gemm_options){.accumulate = q->options.accumulate};
  second.k = q->k - half;
  second.a += half * (q->transpose_a ? q->lda : 1);
  second.b += half * (q->transpose_b ? 1 : q->ldb);
  second.c = other;
  second.ldc = q->n;
  second.options = (aviary_gemm_options){0};
  F(deep_product)(&first);
  F(deep_product)(&second);
  for (intptr_t i = 0; i < q->m; i++)
    for (intptr_t j = 0; j < q->n; j++) q->c[i * q->ldc + j] += other[i * q->n + j];
  aviary_deallocate(other, size);
  F(finish)(q->options.activation, q->options.slope, q->m, q->n, q->c, q->ldc, q->options.bias);
}

static void F(gemm)(const F(product) * q) {
  if (q->m <= 0 || q->n <= 0) return;
  if (q->k <= 0) {
    F(empty_sum)(q);
  } else if (q->m <= WIDE_ROWS && !q->transpose_b) {
    F(thin_product)(q, false);
  } else if (q->n <= TILE_ROWS && q->transpose_a && q->m >= 2 * L) {
    F(thin_product)(q, true);
  } else if (
      // If rows do not begin at a cache line, dot products need twice the loads.
      !q->transpose_a && q->k >= 2 * L &&
      (q->transpose_b ? q->m <= (q->k % L == 0 ? 32 : 16) || q->n <= 10 : q->n <= 10 && q->m >= TILE_ROWS)) {
    F(dot_products)(q);
  } else {
    F(deep_product)(q);
  }
}
