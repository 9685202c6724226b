// Max pooling. Few channels are processed as runs along the row: the maxima of windows at every position are computed
// at full width, and those that the stride selects are picked.

typedef struct F(max_pooling) {
  const aviary_pool2d *s;
  const R *x;
  R *y;
  int32_t *argmax;
  const R *dy;
  const int32_t *winners;
  R *dx;
  intptr_t group;  // images per task
} F(max_pooling);

/// Computes one window at any position, channel by channel. The first of equal values wins, and the first NaN wins over
/// everything.
static void F(max_window)(const aviary_pool2d *s, const R *image, intptr_t y, intptr_t x, R *out, int32_t *argmax) {
  for (intptr_t c = 0; c < s->c; c++) {
    R best = -(R)INFINITY;
    intptr_t at = -1;
    for (intptr_t p = y < 0 ? 0 : y; p < y + s->kh && p < s->h; p++)
      for (intptr_t q = x < 0 ? 0 : x; q < x + s->kw && q < s->w; q++) {
        R value = image[(p * s->w + q) * s->c + c];
        if (at < 0 || value > best || (value != value && best == best)) {
          best = value;
          at = p * s->w + q;
        }
      }
    out[c] = best;
    if (argmax) argmax[c] = (int32_t)at;
  }
}

typedef int32_t F(index_vector) __attribute__((ext_vector_type(AVIARY_VECTOR_BYTES / sizeof(R))));

AVIARY_INLINE void F(max_vector)(
    const intptr_t kh, const intptr_t kw, intptr_t pitch, intptr_t w, intptr_t c, intptr_t there, const R *x, R *y,
    int32_t *codes) {
  V best = there == L ? VF(load)(x) : VF(load_partial)(x, there);
  VI code = (VI)(0);
  for (intptr_t p = 0; p < kh; p++)
    for (intptr_t q = p == 0; q < kw; q++) {
      const R *from = x + p * pitch + q * c;
      V value = there == L ? VF(load)(from) : VF(load_partial)(from, there);
      VI wins = (value > best) | ((value != value) & (best == best));
      best = wins ? value : best;
      code = wins ? (VI)(p * w + q) : code;
    }
  F(index_vector) narrow = __builtin_convertvector(code, F(index_vector));
  if (there == L) {
    VF(store)(y, best);
    if (codes) memcpy(codes, &narrow, sizeof narrow);
  } else {
    VF(store_partial)(y, best, there);
    if (codes) memcpy(codes, &narrow, (size_t)there * sizeof(int32_t));
  }
}

/// The maxima of windows inside the image: y[t] over x[t + (p·w + q)·c]; codes[t] = p·w + q of the winner.
AVIARY_INLINE void F(max_run_of)(
    const intptr_t kh, const intptr_t kw, intptr_t w, intptr_t c, intptr_t count, const R *x, R *y, int32_t *codes) {
  intptr_t t = 0;
  for (; t + L <= count; t += L) F(max_vector)(kh, kw, w * c, w, c, L, x + t, y + t, codes ? codes + t : NULL);
  if (t < count) F(max_vector)(kh, kw, w * c, w, c, count - t, x + t, y + t, codes ? codes + t : NULL);
}

static void F(max_run)(const aviary_pool2d *s, intptr_t count, const R *x, R *y, int32_t *codes) {
  if (s->kh == 2 && s->kw == 2)
    F(max_run_of)(2, 2, s->w, s->c, count, x, y, codes);
  else
    F(max_run_of)(s->kh, s->kw, s->w, s->c, count, x, y, codes);
}

/// Picks every `stride`-th position of runs of c numbers.
AVIARY_INLINE void F(pick)(
    intptr_t c, intptr_t places, intptr_t stride, intptr_t base, const R *from, const int32_t *codes, R *y,
    int32_t *argmax) {
  for (intptr_t j = 0; j < places; j++)
    for (intptr_t i = 0; i < c; i++) y[j * c + i] = from[j * stride * c + i];
  if (!argmax) return;
  for (intptr_t j = 0; j < places; j++)
    for (intptr_t i = 0; i < c; i++)
      argmax[j * c + i] = codes[j * stride * c + i] + (int32_t)(base + j * stride);
}

/// Computes `places` windows inside the image, the first at (y, x).
static void F(max_inside)(
    const aviary_pool2d *s, const R *image, intptr_t y, intptr_t x, intptr_t places, R *out, int32_t *argmax, R *values,
    int32_t *codes) {
  const R *from = image + (y * s->w + x) * s->c;
  intptr_t base = y * s->w + x;
  if (s->c >= L) {
    for (intptr_t j = 0; j < places; j++) {
      int32_t *at = argmax ? argmax + j * s->c : NULL;
      F(max_run)(s, s->c, from + j * s->stride_w * s->c, out + j * s->c, at);
      for (intptr_t i = 0; at && i < s->c; i++) at[i] += (int32_t)(base + j * s->stride_w);
    }
    return;
  }
  F(max_run)(s, ((places - 1) * s->stride_w + 1) * s->c, from, values, argmax ? codes : NULL);
  switch (s->c) {
    case 1: F(pick)(1, places, s->stride_w, base, values, codes, out, argmax); break;
    case 2: F(pick)(2, places, s->stride_w, base, values, codes, out, argmax); break;
    case 4: F(pick)(4, places, s->stride_w, base, values, codes, out, argmax); break;
    default: F(pick)(s->c, places, s->stride_w, base, values, codes, out, argmax);
  }
}

static void F(max_image)(const F(max_pooling) * f, intptr_t image, R *values, int32_t *codes) {
  const aviary_pool2d *s = f->s;
  const R *x = f->x + image * s->h * s->w * s->c;
  // The columns of windows entirely inside the image: first_inside to last_inside.
  intptr_t first_inside = (s->pad_left + s->stride_w - 1) / s->stride_w;
  intptr_t last_inside = s->w + s->pad_left < s->kw ? 0 : (s->w + s->pad_left - s->kw) / s->stride_w + 1;
  if (first_inside > s->ow) first_inside = s->ow;
  if (last_inside > s->ow) last_inside = s->ow;
  for (intptr_t i = 0; i < s->oh; i++) {
    intptr_t row = i * s->stride_h - s->pad_top;
    bool inside = row >= 0 && row + s->kh <= s->h && first_inside < last_inside && s->kh > 0 && s->kw > 0;
    R *y = f->y + (image * s->oh + i) * s->ow * s->c;
    int32_t *argmax = f->argmax ? f->argmax + (image * s->oh + i) * s->ow * s->c : NULL;
    for (intptr_t j = 0; j < s->ow; j++) {
      if (inside && j == first_inside) {
        F(max_inside)(
            s, x, row, j * s->stride_w - s->pad_left, last_inside - j, y + j * s->c, argmax ? argmax + j * s->c : NULL,
            values, codes);
        j = last_inside - 1;
        continue;
      }
      F(max_window)(s, x, row, j * s->stride_w - s->pad_left, y + j * s->c, argmax ? argmax + j * s->c : NULL);
    }
  }
}

static void F(max_task)(void *context, intptr_t task) {
  const F(max_pooling) *f = context;
  intptr_t first = task * f->group, last = first + f->group < f->s->n ? first + f->group : f->s->n;
  size_t row = (size_t)(f->s->w * f->s->c), size = row * (sizeof(R) + sizeof(int32_t));
  R *values = dense_scratch(size);
  for (intptr_t image = first; image < last; image++) F(max_image)(f, image, values, (int32_t *)(values + row));
  aviary_deallocate(values, size);
}

/// The number of images per task, so that a task has enough work.
static inline intptr_t F(pool_group)(const aviary_pool2d *s) {
  intptr_t work = s->h * s->w * s->c;
  return work >= 32768 ? 1 : 32768 / (work < 1 ? 1 : work);
}

static void F(max_pool)(const aviary_pool2d *s, const R *x, R *y, int32_t *argmax) {
  if (s->n <= 0 || s->oh <= 0 || s->ow <= 0 || s->c <= 0) return;
  F(max_pooling) f = {.s = s, .x = x, .y = y, .argmax = argmax, .group = F(pool_group)(s)};
  aviary_parallel((s->n + f.group - 1) / f.group, F(max_task), &f);
}

/// If windows neither overlap nor leave the image, each position belongs to one window, and dx is written in one pass.
static void F(max_back_row)(
    const aviary_pool2d *s, intptr_t row, const R *dy, const int32_t *winners, R *dx, const int32_t *places) {
  for (intptr_t p = 0; p < s->kh; p++) {
    R *to = dx + (row + p) * s->w * s->c;
    VI base = (VI)((row + p) * s->w);
    for (intptr_t t = 0; t < s->ow * s->kw * s->c; t += L) {
      intptr_t there = s->ow * s->kw * s->c - t < L ? s->ow * s->kw * s->c - t : L;
      F(index_vector) winner, place;
      memcpy(&winner, winners + t, sizeof winner);
      memcpy(&place, places + t, sizeof place);
      VI won = __builtin_convertvector(winner, VI) == __builtin_convertvector(place, VI) + base;
      VF(store_partial)(to + t, won ? VF(load)(dy + t) : VF(set)(0), there);
    }
    memset(to + s->ow * s->kw * s->c, 0, (size_t)((s->w - s->ow * s->kw) * s->c) * sizeof(R));
  }
}

/// Repeats the c numbers of a position for each of the `times` positions that its window covers.
AVIARY_INLINE void F(spread)(
    intptr_t c, intptr_t windows, intptr_t times, const R *dy, const int32_t *winners, R *to, int32_t *to_winners) {
  for (intptr_t j = 0; j < windows; j++)
    for (intptr_t q = 0; q < times; q++)
      for (intptr_t i = 0; i < c; i++) {
        to[(j * times + q) * c + i] = dy[j * c + i];
        to_winners[(j * times + q) * c + i] = winners[j * c + i];
      }
}

static void F(max_back_tiles)(const F(max_pooling) * f, intptr_t first, intptr_t last) {
  const aviary_pool2d *s = f->s;
  intptr_t row = s->ow * s->kw * s->c, room = row + L;
  size_t size = (size_t)room * (sizeof(R) + 2 * sizeof(int32_t));
  R *spread = dense_scratch(size);
  memset(spread, 0, size);
  int32_t *winners = (int32_t *)(spread + room), *places = winners + room;
  for (intptr_t t = 0; t < row; t++) places[t] = (int32_t)(t / s->c);
  for (intptr_t image = first; image < last; image++) {
    R *dx = f->dx + image * s->h * s->w * s->c;
    for (intptr_t i = 0; i < s->oh; i++) {
      intptr_t at = (image * s->oh + i) * s->ow * s->c;
      switch (s->c) {
        case 1: F(spread)(1, s->ow, s->kw, f->dy + at, f->winners + at, spread, winners); break;
        case 4: F(spread)(4, s->ow, s->kw, f->dy + at, f->winners + at, spread, winners); break;
        default: F(spread)(s->c, s->ow, s->kw, f->dy + at, f->winners + at, spread, winners);
      }
      F(max_back_row)(s, i * s->kh, spread, winners, dx, places);
    }
    memset(dx + s->oh * s->kh * s->w * s->c, 0, (size_t)((s->h - s->oh * s->kh) * s->w * s->c) * sizeof(R));
  }
  aviary_deallocate(spread, size);
}

static void F(max_back_task)(void *context, intptr_t task) {
  const F(max_pooling) *f = context;
  const aviary_pool2d *s = f->s;
  intptr_t first = task * f->group, last = first + f->group < s->n ? first + f->group : s->n;
  bool tiles = s->stride_h == s->kh && s->stride_w == s->kw && s->pad_top == 0 && s->pad_left == 0 &&
               s->oh * s->kh <= s->h && s->ow * s->kw <= s->w;
  if (tiles) {
    F(max_back_tiles)(f, first, last);
    return;
  }
  for (intptr_t image = first; image < last; image++) {
    R *dx = f->dx + image * s->h * s->w * s->c;
    memset(dx, 0, (size_t)(s->h * s->w * s->c) * sizeof(R));
    for (intptr_t i = 0; i < s->oh * s->ow; i++) {
      intptr_t at = (image * s->oh * s->ow + i) * s->c;
      for (intptr_t c = 0; c < s->c; c++)
        if (f->winners[at + c] >= 0) dx[f->winners[at + c] * s->c + c] += f->dy[at + c];
    }
  }
}

static void F(max_pool_back)(const aviary_pool2d *s, const R *dy, const int32_t *argmax, R *dx) {
  if (s->n <= 0 || s->h <= 0 || s->w <= 0 || s->c <= 0) return;
  F(max_pooling) f = {.s = s, .dy = dy, .winners = argmax, .dx = dx, .group = F(pool_group)(s)};
  aviary_parallel((s->n + f.group - 1) / f.group, F(max_back_task), &f);
}
