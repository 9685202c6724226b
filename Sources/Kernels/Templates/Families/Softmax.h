// Softmax, log-sum-exp and cross-entropy of one float type, row by row.

/// The largest element of a row, or any if one is NaN: that shows in the sum of exponentials.
static inline T FN(largest)(intptr_t n, const T *x) {
  V s0 = VF(set)(-(T)INFINITY), s1 = s0, s2 = s0, s3 = s0;
  intptr_t i = 0;
  for (; i + FN(tile) <= n; i += FN(tile)) {
    s0 = VF(max)(VF(load)(x + i), s0);
    s1 = VF(max)(VF(load)(x + i + COUNT), s1);
    s2 = VF(max)(VF(load)(x + i + 2 * COUNT), s2);
    s3 = VF(max)(VF(load)(x + i + 3 * COUNT), s3);
  }
  for (; i < n; i += COUNT) s0 = VF(max)(FN(first)(FN(load)(x + i, n - i), n - i, -(T)INFINITY), s0);
  return FN(largest_of)(VF(max)(VF(max)(s0, s1), VF(max)(s2, s3)));
}

/// Σ exp(x - offset), offset being the largest element; y = exp(x - offset) unless y is NULL.
AVIARY_INLINE T FN(exponentials)(intptr_t n, const T *x, T offset, T *y) {
  const V shift = VF(set)(offset);
  V s0 = VF(set)(0), s1 = s0;
  intptr_t i = 0;
  for (; i + 2 * COUNT <= n; i += 2 * COUNT) {
    const V e0 = VF(exp_nonpositive)(VF(load)(x + i) - shift);
    const V e1 = VF(exp_nonpositive)(VF(load)(x + i + COUNT) - shift);
    s0 += e0;
    s1 += e1;
    if (y) {
      VF(store)(y + i, e0);
      VF(store)(y + i + COUNT, e1);
    }
  }
  for (; i < n; i += COUNT) {
    const V e = VF(exp_nonpositive)(FN(load)(x + i, n - i) - shift);
    s0 += FN(first)(e, n - i, 0);
    if (y) FN(store)(y + i, e, n - i);
  }
  return FN(sum_of)(s0 + s1);
}

static void FN(multiply_row)(intptr_t n, T factor, T *y) {
  for (intptr_t i = 0; i < n; i += COUNT) FN(store)(y + i, FN(load)(y + i, n - i) * factor, n - i);
}

/// The softmax of a row of at most COUNT elements, which then never leaves the registers; `sum` is that of the
/// exponentials.
AVIARY_INLINE V FN(short_softmax)(V row, intptr_t n, T largest, T *sum) {
  const V e = VF(exp_nonpositive)(FN(first)(row, n, -(T)INFINITY) - largest);
  *sum = FN(sum_of)(e);
  return e * (1 / *sum);
}

static void FN(softmax)(intptr_t rows, intptr_t columns, const void *x_, void *y_) {
  const T *x = x_;
  T *y = y_;
  for (intptr_t r = 0; r < rows; r++, x += columns, y += columns) {
    if (columns <= COUNT) {
      const V row = FN(load)(x, columns);
      T sum;
      const T largest = FN(largest_of)(FN(first)(row, columns, -(T)INFINITY));
      FN(store)(y, FN(short_softmax)(row, columns, largest, &sum), columns);
      continue;
    }
    const T offset = FN(largest)(columns, x);
    const T sum = FN(exponentials)(columns, x, offset, y);
    // A largest logit of ±∞ gives ∞ - ∞ and so NaN throughout.
    FN(multiply_row)(columns, 1 / sum, y);
  }
}

static void FN(log_softmax)(intptr_t rows, intptr_t columns, const void *x_, void *y_) {
  const T *x = x_;
  T *y = y_;
  for (intptr_t r = 0; r < rows; r++, x += columns, y += columns) {
    const T offset = FN(largest)(columns, x);
    const V shift = VF(set)(offset), log_sum = VF(set)(LIBM(log)(FN(exponentials)(columns, x, offset, NULL)));
    for (intptr_t i = 0; i < columns; i += COUNT) {
      FN(store)(y + i, FN(load)(x + i, columns - i) - shift - log_sum, columns - i);
    }
  }
}

/// Σ a b, lanes then halves.
static T FN(dot_row)(intptr_t n, const T *a, const T *b) {
  V s0 = VF(set)(0), s1 = s0;
  intptr_t i = 0;
  for (; i + 2 * COUNT <= n; i += 2 * COUNT) {
    s0 = VF(fma)(VF(load)(a + i), VF(load)(b + i), s0);
    s1 = VF(fma)(VF(load)(a + i + COUNT), VF(load)(b + i + COUNT), s1);
  }
  for (; i < n; i += COUNT) s0 = VF(fma)(FN(load)(a + i, n - i), FN(load)(b + i, n - i), s0);
  return FN(sum_of)(s0 + s1);
}

static void FN(softmax_backward)(intptr_t rows, intptr_t columns, const void *y_, const void *dy_, void *dx_) {
  const T *y = y_, *dy = dy_;
  T *dx = dx_;
  for (intptr_t r = 0; r < rows; r++, y += columns, dy += columns, dx += columns) {
    const V sum = VF(set)(FN(dot_row)(columns, y, dy));
    for (intptr_t i = 0; i < columns; i += COUNT) {
      const intptr_t rest = columns - i;
      FN(store)(dx + i, FN(load)(y + i, rest) * (FN(load)(dy + i, rest) - sum), rest);
    }
  }
}

static void FN(log_softmax_backward)(intptr_t rows, intptr_t columns, const void *y_, const void *dy_, void *dx_) {
  const T *y = y_, *dy = dy_;
  T *dx = dx_;
  for (intptr_t r = 0; r < rows; r++, y += columns, dy += columns, dx += columns) {
    const V sum = VF(set)(FN(reduce_row)(AVIARY_REDUCE_SUM, columns, dy));
    for (intptr_t i = 0; i < columns; i += COUNT) {
      const intptr_t rest = columns - i;
      FN(store)(dx + i, FN(load)(dy + i, rest) - VF(exp)(FN(load)(y + i, rest)) * sum, rest);
    }
  }
}

/// out[c] = log Σ exp over r of x[r · stride + c], c < width.
static void FN(log_sum_exp)(intptr_t rows, intptr_t stride, intptr_t width, const void *x_, void *out_) {
  const T *x = x_;
  T *out = out_;
  if (width == 1 && stride == 1) {
    const T largest = FN(largest)(rows, x);
    const T sum = FN(exponentials)(rows, x, largest, NULL);
    // All are -∞, or one is ∞ and none NaN: the largest is the result, where ∞ - ∞ would give NaN.
    const bool infinite = largest - largest != 0 && FN(reduce_row)(AVIARY_REDUCE_MAX, rows, x) == largest;
    out[0] = infinite ? largest : largest + LIBM(log)(sum);
    return;
  }
  for (intptr_t c = 0; c < width; c += COUNT) {
    const intptr_t rest = width - c;
    V largest = VF(set)(-(T)INFINITY), sum = VF(set)(0);
    for (intptr_t r = 0; r < rows; r++) largest = FN(max)(largest, FN(load)(x + r * stride + c, rest));
    largest = VF(abs)(largest) == (T)INFINITY ? VF(set)(0) : largest;
    for (intptr_t r = 0; r < rows; r++) sum += VF(exp)(FN(load)(x + r * stride + c, rest) - largest);
    FN(store)(out + c, largest + VF(log)(sum), rest);
  }
}

/// Rows of softmax cross-entropy against labels, or against targets if `labels` is NULL.
static void FN(cross_entropy)(
  intptr_t rows, intptr_t columns, const void *z_, const int64_t *labels, const void *targets, void *losses_,
  void *probabilities
) {
  const T *z = z_, *t = targets;
  T *losses = losses_, *p = probabilities;
  for (intptr_t r = 0; r < rows; r++, z += columns) {
    const T offset = FN(largest)(columns, z);
    // Read before the probabilities may overwrite it.
    T loss = labels ? offset - z[labels[r]] : 0;
    V total = VF(set)(0), weighted = total;
    for (intptr_t i = 0; i < columns && !labels; i += COUNT) {
      const V target = FN(load)(t + i, columns - i);
      const V term = (offset - FN(load)(z + i, columns - i)) * target;
      total += target;
      weighted += target == (T)0 ? VF(set)(0) : term;
    }
    T sum;
    if (columns <= COUNT) {
      const V softmax = FN(short_softmax)(FN(load)(z, columns), columns, offset, &sum);
      if (p) FN(store)(p, softmax, columns);
    } else {
      sum = FN(exponentials)(columns, z, offset, p);
      if (p) FN(multiply_row)(columns, 1 / sum, p);
    }
    const T log_sum = LIBM(log)(sum);
    losses[r] = labels ? loss + log_sum : FN(sum_of)(weighted) + FN(sum_of)(total) * log_sum;
    if (t) t += columns;
    if (p) p += columns;
  }
}

static void FN(cross_entropy_gradient)(
  intptr_t rows, intptr_t columns, const void *p_, const int64_t *labels, const void *targets, const void *scale_,
  intptr_t scale_stride, void *gradient_
) {
  const T *p = p_, *t = targets, *scale = scale_;
  T *gradient = gradient_;
  for (intptr_t r = 0; r < rows; r++, p += columns, gradient += columns) {
    const T factor = scale[r * scale_stride];
    if (labels) {
      const T chosen = (p[labels[r]] - 1) * factor;
      for (intptr_t i = 0; i < columns; i += COUNT) {
        FN(store)(gradient + i, FN(load)(p + i, columns - i) * factor, columns - i);
      }
      gradient[labels[r]] = chosen;
      continue;
    }
    const T total = FN(reduce_row)(AVIARY_REDUCE_SUM, columns, t);
    for (intptr_t i = 0; i < columns; i += COUNT) {
      const intptr_t rest = columns - i;
      FN(store)(gradient + i, (FN(load)(p + i, rest) * total - FN(load)(t + i, rest)) * factor, rest);
    }
    t += columns;
  }
}

static void FN(sigmoid_cross_entropy)(intptr_t n, const void *z_, const void *t_, void *losses_) {
  const T *z = z_, *t = t_;
  T *losses = losses_;
  for (intptr_t i = 0; i < n; i += COUNT) {
    const V a = FN(load)(z + i, n - i);
    const V tail = VF(log1p)(VF(exp)(-VF(abs)(a)));
    FN(store)(losses + i, FN(relu)(a) - a * FN(load)(t + i, n - i) + tail, n - i);
  }
}

static void FN(sigmoid_cross_entropy_gradient)(
  intptr_t n, const void *z_, const void *t_, const void *scale_, intptr_t scale_stride, void *gradient_
) {
  const T *z = z_, *t = t_, *scale = scale_;
  T *gradient = gradient_;
  for (intptr_t i = 0; i < n; i += COUNT) {
    const V difference = VF(sigmoid)(FN(load)(z + i, n - i)) - FN(load)(t + i, n - i);
    const V factor = scale_stride ? FN(load)(scale + i, n - i) : VF(set)(scale[0]);
    FN(store)(gradient + i, difference * factor, n - i);
  }
}
