// Packing: copies the part of A or B that a tile reads into reading order.

#define PACK_AHEAD 3  // rows prefetched before they are copied, because each may be in its own page

/// Prefetches `count` numbers of a row.
AVIARY_INLINE void F(prefetch_row)(const R *row, intptr_t count) {
  for (intptr_t j = 0; j < count; j += 64 / (intptr_t)sizeof(R)) __builtin_prefetch(row + j);
}

/// Copies `count` numbers, at most TILE_ROWS.
AVIARY_INLINE void F(pack_column)(intptr_t count, const R *from, R *to) {
#pragma clang loop unroll(full)
  for (int j = 0; j < TILE_ROWS; j += L) {
    intptr_t rest = count - j;
    if (rest >= L)
      VF(store)(to + j, VF(load)(from + j));
    else if (rest > 0)
      VF(store)(to + j, VF(load_partial)(from + j, rest));
  }
}

/// to[p·step + j] = from[p·stride + j] for p < depth and j < width, and 0 for width ≤ j < step.
static void F(pack_rows)(intptr_t depth, intptr_t width, const R *from, intptr_t stride, R *to, intptr_t step) {
  if (width == 2 * L && step == 2 * L) {
    for (intptr_t p = 0; p < depth; p++, from += stride, to += step) {
      V x = VF(load)(from), y = VF(load)(from + L);
      VF(store)(to, x);
      VF(store)(to + L, y);
    }
    return;
  }
  for (intptr_t p = 0; p < depth; p++, from += stride, to += step) {
    intptr_t j = 0;
    for (; j + L <= width; j += L) VF(store)(to + j, VF(load)(from + j));
    V rest = VF(load_partial)(from + j, width - j);
    if (j + L <= step) {
      VF(store)(to + j, rest);
      for (j += L; j + L <= step; j += L) VF(store)(to + j, VF(set)(0));
    } else {
      VF(store_partial)(to + j, rest, step - j);
    }
  }
}

/// to[p·to_stride + j] = from[j·stride + p] for p < depth and j < width, and 0 for width ≤ j < step.
static void F(pack_columns)(
    intptr_t depth, intptr_t width, const R *from, intptr_t stride, R *to, intptr_t step, intptr_t to_stride) {
  for (intptr_t p = 0; p < depth; p += L) {
    intptr_t deep = depth - p < L ? depth - p : L;
    for (intptr_t j = 0; j < step; j += L) {
      intptr_t wide = step - j < L ? step - j : L;
      intptr_t there = width - j < L ? width - j : L;
      const R *block = from + j * stride + p;
      V v[L];
      if (deep == L && there == L) {
#pragma clang loop unroll(full)
        for (int i = 0; i < L; i++) v[i] = VF(load)(block + i * stride);
      } else {
#pragma clang loop unroll(full)
        for (int i = 0; i < L; i++) v[i] = i < there ? VF(load_partial)(block + i * stride, deep) : VF(set)(0);
      }
      F(transpose)(v);
      R *place = to + p * to_stride + j;
      if (deep == L && wide == L) {
#pragma clang loop unroll(full)
        for (int i = 0; i < L; i++) VF(store)(place + i * to_stride, v[i]);
      } else {
#pragma clang loop unroll(full)
        for (int i = 0; i < L; i++)
          if (i < deep) VF(store_partial)(place + i * to_stride, v[i], wide);
      }
    }
  }
}
