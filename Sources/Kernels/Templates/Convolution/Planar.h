// Convolution to few channels, with strides of 1. A vector holds neighboring positions instead of channels: the image
// is split into padded planes, and a whole plane of results, with its rows joined, is one row of a matrix product. The
// results between rows are computed and discarded.

static inline bool F(planar_suits)(const F(pass) * p) {
  return p->out_c <= L / 2 && p->out_c <= 8 && p->stride_h == 1 && p->stride_w == 1;
}

typedef struct F(planes) {
  intptr_t height, width, size;   // of a padded plane; size leaves room for whole vectors at its end
  intptr_t places, rounded;       // results of a plane, rows joined
} F(planes);

static F(planes) F(planes_of)(const F(pass) * p) {
  F(planes) s = {.height = F(touched_height)(p, p->out_h), .width = F(touched_width)(p)};
  s.places = (p->out_h - 1) * s.width + p->out_w;
  s.rounded = (s.places + WIDE_VECTORS * L - 1) / (WIDE_VECTORS * L) * (WIDE_VECTORS * L);
  s.size = s.height * s.width + WIDE_VECTORS * L;
  return s;
}

/// Splits an image into padded planes.
static void F(split_image)(const F(pass) * p, const F(planes) * s, intptr_t image, R *padded, R *planes) {
  const R *in = p->in + image * p->in_h * p->in_w * p->in_c;
  R *to = p->in_c == 1 ? planes : padded;
  F(pad_image)(in, p->in_h, p->in_w, p->in_c, -p->pad_top, -p->pad_left, s->height, s->width, to);
  if (p->in_c > 1) F(split)(p->in_c, s->height * s->width, padded, planes, s->size);
}

/// plane = f(plane + bias).
static void F(finish_plane)(const F(pass) * p, intptr_t channel, intptr_t count, R *plane) {
  if (p->bias) {
    V bias = VF(set)(p->bias[channel]);
    for (intptr_t i = 0; i < count; i += L) VF(store)(plane + i, VF(load)(plane + i) + bias);
  }
  F(finish)(p->activation, p->slope, 1, count, plane, count, NULL);
}

static void F(planar_image)(const F(pass) * p, const F(planes) * s, intptr_t image, R *padded, R *planes, R *results) {
  F(split_image)(p, s, image, padded, planes);
  intptr_t vectors = p->out_c <= WIDE_ROWS ? WIDE_VECTORS : TILE_VECTORS;
  F(tile) t = {
      .outer = p->in_c, .middle = p->kh, .depth = p->kw, .a = p->weights, .row_stride = 1, .column_stride = p->out_c,
      .a_middle = p->kw * p->out_c, .a_outer = p->kh * p->kw * p->out_c, .b_stride = p->dilation_w,
      .b_middle = p->dilation_h * s->width, .b_outer = s->size, .c_stride = s->rounded, .columns = vectors * L};
  for (intptr_t i = 0; i < s->places; i += vectors * L) {
    t.b = planes + i;
    t.c = results + i;
    F(run_tile)(p->out_c, vectors, &t);
  }
  for (intptr_t c = 0; c < p->out_c; c++) F(finish_plane)(p, c, s->rounded, results + c * s->rounded);
  R *out = p->out + image * p->out_h * p->out_w * p->out_c;
  for (intptr_t i = 0; i < p->out_h; i++)
    F(interleave)(p->out_c, p->out_w, results + i * s->width, s->rounded, out + i * p->out_w * p->out_c);
}

static void F(planar_task)(void *context, intptr_t task) {
  const F(pass) *p = context;
  F(planes) s = F(planes_of)(p);
  intptr_t first = task * p->group, last = first + p->group < p->n ? first + p->group : p->n;
  intptr_t padded = p->in_c == 1 ? 0 : s.height * s.width * p->in_c;
  size_t size = (size_t)(padded + s.size * p->in_c + s.rounded * p->out_c) * sizeof(R);
  R *scratch = dense_scratch(size);
  R *planes = scratch + padded, *results = planes + s.size * p->in_c;
  for (intptr_t c = 0; c < p->in_c; c++)  // read by the last vectors of a plane
    memset(planes + (c + 1) * s.size - WIDE_VECTORS * L, 0, WIDE_VECTORS * L * sizeof(R));
  for (intptr_t image = first; image < last; image++) F(planar_image)(p, &s, image, scratch, planes, results);
  aviary_deallocate(scratch, size);
}

/// Runs a pass. `w` holds the filters as stored for the forward pass; `turned` selects the backward pass.
static void F(planar)(F(pass) * p, const R *w, bool turned) {
  intptr_t places = p->kh * p->kw;
  size_t size = (size_t)(places * p->in_c * p->out_c) * sizeof(R);
  R *weights = dense_scratch(size);
  for (intptr_t c = 0; c < p->in_c; c++)
    for (intptr_t place = 0; place < places; place++)
      for (intptr_t o = 0; o < p->out_c; o++)
        weights[(c * places + place) * p->out_c + o] = turned
            ? w[((places - 1 - place) * p->out_c + o) * p->in_c + c]
            : w[(place * p->in_c + c) * p->out_c + o];
  p->weights = weights;
  F(share_out)(p);
  aviary_parallel((p->n + p->group - 1) / p->group, F(planar_task), p);
  aviary_deallocate(weights, size);
}
