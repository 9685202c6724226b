// Average pooling: the sums of the rows of a window are added up, channel by channel.

typedef struct F(mean_pooling) {
  const aviary_pool2d *s;
  bool count_padding;
  const R *from;
  R *to;
  intptr_t group;
} F(mean_pooling);

/// The part of a window that lies inside the image, and the number to divide by.
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

static void F(mean_task)(void *context, intptr_t task) {
  const F(mean_pooling) *f = context;
  const aviary_pool2d *s = f->s;
  intptr_t first = task * f->group, last = first + f->group < s->n ? first + f->group : s->n;
  for (intptr_t image = first; image < last; image++)
    for (intptr_t i = 0; i < s->oh; i++)
      for (intptr_t j = 0; j < s->ow; j++) {
        F(mean_window) w = F(window_at)(f, i, j);
        const R *x = f->from + image * s->h * s->w * s->c;
        R *y = f->to + ((image * s->oh + i) * s->ow + j) * s->c;
        for (intptr_t c = 0; c < s->c; c++) y[c] = 0;
        for (intptr_t p = w.top; p < w.bottom; p++)
          for (intptr_t q = w.left; q < w.right; q++)
            for (intptr_t c = 0; c < s->c; c++) y[c] += x[(p * s->w + q) * s->c + c];
        for (intptr_t c = 0; c < s->c; c++) y[c] *= w.scale;
      }
}

static void F(mean_back_task)(void *context, intptr_t task) {
  const F(mean_pooling) *f = context;
  const aviary_pool2d *s = f->s;
  intptr_t first = task * f->group, last = first + f->group < s->n ? first + f->group : s->n;
  for (intptr_t image = first; image < last; image++) {
    R *dx = f->to + image * s->h * s->w * s->c;
    memset(dx, 0, (size_t)(s->h * s->w * s->c) * sizeof(R));
    for (intptr_t i = 0; i < s->oh; i++)
      for (intptr_t j = 0; j < s->ow; j++) {
        F(mean_window) w = F(window_at)(f, i, j);
        const R *dy = f->from + ((image * s->oh + i) * s->ow + j) * s->c;
        for (intptr_t p = w.top; p < w.bottom; p++)
          for (intptr_t q = w.left; q < w.right; q++)
            for (intptr_t c = 0; c < s->c; c++) dx[(p * s->w + q) * s->c + c] += dy[c] * w.scale;
      }
  }
}

static void F(mean_pool)(const aviary_pool2d *s, bool count_padding, const R *x, R *y) {
  if (s->n <= 0 || s->c <= 0) return;
  F(mean_pooling) f = {s, count_padding, x, y, F(pool_group)(s)};
  aviary_parallel((s->n + f.group - 1) / f.group, F(mean_task), &f);
}

static void F(mean_pool_back)(const aviary_pool2d *s, bool count_padding, const R *dy, R *dx) {
  if (s->n <= 0 || s->c <= 0) return;
  F(mean_pooling) f = {s, count_padding, dy, dx, F(pool_group)(s)};
  aviary_parallel((s->n + f.group - 1) / f.group, F(mean_back_task), &f);
}
