// Moments of columns and batch normalization of one float type, on `width` ≤ tile columns of a matrix.

/// sums[c] = Σ (x - center) and squares[c] = Σ (x - center)², by runs of rows added pairwise.
static void FN(deviations)(
  intptr_t rows, intptr_t stride, intptr_t width, const void *x_, const void *center_, void *sums_, void *squares_
) {
  const T *x = x_, *center = center_;
  T *sums = sums_, *squares = squares_;
  if (rows > FN(run)) {
    const intptr_t half = (rows / 2 + FN(run) - 1) / FN(run) * FN(run);
    T other_sums[FN(tile)], other_squares[FN(tile)];
    FN(deviations)(half, stride, width, x, center, sums, squares);
    FN(deviations)(rows - half, stride, width, x + half * stride, center, other_sums, other_squares);
    for (intptr_t c = 0; c < width; c++) {
      sums[c] += other_sums[c];
      squares[c] += other_squares[c];
    }
    return;
  }
  for (intptr_t c = 0; c < width; c += COUNT) {
    const V middle = FN(load)(center + c, width - c);
    V sum = VF(set)(0), square = sum;
    for (intptr_t r = 0; r < rows; r++) {
      const V d = FN(load)(x + r * stride + c, width - c) - middle;
      sum += d;
      square = VF(fma)(d, d, square);
    }
    FN(store)(sums + c, sum, width - c);
    FN(store)(squares + c, square, width - c);
  }
}

/// sums[c] = Σ dy and products[c] = Σ dy (x - center), by runs of rows added pairwise.
static void FN(norm_sums)(
  intptr_t rows, intptr_t stride, intptr_t width, const void *x_, const void *dy_, const void *center_, void *sums_,
  void *products_
) {
  const T *x = x_, *dy = dy_, *center = center_;
  T *sums = sums_, *products = products_;
  if (rows > FN(run)) {
    const intptr_t half = (rows / 2 + FN(run) - 1) / FN(run) * FN(run);
    T other_sums[FN(tile)], other_products[FN(tile)];
    FN(norm_sums)(half, stride, width, x, dy, center, sums, products);
    FN(norm_sums)(
      rows - half, stride, width, x + half * stride, dy + half * stride, center, other_sums, other_products);
    for (intptr_t c = 0; c < width; c++) {
      sums[c] += other_sums[c];
      products[c] += other_products[c];
    }
    return;
  }
  for (intptr_t c = 0; c < width; c += COUNT) {
    const V middle = FN(load)(center + c, width - c);
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

/// y[r, c] = (x - center) · scale + shift over rows of `width`, where all three have the period `width`.
static void FN(norm_apply)(
  intptr_t rows, intptr_t width, const void *x_, const void *center_, const void *scale_, const void *shift_, void *y_
) {
  const T *x = x_, *center = center_, *scale = scale_, *shift = shift_;
  T *y = y_;
  for (intptr_t r = 0; r < rows; r++, x += width, y += width) {
    for (intptr_t c = 0; c < width; c += COUNT) {
      const intptr_t rest = width - c;
      const V d = FN(load)(x + c, rest) - FN(load)(center + c, rest);
      FN(store)(y + c, VF(fma)(d, FN(load)(scale + c, rest), FN(load)(shift + c, rest)), rest);
    }
  }
}

/// dx[r, c] = scale · dy - shift - slope · (x - center), over rows of `width`.
static void FN(norm_apply_backward)(
  intptr_t rows, intptr_t width, const void *x_, const void *dy_, const void *center_, const void *scale_,
  const void *shift_, const void *slope_, void *dx_
) {
  const T *x = x_, *dy = dy_, *center = center_, *scale = scale_, *shift = shift_, *slope = slope_;
  T *dx = dx_;
  for (intptr_t r = 0; r < rows; r++, x += width, dy += width, dx += width) {
    for (intptr_t c = 0; c < width; c += COUNT) {
      const intptr_t rest = width - c;
      const V d = FN(load)(x + c, rest) - FN(load)(center + c, rest);
      const V g = VF(fma)(FN(load)(dy + c, rest), FN(load)(scale + c, rest), -FN(load)(shift + c, rest));
      FN(store)(dx + c, g - d * FN(load)(slope + c, rest), rest);
    }
  }
}

/// Sums of `a` and `b` along rows are computed in blocks of this many vectors, and the blocks are added in double
/// precision.
enum { FN(norm_block) = 64 * COUNT };

/// Normalization of rows by their own moments: y = gamma (x - mean) / √(variance + epsilon) + beta. The moments are
/// computed in two passes; the second corrects the mean of the first. If not centered, the mean is 0.
static void FN(row_norm)(
  intptr_t rows, intptr_t n, bool centered, double epsilon, const void *x_, const void *gamma_, const void *beta_, void *y_,
  void *mean_, void *variance_
) {
  const T *x = x_, *gamma = gamma_, *beta = beta_;
  T *y = y_, *mean = mean_, *variance = variance_;
  for (intptr_t r = 0; r < rows; r++, x += n, y += n) {
    mean[r] = centered ? FN(reduce_row)(AVIARY_REDUCE_SUM, n, x) / (T)n : 0;
    const V middle = VF(set)(mean[r]);
    double sums = 0, squares = 0;
    for (intptr_t start = 0; start < n; start += FN(norm_block)) {
      const intptr_t end = n - start < FN(norm_block) ? n : start + FN(norm_block);
      V sum = VF(set)(0), square = sum;
      for (intptr_t i = start; i < end; i += COUNT) {
        const V d = FN(first)(FN(load)(x + i, end - i) - middle, end - i, 0);
        sum += d;
        square = VF(fma)(d, d, square);
      }
      sums += (double)FN(sum_of)(sum);
      squares += (double)FN(sum_of)(square);
    }
    const double rest = centered ? sums / (double)n : 0, spread = squares / (double)n - rest * rest;
    variance[r] = (T)(spread < 0 ? 0 : spread);
    const V inverse = VF(set)((T)(1 / sqrt((double)variance[r] + epsilon))), shift = VF(set)((T)rest);
    for (intptr_t i = 0; i < n; i += COUNT) {
      const V d = FN(load)(x + i, n - i) - middle - shift;
      FN(store)(y + i, VF(fma)(d, FN(load)(gamma + i, n - i) * inverse, FN(load)(beta + i, n - i)), n - i);
    }
    mean[r] = (T)((double)mean[r] + rest);
  }
}

/// The gradient: with x̂ = (x - mean) / √(variance + epsilon) and g = gamma dy, dx = (g - mean g - x̂ mean(g x̂)) /
/// √(variance + epsilon), without mean g if not centered; dy x̂ is added to dgamma, dy to dbeta.
static void FN(row_norm_backward)(
  intptr_t rows, intptr_t n, bool centered, double epsilon, const void *x_, const void *mean_, const void *variance_,
  const void *gamma_, const void *dy_, void *dx_, void *dgamma_, void *dbeta_
) {
  const T *x = x_, *mean = mean_, *variance = variance_, *gamma = gamma_, *dy = dy_;
  T *dx = dx_, *dgamma = dgamma_, *dbeta = dbeta_;
  for (intptr_t r = 0; r < rows; r++, x += n, dy += n, dx += n) {
    const V middle = VF(set)(mean[r]), inverse = VF(set)((T)(1 / sqrt((double)variance[r] + epsilon)));
    double sums = 0, products = 0;
    for (intptr_t start = 0; start < n; start += FN(norm_block)) {
      const intptr_t end = n - start < FN(norm_block) ? n : start + FN(norm_block);
      V sum = VF(set)(0), product = sum;
      for (intptr_t i = start; i < end; i += COUNT) {
        const intptr_t rest = end - i;
        const V slope = FN(load)(dy + i, rest), g = slope * FN(load)(gamma + i, rest);
        const V standard = (FN(load)(x + i, rest) - middle) * inverse;
        sum += g;
        product = VF(fma)(g, standard, product);
        FN(store)(dgamma + i, VF(fma)(slope, standard, FN(load)(dgamma + i, rest)), rest);
        FN(store)(dbeta + i, FN(load)(dbeta + i, rest) + slope, rest);
      }
      sums += (double)FN(sum_of)(sum);
      products += (double)FN(sum_of)(product);
    }
    const V shift = VF(set)((T)(centered ? sums / (double)n : 0)), slope = VF(set)((T)(products / (double)n));
    for (intptr_t i = 0; i < n; i += COUNT) {
      const V g = FN(load)(dy + i, n - i) * FN(load)(gamma + i, n - i);
      const V standard = (FN(load)(x + i, n - i) - middle) * inverse;
      FN(store)(dx + i, (g - shift - standard * slope) * inverse, n - i);
    }
  }
}
