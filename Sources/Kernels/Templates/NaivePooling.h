/* temporary */
#define SPREAD for (intptr_t p = 0; p < s->kh; p++) for (intptr_t q = 0; q < s->kw; q++) { \
        intptr_t y0 = i * s->stride_h + p - s->pad_top, x0 = j * s->stride_w + q - s->pad_left; \
        if (y0 < 0 || y0 >= s->h || x0 < 0 || x0 >= s->w) continue; \
        dx[((b * s->h + y0) * s->w + x0) * s->c + c] += g; }
#define WINDOWS(before, body, after) \
  for (intptr_t b = 0; b < s->n; b++) for (intptr_t i = 0; i < s->oh; i++) for (intptr_t j = 0; j < s->ow; j++) \
    for (intptr_t c = 0; c < s->c; c++) { intptr_t yi = ((b * s->oh + i) * s->ow + j) * s->c + c; before; \
      for (intptr_t p = 0; p < s->kh; p++) for (intptr_t q = 0; q < s->kw; q++) { \
        intptr_t y0 = i * s->stride_h + p - s->pad_top, x0 = j * s->stride_w + q - s->pad_left; \
        if (y0 < 0 || y0 >= s->h || x0 < 0 || x0 >= s->w) continue; \
        intptr_t xi = ((b * s->h + y0) * s->w + x0) * s->c + c; body; } after; }
void NAME(aviary_maxpool2d_forward)(const aviary_pool2d *s, const R *x, R *y, int32_t *argmax) {
  WINDOWS(R best = -(R)INFINITY; int32_t at = -1, if (at < 0 || x[xi] > best || (x[xi] != x[xi] && best == best)) { best = x[xi]; at = (int32_t)(y0 * s->w + x0); }, y[yi] = best; if (argmax) argmax[yi] = at)
}
void NAME(aviary_maxpool2d_backward)(const aviary_pool2d *s, const R *dy, const int32_t *argmax, R *dx) {
  memset(dx, 0, sizeof(R) * (size_t)(s->n * s->h * s->w * s->c));
  for (intptr_t b = 0; b < s->n; b++) for (intptr_t i = 0; i < s->oh * s->ow; i++) for (intptr_t c = 0; c < s->c; c++) {
    intptr_t yi = (b * s->oh * s->ow + i) * s->c + c;
    if (argmax[yi] >= 0) dx[(b * s->h * s->w + argmax[yi]) * s->c + c] += dy[yi];
  }
}
void NAME(aviary_avgpool2d_forward)(const aviary_pool2d *s, bool count_padding, const R *x, R *y) {
  WINDOWS(R sum = 0; intptr_t count = 0, sum += x[xi]; count++, y[yi] = count ? sum / (R)(count_padding ? s->kh * s->kw : count) : 0)
}
void NAME(aviary_avgpool2d_backward)(const aviary_pool2d *s, bool count_padding, const R *dy, R *dx) {
  memset(dx, 0, sizeof(R) * (size_t)(s->n * s->h * s->w * s->c));
  for (intptr_t round = 0; round < 1; round++) {
    WINDOWS(intptr_t count = 0, count++; (void)xi, R g = count ? dy[yi] / (R)(count_padding ? s->kh * s->kw : count) : 0; SPREAD)
  }
}
#undef SPREAD
#undef WINDOWS
