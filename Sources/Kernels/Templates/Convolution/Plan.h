// Shared by the convolution algorithms: the part of an image that some rows of the result need, with explicit padding.

/// A convolution of `in_c` planes to `out_c` for one of the passes: forward, or backward to the input. In the latter,
/// the result's gradient is the input, and paddings may be negative (for unused rows and columns).
typedef struct F(pass) {
  intptr_t n, in_h, in_w, in_c, out_h, out_w, out_c;
  intptr_t kh, kw, stride_h, stride_w, pad_top, pad_left, dilation_h, dilation_w;
  const R *in;
  R *out;
  const R *bias;
  aviary_activation activation;
  double slope;
  const R *weights;  // in the order of the chosen algorithm
  intptr_t group;    // images per task
  intptr_t bands;    // or parts per image, if there are few images
} F(pass);

static F(pass) F(forward_pass)(const aviary_conv2d *s) {
  return (F(pass)){
      .n = s->n, .in_h = s->h, .in_w = s->w, .in_c = s->cin, .out_h = s->oh, .out_w = s->ow, .out_c = s->cout,
      .kh = s->kh, .kw = s->kw, .stride_h = s->stride_h, .stride_w = s->stride_w, .pad_top = s->pad_top,
      .pad_left = s->pad_left, .dilation_h = s->dilation_h, .dilation_w = s->dilation_w};
}

/// The columns of the input used by the whole width of the result, including padding.
static inline intptr_t F(touched_width)(const F(pass) * p) {
  return (p->out_w - 1) * p->stride_w + (p->kw - 1) * p->dilation_w + 1;
}

static inline intptr_t F(touched_height)(const F(pass) * p, intptr_t rows) {
  return (rows - 1) * p->stride_h + (p->kh - 1) * p->dilation_h + 1;
}

static inline bool F(needs_padding)(const F(pass) * p) {
  return p->pad_top != 0 || p->pad_left != 0 || F(touched_height)(p, p->out_h) > p->in_h ||
         F(touched_width)(p) > p->in_w;
}

/// Copies `rows` × `width` positions of an image to `to` without gaps, beginning at (y, x); positions outside become 0.
static void F(pad_image)(
    const R *image, intptr_t h, intptr_t w, intptr_t c, intptr_t y, intptr_t x, intptr_t rows, intptr_t width, R *to) {
  intptr_t left = x < 0 ? -x : 0;
  if (left > width) left = width;
  intptr_t inside = w - (x + left);
  if (inside > width - left) inside = width - left;
  if (inside < 0) inside = 0;
  for (intptr_t i = 0; i < rows; i++, to += width * c) {
    bool there = y + i >= 0 && y + i < h && inside > 0;
    intptr_t before = there ? left * c : width * c, count = there ? inside * c : 0;
    memset(to, 0, (size_t)before * sizeof(R));
    if (!there) continue;
    memcpy(to + before, image + ((y + i) * w + x + left) * c, (size_t)count * sizeof(R));
    memset(to + before + count, 0, (size_t)(width * c - before - count) * sizeof(R));
  }
}

/// Divides the work into tasks: groups of small images, or bands of large ones.
static void F(share_out)(F(pass) * p) {
  double image = 2.0 * (double)p->out_h * (double)p->out_w * (double)p->out_c * (double)p->in_c * (double)p->kh *
                 (double)p->kw;
  p->bands = 1;
  p->group = 1;
  if (p->n < 16)
    p->bands = dense_pieces(image, TASK_WORK, p->out_h, (32 + p->n - 1) / p->n);
  else if (image < TASK_WORK)
    p->group = p->n / dense_pieces(image * (double)p->n, TASK_WORK, p->n, p->n);
}
