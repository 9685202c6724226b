// Moments of columns and batch normalization of one float type, on `width` ≤ tile columns of a matrix.

/// sums[c] = Σ (x - centre)², by runs of rows added pairwise.
static void FN(deviations)(intptr_t rows, intptr_t stride, intptr_t width, const void *x_, const void *centre_, void *sums_) {
  const T *x = x_, *centre = centre_;
  T *sums = sums_;
  if (rows > FN(run)) {
    const intptr_t half = (rows / 2 + FN(run) - 1) / FN(run) * FN(run);
    T other[FN(tile)];
    FN(deviations)(half, stride, width, x, centre, sums);
    FN(deviations)(rows - half, stride, width, x + half * stride, centre, other);
    for (intptr_t c = 0; c < width; c++) sums[c] += other[c];
    return;
  }
  for (intptr_t c = 0; c < width; c += COUNT) {
    const V middle = FN(load)(centre + c, width - c);
    V sum = VF(set)(0);
    for (intptr_t r = 0; r < rows; r++) {
      const V d = FN(load)(x + r * stride + c, width - c) - middle;
      sum = VF(fma)(d, d, sum);
    }
    FN(store)(sums + c, sum, width - c);
  }
}

/// sums[c] = Σ dy and products[c] = Σ dy (x - centre), by runs of rows added pairwise.
static void FN(norm_sums)(
  intptr_t rows, intptr_t stride, intptr_t width, const void *x_, const void *dy_, const void *centre_, void *sums_,
  void *products_
) {
  const T *x = x_, *dy = dy_, *centre = centre_;
  T *sums = sums_, *products = products_;
  if (rows > FN(run)) {
    const intptr_t half = (rows / 2 + FN(run) - 1) / FN(run) * FN(run);
    T other_sums[FN(tile)], other_products[FN(tile)];
    FN(norm_sums)(half, stride, width, x, dy, centre, sums, products);
    FN(norm_sums)(
      rows - half, stride, width, x + half * stride, dy + half * stride, centre, other_sums, other_products);
    for (intptr_t c = 0; c < width; c++) {
      sums[c] += other_sums[c];
      products[c] += other_products[c];
    }
    return;
  }
  for (intptr_t c = 0; c < width; c += COUNT) {
    const V middle = FN(load)(centre + c, width - c);
    V sum = VF(set)(0), product = sum;
    for (intptr_t r = 0; r < rows; r++) {
      const V g = FN(load)(dy + r * stride + c, width - c);
      sum += g;
      product = VF(fma)(g, FN(load)(x + r * stride + c, width - c) - middle, product);
    }
    FN(store)(sums + c, sum, width - c);
    FN(store)(products + c, product, width - c);
  }
}

/// y[r, c] = (x - centre) · scale + shift with the three of period `width`, over rows of `width`.
static void FN(norm_apply)(
  intptr_t rows, intptr_t width, const void *x_, const void *centre_, const void *scale_, const void *shift_, void *y_
) {
  const T *x = x_, *centre = centre_, *scale = scale_, *shift = shift_;
  T *y = y_;
  for (intptr_t r = 0; r < rows; r++, x += width, y += width) {
    for (intptr_t c = 0; c < width; c += COUNT) {
      const intptr_t rest = width - c;
      const V d = FN(load)(x + c, rest) - FN(load)(centre + c, rest);
      FN(store)(y + c, VF(fma)(d, FN(load)(scale + c, rest), FN(load)(shift + c, rest)), rest);
    }
  }
}

/// dx[r, c] = scale · dy - shift - slope · (x - centre), over rows of `width`.
static void FN(norm_apply_backward)(
  intptr_t rows, intptr_t width, const void *x_, const void *dy_, const void *centre_, const void *scale_,
  const void *shift_, const void *slope_, void *dx_
) {
  const T *x = x_, *dy = dy_, *centre = centre_, *scale = scale_, *shift = shift_, *slope = slope_;
  T *dx = dx_;
  for (intptr_t r = 0; r < rows; r++, x += width, dy += width, dx += width) {
    for (intptr_t c = 0; c < width; c += COUNT) {
      const intptr_t rest = width - c;
      const V d = FN(load)(x + c, rest) - FN(load)(centre + c, rest);
      const V g = VF(fma)(FN(load)(dy + c, rest), FN(load)(scale + c, rest), -FN(load)(shift + c, rest));
      FN(store)(dx + c, g - d * FN(load)(slope + c, rest), rest);
    }
  }
}
