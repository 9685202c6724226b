// Average pooling: adds the sums of a window's rows, channel by channel.

typedef struct F(mean_pooling) {
  const aviary_pool2d *s;
  bool count_padding;
  const R *from;
  R *to;
  intptr_t pieces;
} F(mean_pooling);

/// The part of a window inside the image, and the divisor.
typedef struct F(mean_window) {
  intptr_t top, bottom, left, right;
  R scale;
} F(mean_window);

static inline F(mean_window) F(window_at)(const F(mean_pooling) * f, intptr_t i, intptr_t j) {
  const aviary_pool2d *s = f->s;
  intptr_t y = i * s->stride_h - s->pad_top, x = j * s->stride_w - s->pad_left;
  F(mean_window) w = {.top = y < 0 ? 0 : y, .left = x < 0 ? 0 : x};
  w.bottom = y + s->kh < s->h ? y + s->kh : s->h;
  w.right = x + s->kw < s->w ? x + s->kw : s->w;
  intptr_t inside = w.bottom > w.top && w.right > w.left ? (w.bottom - w.top) * (w.right - w.left) : 0;
  w.scale = inside == 0 ? 0 : 1 / (R)(f->count_padding ? s->kh * s->kw : inside);
  return w;
}

/// Computes rows of the result, over all images.
static void F(mean_task)(void *context, intptr_t task) {
  const F(mean_pooling) *f = context;
  const aviary_pool2d *s = f->s;
  const intptr_t last = dense_start(s->n * s->oh, f->pieces, task + 1);
  for (intptr_t row = dense_start(s->n * s->oh, f->pieces, task); row < last; row++) {
    const R *x = f->from + row / s->oh * s->h * s->w * s->c;
    for (intptr_t j = 0; j < s->ow; j++) {
      F(mean_window) w = F(window_at)(f, row % s->oh, j);
      R *y = f->to + (row * s->ow + j) * s->c;
      for (intptr_t c = 0; c < s->c; c++) y[c] = 0;
      for (intptr_t p = w.top; p < w.bottom; p++)
        for (intptr_t q = w.left; q < w.right; q++)
          for (intptr_t c = 0; c < s->c; c++) y[c] += x[(p * s->w + q) * s->c + c];
      for (intptr_t c = 0; c < s->c; c++) y[c] *= w.scale;
    }
  }
}

/// Computes rows of dx, over all images: each gets its share of the windows that contain it, in their order.
static void F(mean_back_task)(void *context, intptr_t task) {
  const F(mean_pooling) *f = context;
  const aviary_pool2d *s = f->s;
  const intptr_t last = dense_start(s->n * s->h, f->pieces, task + 1);
  for (intptr_t row = dense_start(s->n * s->h, f->pieces, task); row < last; row++) {
    const intptr_t p = row % s->h, after = p + s->pad_top - s->kh;
    const R *dy = f->from + row / s->h * s->oh * s->ow * s->c;
    R *dx = f->to + row * s->w * s->c;
    memset(dx, 0, (size_t)(s->w * s->c) * sizeof(R));
    for (intptr_t i = after < 0 ? 0 : after / s->stride_h + 1; i < s->oh && i * s->stride_h - s->pad_top <= p; i++)
      for (intptr_t j = 0; j < s->ow; j++) {
        F(mean_window) w = F(window_at)(f, i, j);
        const R *g = dy + (i * s->ow + j) * s->c;
        for (intptr_t q = w.left; q < w.right; q++)
          for (intptr_t c = 0; c < s->c; c++) dx[q * s->c + c] += g[c] * w.scale;
      }
  }
}

/// The number of tasks, so that each has about 32768 numbers of the images or of their windows.
static inline intptr_t F(mean_pieces)(const aviary_pool2d *s, intptr_t rows) {
  const double images = (double)(s->h * s->w), windows = (double)(s->oh * s->ow) * (double)(s->kh * s->kw);
  return dense_pieces((double)(s->n * s->c) * (images > windows ? images : windows), 32768, rows, 256);
}

static void F(mean_pool)(const aviary_pool2d *s, bool count_padding, const R *x, R *y) {
  if (s->n <= 0 || s->oh <= 0 || s->c <= 0) return;
  F(mean_pooling) f = {s, count_padding, x, y, F(mean_pieces)(s, s->n * s->oh)};
  aviary_parallel(f.pieces, F(mean_task), &f);
}

static void F(mean_pool_back)(const aviary_pool2d *s, bool count_padding, const R *dy, R *dx) {
  if (s->n <= 0 || s->h <= 0 || s->c <= 0) return;
  F(mean_pooling) f = {s, count_padding, dy, dx, F(mean_pieces)(s, s->n * s->h)};
  aviary_parallel(f.pieces, F(mean_back_task), &f);
}
