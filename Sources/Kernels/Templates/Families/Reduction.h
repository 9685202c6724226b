// Reductions of one float type along rows or columns.
//
// A column sum adds runs of 64 rows in order and the runs pairwise, so its error grows with the logarithm of the length.
// A row is reduced as a matrix of four vectors a row, whose column results are then combined.

/// s combined with one more element a.
AVIARY_INLINE V FN(combine)(aviary_reduce_op op, V s, V a) {
  switch (op) {
    case AVIARY_REDUCE_SUM: return s + a;
    case AVIARY_REDUCE_PRODUCT: return s * a;
    case AVIARY_REDUCE_MAX: return FN(max)(s, a);
    case AVIARY_REDUCE_MIN: return FN(min)(s, a);
    default: return VF(fma)(a, a, s);
  }
}

AVIARY_INLINE T FN(identity)(aviary_reduce_op op) {
  switch (op) {
    case AVIARY_REDUCE_PRODUCT: return 1;
    case AVIARY_REDUCE_MAX: return -(T)INFINITY;
    case AVIARY_REDUCE_MIN: return (T)INFINITY;
    default: return 0;
  }
}

/// How partial results are combined: sums of squares are added.
AVIARY_INLINE aviary_reduce_op FN(final)(aviary_reduce_op op) {
  return op == AVIARY_REDUCE_SUM_OF_SQUARES ? AVIARY_REDUCE_SUM : op;
}

enum { FN(tile) = 4 * COUNT, FN(run) = 64 };

/// out[c] = op over rows of x[r · stride + c] for c < width ≤ tile, at most a run of rows.
AVIARY_INLINE void FN(columns_run)(
  aviary_reduce_op op, intptr_t rows, intptr_t stride, intptr_t width, const T *x, T *out
) {
  const V start = VF(set)(FN(identity)(op));
  if (width == FN(tile)) {
    V s0 = start, s1 = start, s2 = start, s3 = start;
    for (intptr_t r = 0; r < rows; r++, x += stride) {
      s0 = FN(combine)(op, s0, VF(load)(x));
      s1 = FN(combine)(op, s1, VF(load)(x + COUNT));
      s2 = FN(combine)(op, s2, VF(load)(x + 2 * COUNT));
      s3 = FN(combine)(op, s3, VF(load)(x + 3 * COUNT));
    }
    VF(store)(out, s0);
    VF(store)(out + COUNT, s1);
    VF(store)(out + 2 * COUNT, s2);
    VF(store)(out + 3 * COUNT, s3);
    return;
  }
  for (intptr_t c = 0; c < width; c += COUNT) {
    V s = start;
    for (intptr_t r = 0; r < rows; r++) s = FN(combine)(op, s, FN(load)(x + r * stride + c, width - c));
    FN(store)(out + c, s, width - c);
  }
}

#define COLUMNS(NAME, OP) \
  static void FN(NAME)(intptr_t rows, intptr_t stride, intptr_t width, const T *x, T *out) { \
    if (rows <= FN(run)) { \
      FN(columns_run)(OP, rows, stride, width, x, out); \
      return; \
    } \
    const intptr_t half = (rows / 2 + FN(run) - 1) / FN(run) * FN(run); \
    T other[FN(tile)]; \
    FN(NAME)(half, stride, width, x, out); \
    FN(NAME)(rows - half, stride, width, x + half * stride, other); \
    for (intptr_t c = 0; c < width; c += COUNT) { \
      const V s = FN(combine)( \
        FN(final)(OP), FN(load)(out + c, width - c), FN(load)(other + c, width - c)); \
      FN(store)(out + c, s, width - c); \
    } \
  }
COLUMNS(columns_sum, AVIARY_REDUCE_SUM)
COLUMNS(columns_product, AVIARY_REDUCE_PRODUCT)
COLUMNS(columns_max, AVIARY_REDUCE_MAX)
COLUMNS(columns_min, AVIARY_REDUCE_MIN)
COLUMNS(columns_squares, AVIARY_REDUCE_SUM_OF_SQUARES)
#undef COLUMNS

static void FN(columns)(
  aviary_reduce_op op, intptr_t rows, intptr_t stride, intptr_t width, const T *x, T *out
) {
  switch (op) {
    case AVIARY_REDUCE_SUM: FN(columns_sum)(rows, stride, width, x, out); break;
    case AVIARY_REDUCE_PRODUCT: FN(columns_product)(rows, stride, width, x, out); break;
    case AVIARY_REDUCE_MAX: FN(columns_max)(rows, stride, width, x, out); break;
    case AVIARY_REDUCE_MIN: FN(columns_min)(rows, stride, width, x, out); break;
    default: FN(columns_squares)(rows, stride, width, x, out); break;
  }
}

/// The elements of a vector combined, halves first.
AVIARY_INLINE T FN(fold)(aviary_reduce_op op, V v) {
  switch (op) {
    case AVIARY_REDUCE_PRODUCT: return FN(product_of)(v);
    case AVIARY_REDUCE_MAX: return FN(max_of)(v);
    case AVIARY_REDUCE_MIN: return FN(min_of)(v);
    default: return FN(sum_of)(v);
  }
}

static T FN(reduce_row)(aviary_reduce_op op, intptr_t n, const T *x) {
  const T start = FN(identity)(op);
  V sum = VF(set)(start);
  if (n >= 2 * FN(tile)) {
    T partial[FN(tile)];
    const intptr_t rows = n / FN(tile);
    FN(columns)(op, rows, FN(tile), FN(tile), x, partial);
    const aviary_reduce_op final = FN(final)(op);
    sum = FN(combine)(
      final, FN(combine)(final, VF(load)(partial), VF(load)(partial + COUNT)),
      FN(combine)(final, VF(load)(partial + 2 * COUNT), VF(load)(partial + 3 * COUNT)));
    x += rows * FN(tile);
    n -= rows * FN(tile);
  }
  for (intptr_t i = 0; i < n; i += COUNT) {
    sum = FN(combine)(op, sum, FN(first)(FN(load)(x + i, n - i), n - i, start));
  }
  return FN(fold)(op, sum);
}

/// out[c] = op over r of x[r · stride + c], c < width, of any size.
static void FN(reduce)(
  aviary_reduce_op op, intptr_t rows, intptr_t stride, intptr_t width, const void *x_, void *out_
) {
  const T *x = x_;
  T *out = out_;
  if (width == 1 && stride == 1) {
    out[0] = FN(reduce_row)(op, rows, x);
    return;
  }
  if (width <= 0) return;
  const intptr_t fold = width < COUNT && stride == width ? FN(tile) / width : 1;
  if (fold > 1 && rows >= 2 * fold) {
    // Few columns: several rows at once fill the vectors.
    T partial[FN(tile)];
    FN(columns)(op, rows / fold, fold * width, fold * width, x, partial);
    const aviary_reduce_op final = FN(final)(op);
    FN(columns_run)(final, fold, width, width, partial, out);
    T rest[COUNT];
    FN(columns_run)(op, rows % fold, width, width, x + (rows - rows % fold) * width, rest);
    FN(store)(out, FN(combine)(final, FN(load)(out, width), FN(load)(rest, width)), width);
    return;
  }
  for (intptr_t c = 0; c < width; c += FN(tile)) {
    FN(columns)(op, rows, stride, width - c < FN(tile) ? width - c : FN(tile), x + c, out + c);
  }
}

/// The first position of the largest or smallest element, or of the first NaN.
static int64_t FN(arg_row)(bool maximum, intptr_t n, const void *x_) {
  const T *x = x_;
  const T best = FN(reduce_row)(maximum ? AVIARY_REDUCE_MAX : AVIARY_REDUCE_MIN, n, x);
  if (best != best) {
    for (intptr_t i = 0; i < n; i++) {
      if (x[i] != x[i]) return i;
    }
  }
  intptr_t i = 0;
  for (; i + COUNT <= n; i += COUNT) {
    if (__builtin_reduce_or(VF(load)(x + i) == VF(set)(best)) != 0) break;
  }
  for (; i < n; i++) {
    if (x[i] == best) return i;
  }
  return 0;
}

static bool FN(all_finite)(intptr_t n, const void *x_) {
  const T *x = x_;
  intptr_t i = 0;
  for (; i + FN(tile) <= n; i += FN(tile)) {
    // x - x is 0 or NaN, and so is a sum of these.
    V sum = VF(set)(0);
    for (int v = 0; v < 4; v++) {
      const V a = VF(load)(x + i + v * COUNT);
      sum += a - a;
    }
    if (__builtin_reduce_or(sum != sum) != 0) return false;
  }
  T sum = 0;
  for (; i < n; i++) sum += x[i] - x[i];
  return sum == 0;
}
