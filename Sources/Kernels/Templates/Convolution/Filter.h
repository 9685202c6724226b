// The gradient of the filters: the product of the patches and the gradient, summed over positions and images. The
// images are divided into pieces by the shape alone; each piece has its own sums, which are added in order at the end.

typedef struct F(filter_sums) {
  F(pass) p;
  const R *dy;
  R *partial;
  intptr_t pieces, size;
  bool planar;
} F(filter_sums);

/// The contribution of one image: dw (kh·kw·in_c × out_c) (+)= patchesᵀ·dy, with dy `packed` in panels or as stored.
static void F(filter_image)(
    const F(pass) * p, const R *x, intptr_t pitch, const R *dy, bool packed, R *dw, bool accumulate) {
  intptr_t places = p->out_h * p->out_w;
  F(tile) t = {
      .outer = 1, .middle = p->out_h, .depth = p->out_w, .row_stride = 1, .column_stride = p->stride_w * p->in_c,
      .a_middle = p->stride_h * pitch, .b_stride = packed ? PANEL : p->out_c, .c_stride = p->out_c,
      .accumulate = accumulate};
  t.b_middle = p->out_w * t.b_stride;
  // The rows of dw that use one run of the image: a row of the filter or, with dilation, one position of it.
  intptr_t run = p->dilation_w == 1 ? p->kw * p->in_c : p->in_c;
  intptr_t runs = p->dilation_w == 1 ? 1 : p->kw;
  intptr_t tiles = (run + TILE_ROWS - 1) / TILE_ROWS;
  for (intptr_t column = 0; column < p->out_c; column += PANEL) {
    t.columns = p->out_c - column < PANEL ? p->out_c - column : PANEL;
    t.b = packed ? dy + column * places : dy + column;
    for (intptr_t i = 0; i < p->kh * runs; i++) {
      const R *start = x + i / runs * p->dilation_h * pitch + i % runs * p->dilation_w * p->in_c;
      for (intptr_t tile = 0, row = 0, next; tile < tiles; tile++, row = next) {
        next = dense_start(run, tiles, tile + 1);
        t.a = start + row;
        t.c = dw + (i * run + row) * p->out_c + column;
        F(run_tile)(next - row, (t.columns + L - 1) / L, &t);
      }
    }
  }
}

static void F(filter_piece)(const F(filter_sums) * f, intptr_t first, intptr_t last, R *dw) {
  const F(pass) *p = &f->p;
  intptr_t height = F(touched_height)(p, p->out_h), width = F(touched_width)(p), places = p->out_h * p->out_w;
  bool padded = F(needs_padding)(p), packed = p->out_c % L != 0;
  intptr_t x_size = padded ? height * width * p->in_c : 0;
  intptr_t panels = (p->out_c + PANEL - 1) / PANEL;
  size_t size = (size_t)(x_size + (packed ? panels * PANEL * places : 0)) * sizeof(R);
  R *scratch = size ? dense_scratch(size) : NULL;
  for (intptr_t image = first; image < last; image++) {
    const R *x = p->in + image * p->in_h * p->in_w * p->in_c, *dy = f->dy + image * places * p->out_c;
    intptr_t pitch = p->in_w * p->in_c;
    if (padded) {
      F(pad_image)(x, p->in_h, p->in_w, p->in_c, -p->pad_top, -p->pad_left, height, width, scratch);
      x = scratch;
      pitch = width * p->in_c;
    }
    if (packed) {
      for (intptr_t column = 0; column < p->out_c; column += PANEL)
        F(pack_rows)(
            places, p->out_c - column < PANEL ? p->out_c - column : PANEL, dy + column, p->out_c,
            scratch + x_size + column * places, PANEL);
      dy = scratch + x_size;
    }
    F(filter_image)(p, x, pitch, dy, packed, dw, image > first);
  }
  aviary_deallocate(scratch, size);
}

/// The contribution of one image with few channels: dot products of shifted planes, dw as in_c × kh × out_c × kw.
static void F(filter_planes)(
    const F(pass) * p, const F(planes) * s, const R *x, const R *dy, R *dw, bool accumulate) {
  F(dots) t = {
      .depth = s->places, .a_stride = s->places, .b_stride = p->dilation_w, .c_stride = p->kw,
      .accumulate = accumulate};
  for (intptr_t i = 0; i < p->in_c * p->kh; i++) {
    const R *row = x + i / p->kh * s->size + i % p->kh * p->dilation_h * s->width;
    for (intptr_t o = 0; o < p->out_c; o += DOT_ROWS)
      for (intptr_t q = 0; q < p->kw; q += DOT_COLUMNS) {
        intptr_t rows = p->out_c - o < DOT_ROWS ? p->out_c - o : DOT_ROWS;
        intptr_t columns = p->kw - q < DOT_COLUMNS ? p->kw - q : DOT_COLUMNS;
        t.a = dy + o * s->places;
        t.b = row + q * p->dilation_w;
        t.c = dw + (i * p->out_c + o) * p->kw + q;
        F(dot_tile)(rows, columns, &t);
      }
  }
}

static void F(filter_planar_piece)(const F(filter_sums) * f, intptr_t first, intptr_t last, R *dw) {
  const F(pass) *p = &f->p;
  F(planes) s = F(planes_of)(p);
  intptr_t padded = p->in_c == 1 ? 0 : s.height * s.width * p->in_c;
  size_t size = (size_t)(padded + s.size * p->in_c + s.places * p->out_c + f->size) * sizeof(R);
  R *scratch = dense_scratch(size);
  R *planes = scratch + padded, *dy = planes + s.size * p->in_c, *sums = dy + s.places * p->out_c;
  memset(dy, 0, (size_t)(s.places * p->out_c) * sizeof(R));  // the positions between rows stay 0
  for (intptr_t image = first; image < last; image++) {
    F(split_image)(p, &s, image, scratch, planes);
    for (intptr_t i = 0; i < p->out_h; i++)
      F(split)(
          p->out_c, p->out_w, f->dy + (image * p->out_h + i) * p->out_w * p->out_c, dy + i * s.width, s.places);
    F(filter_planes)(p, &s, planes, dy, sums, image > first);
  }
  for (intptr_t c = 0; c < p->in_c; c++)
    for (intptr_t i = 0; i < p->kh; i++)
      for (intptr_t o = 0; o < p->out_c; o++)
        for (intptr_t q = 0; q < p->kw; q++)
          dw[((i * p->kw + q) * p->in_c + c) * p->out_c + o] = sums[((c * p->kh + i) * p->out_c + o) * p->kw + q];
  aviary_deallocate(scratch, size);
}

static void F(filter_task)(void *context, intptr_t task) {
  const F(filter_sums) *f = context;
  intptr_t first = dense_start(f->p.n, f->pieces, task), last = dense_start(f->p.n, f->pieces, task + 1);
  (f->planar ? F(filter_planar_piece) : F(filter_piece))(f, first, last, f->partial + task * f->size);
}

static void F(filter_gradient)(const aviary_conv2d *s, const R *x, const R *dy, R *dw) {
  F(filter_sums) f = {.p = F(forward_pass)(s), .dy = dy, .size = s->kh * s->kw * s->cin * s->cout};
  f.p.in = x;
  f.planar = F(planar_suits)(&f.p);
  double work = 2.0 * (double)f.size * (double)(s->n * s->oh * s->ow);
  f.pieces = dense_pieces(work, TASK_WORK + 16.0 * (double)f.size, s->n, 16);
  size_t size = (size_t)(f.pieces * f.size) * sizeof(R);
  f.partial = f.pieces == 1 ? dw : dense_scratch(size);
  aviary_parallel(f.pieces, F(filter_task), &f);
  if (f.pieces == 1) return;
  memcpy(dw, f.partial, (size_t)f.size * sizeof(R));
  for (intptr_t i = 1; i < f.pieces; i++) F(add_run)(f.size, f.partial + i * f.size, dw);
  aviary_deallocate(f.partial, size);
}
