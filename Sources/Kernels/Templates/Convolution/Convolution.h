// Chooses the algorithm for a convolution and its gradients by shape alone.

static void F(convolve)(
    const aviary_conv2d *s, const R *x, const R *w, const R *bias, aviary_activation activation, double slope, R *y) {
  if (s->n <= 0 || s->oh <= 0 || s->ow <= 0 || s->cout <= 0) return;
  F(pass) p = F(forward_pass)(s);
  p.in = x;
  p.out = y;
  p.bias = bias;
  p.activation = activation;
  p.slope = slope;
  bool pointwise = s->kh == 1 && s->kw == 1 && s->stride_h == 1 && s->stride_w == 1 && !F(needs_padding)(&p) &&
                   s->oh == s->h && s->ow == s->w;
  if (pointwise || s->cin <= 0 || s->kh <= 0 || s->kw <= 0) {
    F(product) q = {
        .m = s->n * s->oh * s->ow, .n = s->cout, .k = pointwise ? s->cin : 0, .a = x, .lda = s->cin, .b = w,
        .ldb = s->cout, .c = y, .ldc = s->cout, .options = {.activation = activation, .slope = slope, .bias = bias}};
    F(gemm)(&q);
  } else if (F(planar_suits)(&p)) {
    F(planar)(&p, w, false);
  } else {
    F(direct)(&p, w, F(pack_filters));
  }
}

static void F(convolve_back_input)(const aviary_conv2d *s, const R *dy, const R *w, R *dx) {
  intptr_t image = s->h * s->w * s->cin;
  if (s->n <= 0 || image <= 0) return;
  if (s->oh <= 0 || s->ow <= 0 || s->cout <= 0 || s->kh <= 0 || s->kw <= 0) {
    memset(dx, 0, (size_t)(s->n * image) * sizeof(R));
    return;
  }
  F(pass) p = {
      .n = s->n, .in_h = s->oh, .in_w = s->ow, .in_c = s->cout, .out_h = s->h, .out_w = s->w, .out_c = s->cin,
      .kh = s->kh, .kw = s->kw, .stride_h = 1, .stride_w = 1, .pad_top = (s->kh - 1) * s->dilation_h - s->pad_top,
      .pad_left = (s->kw - 1) * s->dilation_w - s->pad_left, .dilation_h = s->dilation_h, .dilation_w = s->dilation_w,
      .in = dy, .out = dx};
  bool unit = s->stride_h == 1 && s->stride_w == 1;
  // The direct algorithm processes every input position and whole vectors of channels; the other one processes only the
  // positions of the result, at some extra cost each.
  intptr_t lanes = (s->cin + L - 1) / L * L;
  bool waste = (double)(s->h * s->w * lanes) > 1.25 * (double)(s->oh * s->ow * s->cin);
  if (unit && F(planar_suits)(&p))
    F(planar)(&p, w, true);
  else if (unit && !waste)
    F(direct)(&p, w, F(pack_turned_filters));
  else
    F(scatter)(s, dy, w, dx);
}

static void F(convolve_back_filter)(const aviary_conv2d *s, const R *x, const R *dy, R *dw) {
  intptr_t size = s->kh * s->kw * s->cin * s->cout;
  if (size <= 0) return;
  if (s->n <= 0 || s->oh <= 0 || s->ow <= 0)
    memset(dw, 0, (size_t)size * sizeof(R));
  else
    F(filter_gradient)(s, x, dy, dw);
}
