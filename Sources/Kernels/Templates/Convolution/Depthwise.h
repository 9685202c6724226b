// Depthwise convolution: each channel has filters of its own, so channels are the elements of vectors throughout.

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

/// The places t in 0 ..< count for which 0 ≤ t · step + offset < length: first ..< last.
static inline void F(places_inside)(
    intptr_t count, intptr_t step, intptr_t offset, intptr_t length, intptr_t *first, intptr_t *last) {
  *first = offset < 0 ? (-offset + step - 1) / step : 0;
  *last = offset < length ? (length - 1 - offset) / step + 1 : 0;
  if (*last > count) *last = count;
}

static void F(depthwise_row)(const aviary_conv2d *s, const R *image, intptr_t i, const R *w, R *y) {
  const intptr_t c = s->cin, top = i * s->stride_h - s->pad_top;
  intptr_t first_p, last_p;
  F(places_inside)(s->kh, s->dilation_h, top, s->h, &first_p, &last_p);
  for (intptr_t j = 0; j < s->ow; j++) {
    const intptr_t left = j * s->stride_w - s->pad_left;
    intptr_t first_q, last_q;
    F(places_inside)(s->kw, s->dilation_w, left, s->w, &first_q, &last_q);
    for (intptr_t k = 0; k < c; k += L) {
      V sum = VF(set)(0);
      for (intptr_t p = first_p; p < last_p; p++) {
        const intptr_t row = ((top + p * s->dilation_h) * s->w + left) * c + k, step = s->dilation_w * c;
        const R *filter = w + p * s->kw * c + k;
        for (intptr_t q = first_q; q < last_q; q++) {
          sum = VF(fma)(F(channels)(image + row + q * step, c - k), F(channels)(filter + q * c, c - k), sum);
        }
      }
      F(set_channels)(y + j * c + k, sum, c - k);
    }
  }
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

/// One row of dx: what each row of dy that a filter reaches it from adds to it.
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

/// Adds to dw what one row of dy gives.
static void F(depthwise_filter_row)(const aviary_conv2d *s, const R *image, intptr_t i, const R *dy, R *dw) {
  const intptr_t c = s->cin, top = i * s->stride_h - s->pad_top;
  intptr_t first_p, last_p;
  F(places_inside)(s->kh, s->dilation_h, top, s->h, &first_p, &last_p);
  for (intptr_t p = first_p; p < last_p; p++) {
    const R *row = image + (top + p * s->dilation_h) * s->w * c;
    for (intptr_t q = 0; q < s->kw; q++) {
      const intptr_t offset = q * s->dilation_w - s->pad_left;
      intptr_t first, last;
      F(places_inside)(s->ow, s->stride_w, offset, s->w, &first, &last);
      R *to = dw + (p * s->kw + q) * c;
      for (intptr_t k = 0; k < c; k += L) {
        V sum = VF(set)(0);
        for (intptr_t j = first; j < last; j++) {
          const R *x = row + (j * s->stride_w + offset) * c + k;
          sum = VF(fma)(F(channels)(x, c - k), F(channels)(dy + j * c + k, c - k), sum);
        }
        F(set_channels)(to + k, F(channels)(to + k, c - k) + sum, c - k);
      }
    }
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

static void F(depthwise_back_input)(const aviary_conv2d *s, const R *dy, const R *w, R *dx) {
  if (s->n <= 0 || s->h <= 0) return;
  F(depthwise_pass) f = {s, dy, w, dx, dense_pieces(F(depthwise_work)(s), TASK_WORK, s->n * s->h, 256)};
  aviary_parallel(f.pieces, F(depthwise_back_input_task), &f);
}

/// Each task has sums of its own, which are added up in the order of the tasks.
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
