// The gradient of the input if the direct algorithm is unsuitable (strides, padding that multiplies mostly zeros, few
// channels): the products of each position's gradient and the filters, added where patches overlap.

typedef struct F(scattering) {
  const aviary_conv2d *s;
  const R *dy, *weights;  // the filters as a cout × (kh·kw·cin) matrix
  R *dx;
  intptr_t rows;  // of the result, processed together
} F(scattering);

AVIARY_INLINE void F(add_run)(intptr_t count, const R *from, R *to) {
  intptr_t i = 0;
  for (; i + L <= count; i += L) VF(store)(to + i, VF(load)(to + i) + VF(load)(from + i));
  if (i < count)
    VF(store_partial)(to + i, VF(load_partial)(to + i, count - i) + VF(load_partial)(from + i, count - i), count - i);
}

/// Adds one position's patch of products to the image; the patch starts at (y, x).
static void F(add_patch)(const aviary_conv2d *s, const R *patch, intptr_t y, intptr_t x, R *image) {
  for (intptr_t p = 0; p < s->kh; p++, patch += s->kw * s->cin) {
    intptr_t row = y + p * s->dilation_h;
    if (row < 0 || row >= s->h) continue;
    R *to = image + row * s->w * s->cin;
    if (s->dilation_w == 1) {
      intptr_t first = x < 0 ? -x : 0, last = s->w - x < s->kw ? s->w - x : s->kw;
      if (first < last) F(add_run)((last - first) * s->cin, patch + first * s->cin, to + (x + first) * s->cin);
      continue;
    }
    for (intptr_t q = 0; q < s->kw; q++) {
      intptr_t column = x + q * s->dilation_w;
      if (column >= 0 && column < s->w) F(add_run)(s->cin, patch + q * s->cin, to + column * s->cin);
    }
  }
}

static void F(scatter_image)(void *context, intptr_t image) {
  const F(scattering) *f = context;
  const aviary_conv2d *s = f->s;
  intptr_t depth = s->kh * s->kw * s->cin;
  size_t size = (size_t)(f->rows * s->ow * depth) * sizeof(R);
  R *patches = dense_scratch(size);
  R *dx = f->dx + image * s->h * s->w * s->cin;
  memset(dx, 0, (size_t)(s->h * s->w * s->cin) * sizeof(R));
  for (intptr_t first = 0; first < s->oh; first += f->rows) {
    intptr_t last = first + f->rows < s->oh ? first + f->rows : s->oh;
    F(product) q = {
        .m = (last - first) * s->ow, .n = depth, .k = s->cout, .lda = s->cout, .b = f->weights, .ldb = depth,
        .c = patches, .ldc = depth};
    q.a = f->dy + (image * s->oh + first) * s->ow * s->cout;
    F(gemm)(&q);
    for (intptr_t i = first; i < last; i++)
      for (intptr_t j = 0; j < s->ow; j++)
        F(add_patch)(
            s, patches + ((i - first) * s->ow + j) * depth, i * s->stride_h - s->pad_top,
            j * s->stride_w - s->pad_left, dx);
  }
  aviary_deallocate(patches, size);
}

static void F(scatter)(const aviary_conv2d *s, const R *dy, const R *w, R *dx) {
  intptr_t depth = s->kh * s->kw * s->cin;
  size_t size = (size_t)(depth * s->cout) * sizeof(R);
  R *weights = dense_scratch(size);
  F(pack_columns)(s->cout, depth, w, s->cout, weights, depth, depth);
  F(scattering) f = {.s = s, .dy = dy, .weights = weights, .dx = dx};
  f.rows = 65536 / (s->ow * depth) < 1 ? 1 : 65536 / (s->ow * depth);
  if (f.rows > s->oh) f.rows = s->oh;
  aviary_parallel(s->n, F(scatter_image), &f);
  aviary_deallocate(weights, size);
}
