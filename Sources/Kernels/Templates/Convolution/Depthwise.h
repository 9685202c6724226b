// Depthwise convolution: each channel has its own filters, so channels are the elements of vectors throughout.

typedef struct F(depthwise_pass) {
  const aviary_conv2d *s;
  const R *a, *b;
  R *out;
  intptr_t pieces;  // of the rows of all images
} F(depthwise_pass);

AVIARY_INLINE V F(channels)(const R *p, intptr_t there) {
  return there >= L ? VF(load)(p) : VF(load_partial)(p, there);
}

AVIARY_INLINE void F(set_channels)(R *p, V v, intptr_t there) {
  if (there >= L) {
    VF(store)(p, v);
  } else {
    VF(store_partial)(p, v, there);
  }
}

/// The positions t in 0 ..< count for which 0 ≤ t · step + offset < length: first ..< last.
static inline void F(places_inside)(
    intptr_t count, intptr_t step, intptr_t offset, intptr_t length, intptr_t *first, intptr_t *last) {
  *first = offset < 0 ? (-offset + step - 1) / step : 0;
  *last = offset < length ? (length - 1 - offset) / step + 1 : 0;
  if (*last > count) *last = count;
}

/// The windows along a row that are inside the image: those of the results first ..< last.
static inline void F(whole_windows)(const aviary_conv2d *s, intptr_t *first, intptr_t *last) {
  *first = (s->pad_left + s->stride_w - 1) / s->stride_w;
  const intptr_t most = s->w - 1 - (s->kw - 1) * s->dilation_w + s->pad_left;
  *last = most < 0 ? 0 : most / s->stride_w + 1;
  if (*first < 0) *first = 0;
  if (*first > s->ow) *first = s->ow;
  if (*last > s->ow) *last = s->ow;
  if (*last < *first) *last = *first;
}

/// Computes a vector of channels of `count` neighboring results, up to 4, whose windows are inside the image. `x` is
/// the first window's first position inside (row `first` of the filter), and `w` that of the filter. Steps of 1 are
/// constants, so that windows share their loads.
AVIARY_INLINE void F(depthwise_block)(
    const aviary_conv2d *s, intptr_t count, intptr_t kw, intptr_t step, intptr_t dilation, intptr_t rows, const R *x,
    const R *w, intptr_t there, R *y) {
  const intptr_t c = s->cin;
  V sums[4] = {VF(set)(0), VF(set)(0), VF(set)(0), VF(set)(0)};
  for (intptr_t p = 0; p < rows; p++) {
    const R *row = x + p * s->dilation_h * s->w * c, *filter = w + p * kw * c;
    for (intptr_t q = 0; q < kw; q++) {
      const V f = F(channels)(filter + q * c, there);
      for (intptr_t t = 0; t < count; t++) {
        sums[t] = VF(fma)(F(channels)(row + (t * step + q * dilation) * c, there), f, sums[t]);
      }
    }
  }
  for (intptr_t t = 0; t < count; t++) F(set_channels)(y + t * c, sums[t], there);
}

/// The same for all channels, one vector after another in memory order.
AVIARY_INLINE void F(depthwise_channels)(
    const aviary_conv2d *s, intptr_t count, intptr_t kw, intptr_t step, intptr_t dilation, intptr_t rows, const R *x,
    const R *w, R *y) {
  const intptr_t c = s->cin;
  intptr_t k = 0;
  for (; k + L <= c; k += L) F(depthwise_block)(s, count, kw, step, dilation, rows, x + k, w + k, L, y + k);
  if (k < c) F(depthwise_block)(s, count, kw, step, dilation, rows, x + k, w + k, c - k, y + k);
}

/// The same for the results first ..< last of a row; x belongs to the result 0.
AVIARY_INLINE void F(depthwise_blocks)(
    const aviary_conv2d *s, intptr_t kw, intptr_t step, intptr_t dilation, intptr_t rows, intptr_t first, intptr_t last,
    const R *x, const R *w, R *y) {
  const intptr_t c = s->cin;
  intptr_t j = first;
  for (; j + 4 <= last; j += 4) F(depthwise_channels)(s, 4, kw, step, dilation, rows, x + j * step * c, w, y + j * c);
  for (; j < last; j++) F(depthwise_channels)(s, 1, kw, step, dilation, rows, x + j * step * c, w, y + j * c);
}

/// Computes a vector of channels of one result whose window may leave the image along the row.
static void F(depthwise_edge)(
    const aviary_conv2d *s, intptr_t rows, intptr_t j, const R *x, const R *w, intptr_t there, R *y) {
  const intptr_t c = s->cin;
  intptr_t first, last;
  F(places_inside)(s->kw, s->dilation_w, j * s->stride_w - s->pad_left, s->w, &first, &last);
  V sum = VF(set)(0);
  for (intptr_t p = 0; p < rows; p++) {
    const R *row = x + (p * s->dilation_h * s->w + j * s->stride_w) * c, *filter = w + p * s->kw * c;
    for (intptr_t q = first; q < last; q++) {
      sum = VF(fma)(F(channels)(row + q * s->dilation_w * c, there), F(channels)(filter + q * c, there), sum);
    }
  }
  F(set_channels)(y + j * c, sum, there);
}

static void F(depthwise_row)(const aviary_conv2d *s, const R *image, intptr_t i, const R *w, R *y) {
  const intptr_t c = s->cin, top = i * s->stride_h - s->pad_top;
  intptr_t first_p, last_p, first, last;
  F(places_inside)(s->kh, s->dilation_h, top, s->h, &first_p, &last_p);
  F(whole_windows)(s, &first, &last);
  const intptr_t rows = last_p > first_p ? last_p - first_p : 0;
  const R *start = image + ((top + first_p * s->dilation_h) * s->w - s->pad_left) * c, *filter = w + first_p * s->kw * c;
  const bool near = s->stride_w == 1 && s->dilation_w == 1;
  for (intptr_t j = 0; j < s->ow; j++) {
    if (j == first) j = last;
    if (j == s->ow) break;
    for (intptr_t k = 0; k < c; k += L) F(depthwise_edge)(s, rows, j, start + k, filter + k, c - k, y + k);
  }
  if (near && s->kw == 3)
    F(depthwise_blocks)(s, 3, 1, 1, rows, first, last, start, filter, y);
  else if (near && s->kw == 5)
    F(depthwise_blocks)(s, 5, 1, 1, rows, first, last, start, filter, y);
  else
    F(depthwise_blocks)(s, s->kw, s->stride_w, s->dilation_w, rows, first, last, start, filter, y);
}

static void F(depthwise_task)(void *context, intptr_t task) {
  const F(depthwise_pass) *f = context;
  const aviary_conv2d *s = f->s;
  const intptr_t rows = s->n * s->oh, last = dense_start(rows, f->pieces, task + 1);
  for (intptr_t row = dense_start(rows, f->pieces, task); row < last; row++) {
    const R *image = f->a + row / s->oh * s->h * s->w * s->cin;
    F(depthwise_row)(s, image, row % s->oh, f->b, f->out + row * s->ow * s->cin);
  }
}

/// Computes one row of dx: the contributions of all rows of dy that a filter connects to it.
static void F(depthwise_back_row)(const aviary_conv2d *s, const R *dy, intptr_t row, const R *w, R *dx) {
  const intptr_t c = s->cin;
  memset(dx, 0, (size_t)(s->w * c) * sizeof(R));
  for (intptr_t p = 0; p < s->kh; p++) {
    const intptr_t from = row + s->pad_top - p * s->dilation_h, i = from / s->stride_h;
    if (from < 0 || from % s->stride_h != 0 || i >= s->oh) continue;
    for (intptr_t q = 0; q < s->kw; q++) {
      const intptr_t offset = q * s->dilation_w - s->pad_left;
      const R *filter = w + (p * s->kw + q) * c;
      intptr_t first, last;
      F(places_inside)(s->ow, s->stride_w, offset, s->w, &first, &last);
      for (intptr_t j = first; j < last; j++) {
        const R *g = dy + (i * s->ow + j) * c;
        R *to = dx + (j * s->stride_w + offset) * c;
        for (intptr_t k = 0; k < c; k += L) {
          const V sum = VF(fma)(F(channels)(g + k, c - k), F(channels)(filter + k, c - k), F(channels)(to + k, c - k));
          F(set_channels)(to + k, sum, c - k);
        }
      }
    }
  }
}

static void F(depthwise_back_input_task)(void *context, intptr_t task) {
  const F(depthwise_pass) *f = context;
  const aviary_conv2d *s = f->s;
  const intptr_t rows = s->n * s->h, last = dense_start(rows, f->pieces, task + 1);
  for (intptr_t row = dense_start(rows, f->pieces, task); row < last; row++) {
    const R *dy = f->a + row / s->h * s->oh * s->ow * s->cin;
    F(depthwise_back_row)(s, dy, row % s->h, f->b, f->out + row * s->w * s->cin);
  }
}

/// Adds the contributions of the results first ..< last of a row, which all reach the image there, to a vector of
/// channels of `rows` by `count` neighboring positions of a filter, up to 3 by 4; x is the input at the first position
/// of result 0.
AVIARY_INLINE void F(depthwise_filter_block)(
    const aviary_conv2d *s, intptr_t rows, intptr_t count, intptr_t first, intptr_t last, const R *x, const R *dy,
    intptr_t there, R *dw) {
  const intptr_t c = s->cin, step = s->stride_w * c, next = s->dilation_w * c, below = s->dilation_h * s->w * c;
  V sums[3][4] = {0};
  for (intptr_t j = first; j < last; j++) {
    const V g = F(channels)(dy + j * c, there);
    for (intptr_t p = 0; p < rows; p++)
      for (intptr_t t = 0; t < count; t++)
        sums[p][t] = VF(fma)(F(channels)(x + j * step + p * below + t * next, there), g, sums[p][t]);
  }
  for (intptr_t p = 0; p < rows; p++) {
    for (intptr_t t = 0; t < count; t++) {
      R *to = dw + (p * s->kw + t) * c;
      F(set_channels)(to, F(channels)(to, there) + sums[p][t], there);
    }
  }
}

/// The same for all positions of `rows` rows of a filter; x belongs to position 0 and result 0. Results whose windows
/// are inside the image contribute to all positions, others to some.
AVIARY_INLINE void F(depthwise_filter_places)(
    const aviary_conv2d *s, intptr_t rows, intptr_t first, intptr_t last, const R *x, const R *dy, intptr_t there, R *dw) {
  const intptr_t c = s->cin, next = s->dilation_w * c;
  for (intptr_t q = 0; q < s->kw; q += 4) {
    const R *from = x + q * next;
    R *to = dw + q * c;
    switch (s->kw - q) {
      case 1: F(depthwise_filter_block)(s, rows, 1, first, last, from, dy, there, to); break;
      case 2: F(depthwise_filter_block)(s, rows, 2, first, last, from, dy, there, to); break;
      case 3: F(depthwise_filter_block)(s, rows, 3, first, last, from, dy, there, to); break;
      default: F(depthwise_filter_block)(s, rows, 4, first, last, from, dy, there, to);
    }
  }
  for (intptr_t q = 0; q < s->kw; q++) {
    intptr_t before, after;
    F(places_inside)(s->ow, s->stride_w, q * s->dilation_w - s->pad_left, s->w, &before, &after);
    const intptr_t left = after < first ? after : first, right = before > last ? before : last;
    if (before < left) F(depthwise_filter_block)(s, rows, 1, before, left, x + q * next, dy, there, dw + q * c);
    if (right < after) F(depthwise_filter_block)(s, rows, 1, right, after, x + q * next, dy, there, dw + q * c);
  }
}

/// Adds the contribution of one row of dy to dw.
static void F(depthwise_filter_row)(const aviary_conv2d *s, const R *image, intptr_t i, const R *dy, R *dw) {
  const intptr_t c = s->cin, top = i * s->stride_h - s->pad_top;
  intptr_t first_p, last_p, first, last;
  F(places_inside)(s->kh, s->dilation_h, top, s->h, &first_p, &last_p);
  F(whole_windows)(s, &first, &last);
  for (intptr_t p = first_p; p < last_p;) {
    const bool three = last_p - p >= 3;
    const R *row = image + ((top + p * s->dilation_h) * s->w - s->pad_left) * c;
    R *to = dw + p * s->kw * c;
    intptr_t k = 0;
    for (; k + L <= c; k += L) {
      if (three)
        F(depthwise_filter_places)(s, 3, first, last, row + k, dy + k, L, to + k);
      else
        F(depthwise_filter_places)(s, 1, first, last, row + k, dy + k, L, to + k);
    }
    for (intptr_t r = 0; k < c && r < (three ? 3 : 1); r++)
      F(depthwise_filter_places)(
          s, 1, first, last, row + r * s->dilation_h * s->w * c + k, dy + k, c - k, to + r * s->kw * c + k);
    p += three ? 3 : 1;
  }
}

static void F(depthwise_back_filter_task)(void *context, intptr_t task) {
  const F(depthwise_pass) *f = context;
  const aviary_conv2d *s = f->s;
  const intptr_t size = s->kh * s->kw * s->cin, rows = s->n * s->oh, last = dense_start(rows, f->pieces, task + 1);
  R *dw = f->out + task * size;
  memset(dw, 0, (size_t)size * sizeof(R));
  for (intptr_t row = dense_start(rows, f->pieces, task); row < last; row++) {
    const R *image = f->a + row / s->oh * s->h * s->w * s->cin;
    F(depthwise_filter_row)(s, image, row % s->oh, f->b + row * s->ow * s->cin, dw);
  }
}

/// The operations of a pass, forward or backward.
static inline double F(depthwise_work)(const aviary_conv2d *s) {
  return 2 * (double)(s->n * s->oh * s->ow) * (double)(s->kh * s->kw * s->cin);
}

static void F(depthwise)(const aviary_conv2d *s, const R *x, const R *w, R *y) {
  if (s->n <= 0 || s->oh <= 0) return;
  F(depthwise_pass) f = {s, x, w, y, dense_pieces(F(depthwise_work)(s), TASK_WORK, s->n * s->oh, 256)};
  aviary_parallel(f.pieces, F(depthwise_task), &f);
}

/// Without strides, the gradient with respect to the input is the convolution of dy with the flipped filters.
static void F(depthwise_turned)(const aviary_conv2d *s, const R *dy, const R *w, R *dx) {
  const intptr_t places = s->kh * s->kw;
  const size_t bytes = (size_t)(places * s->cin) * sizeof(R);
  aviary_conv2d turned = *s;
  turned.h = s->oh;
  turned.w = s->ow;
  turned.oh = s->h;
  turned.ow = s->w;
  turned.pad_top = (s->kh - 1) * s->dilation_h - s->pad_top;
  turned.pad_left = (s->kw - 1) * s->dilation_w - s->pad_left;
  R *weights = dense_scratch(bytes);
  for (intptr_t i = 0; i < places; i++)
    memcpy(weights + i * s->cin, w + (places - 1 - i) * s->cin, (size_t)s->cin * sizeof(R));
  F(depthwise)(&turned, dy, weights, dx);
  aviary_deallocate(weights, bytes);
}

static void F(depthwise_back_input)(const aviary_conv2d *s, const R *dy, const R *w, R *dx) {
  if (s->n <= 0 || s->h <= 0) return;
  if (s->stride_h == 1 && s->stride_w == 1 && s->oh > 0 && s->ow > 0) {
    F(depthwise_turned)(s, dy, w, dx);
    return;
  }
  F(depthwise_pass) f = {s, dy, w, dx, dense_pieces(F(depthwise_work)(s), TASK_WORK, s->n * s->h, 256)};
  aviary_parallel(f.pieces, F(depthwise_back_input_task), &f);
}

/// Each task has its own sums, which are added in the order of the tasks.
static void F(depthwise_back_filter)(const aviary_conv2d *s, const R *x, const R *dy, R *dw) {
  const intptr_t size = s->kh * s->kw * s->cin, rows = s->n * s->oh;
  F(depthwise_pass) f = {s, x, dy, dw, dense_pieces(F(depthwise_work)(s), TASK_WORK + 16.0 * (double)size, rows, 16)};
  if (f.pieces == 1) {
    F(depthwise_back_filter_task)(&f, 0);
    return;
  }
  const size_t bytes = (size_t)(f.pieces * size) * sizeof(R);
  f.out = dense_scratch(bytes);
  aviary_parallel(f.pieces, F(depthwise_back_filter_task), &f);
  aviary_reduce(AVIARY_REDUCE_SUM, sizeof(R) == 4 ? AVIARY_FLOAT32 : AVIARY_FLOAT64, 1, f.pieces, size, f.out, dw);
  aviary_deallocate(f.out, bytes);
}
