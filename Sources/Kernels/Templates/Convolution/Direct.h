// Convolution as a product of the image's patches, read in place, and the filters: a tile is some neighboring
// positions of the result by some of its channels.

/// The size of the filters when packed in panels.
static inline intptr_t F(direct_weights)(const F(pass) * p) {
  return (p->out_c + PANEL - 1) / PANEL * PANEL * p->kh * p->kw * p->in_c;
}

/// Packs filters as stored (in_c × out_c at each position) into panels.
static void F(pack_filters)(const F(pass) * p, const R *w, R *to) {
  intptr_t depth = p->kh * p->kw * p->in_c;
  for (intptr_t column = 0; column < p->out_c; column += PANEL) {
    intptr_t columns = p->out_c - column < PANEL ? p->out_c - column : PANEL;
    F(pack_rows)(depth, columns, w + column, p->out_c, to + column * depth, PANEL);
  }
}

/// Packs filters as stored by the forward pass (out_c × in_c at each position), flipped, into panels.
static void F(pack_turned_filters)(const F(pass) * p, const R *w, R *to) {
  intptr_t places = p->kh * p->kw, depth = places * p->in_c;
  for (intptr_t column = 0; column < p->out_c; column += PANEL) {
    intptr_t columns = p->out_c - column < PANEL ? p->out_c - column : PANEL;
    for (intptr_t place = 0; place < places; place++)
      F(pack_columns)(
          p->in_c, columns, w + ((places - 1 - place) * p->out_c + column) * p->in_c, p->in_c,
          to + column * depth + place * p->in_c * PANEL, PANEL, PANEL);
  }
}

/// The loops over the filter's positions, for image rows of `pitch` numbers.
static F(tile) F(direct_tile)(const F(pass) * p, intptr_t pitch) {
  F(tile) t = {.row_stride = p->stride_w * p->in_c, .column_stride = 1, .b_stride = PANEL, .c_stride = p->out_c};
  if (p->dilation_w == 1) {  // a row of the filter meets one run of the image
    t.outer = 1;
    t.middle = p->kh;
    t.depth = p->kw * p->in_c;
    t.a_middle = p->dilation_h * pitch;
  } else {
    t.outer = p->kh;
    t.middle = p->kw;
    t.depth = p->in_c;
    t.a_outer = p->dilation_h * pitch;
    t.a_middle = p->dilation_w * p->in_c;
  }
  t.b_middle = t.depth * PANEL;
  t.b_outer = t.middle * t.b_middle;
  return t;
}

/// Computes rows `first` to `last` of the result for image `image`.
static void F(direct_band)(const F(pass) * p, intptr_t image, intptr_t first, intptr_t last, R *scratch) {
  intptr_t y = first * p->stride_h - p->pad_top, width = F(touched_width)(p), pitch = p->in_w * p->in_c;
  const R *in = p->in + image * p->in_h * pitch;
  const R *start = in + y * pitch - p->pad_left * p->in_c;
  if (scratch) {
    F(pad_image)(
        in, p->in_h, p->in_w, p->in_c, y, -p->pad_left, F(touched_height)(p, last - first), width, scratch);
    start = scratch;
    pitch = width * p->in_c;
  }
  F(tile) t = F(direct_tile)(p, pitch);
  intptr_t depth = p->kh * p->kw * p->in_c, tiles = (p->out_w + TILE_ROWS - 1) / TILE_ROWS;
  for (intptr_t column = 0; column < p->out_c; column += PANEL) {
    t.columns = p->out_c - column < PANEL ? p->out_c - column : PANEL;
    t.b = p->weights + column * depth;
    const R *bias = p->bias ? p->bias + column : NULL;
    bool finish = F(set_finish)(&t, p->activation, p->slope, bias);
    for (intptr_t i = first; i < last; i++) {
      R *out = p->out + (image * p->out_h + i) * p->out_w * p->out_c + column;
      for (intptr_t tile = 0, j = 0, next; tile < tiles; tile++, j = next) {
        next = dense_start(p->out_w, tiles, tile + 1);
        t.a = start + (i - first) * p->stride_h * pitch + j * p->stride_w * p->in_c;
        t.c = out + j * p->out_c;
        F(run_tile)(next - j, (t.columns + L - 1) / L, &t);
        if (finish) F(finish)(p->activation, p->slope, next - j, t.columns, t.c, p->out_c, bias);
      }
    }
  }
}

static void F(direct_task)(void *context, intptr_t task) {
  const F(pass) *p = context;
  intptr_t first_image = task / p->bands * p->group, band = task % p->bands;
  intptr_t last_image = first_image + p->group < p->n ? first_image + p->group : p->n;
  intptr_t first = dense_start(p->out_h, p->bands, band), last = dense_start(p->out_h, p->bands, band + 1);
  size_t size = (size_t)(F(touched_height)(p, last - first) * F(touched_width)(p) * p->in_c) * sizeof(R);
  R *scratch = F(needs_padding)(p) ? dense_scratch(size) : NULL;
  for (intptr_t image = first_image; image < last_image; image++) F(direct_band)(p, image, first, last, scratch);
  aviary_deallocate(scratch, size);
}

/// Runs a pass with filters packed by `pack`.
static void F(direct)(F(pass) * p, const R *w, void (*pack)(const F(pass) *, const R *, R *)) {
  size_t size = (size_t)F(direct_weights)(p) * sizeof(R);
  R *weights = dense_scratch(size);
  pack(p, w, weights);
  p->weights = weights;
  F(share_out)(p);
  aviary_parallel((p->n + p->group - 1) / p->group * p->bands, F(direct_task), p);
  aviary_deallocate(weights, size);
}
