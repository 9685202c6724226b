// The checks of one precision; REAL, NAME, TYPE and UNIT are defined.
#include "KernelChecks.h"

static REAL *NAME(numbers)(intptr_t count) {
  REAL *memory = array(count, sizeof(REAL));
  for (intptr_t i = 0; i < count; i++) memory[i] = (REAL)number();
  return memory;
}

static void NAME(note)(const REAL *values, intptr_t count) { note(values, (size_t)count * sizeof(REAL)); }

static void NAME(check_product)(intptr_t m, intptr_t n, intptr_t k) {
  const bool ta = next_random() & 1, tb = next_random() & 1, accumulate = next_random() & 1, biased = next_random() & 1;
  const intptr_t lda = (ta ? m : k) + pick(0, 3), ldb = (tb ? k : n) + pick(0, 3), ldc = n + pick(0, 3);
  REAL *a = NAME(numbers)((ta ? k : m) * lda), *b = NAME(numbers)((tb ? n : k) * ldb), *c = NAME(numbers)(m * ldc);
  REAL *bias = NAME(numbers)(n), *before = array(m * ldc, sizeof(REAL));
  memcpy(before, c, (size_t)(m * ldc) * sizeof(REAL));
  const aviary_gemm_options options = {
      .accumulate = accumulate, .activation = AVIARY_RELU, .bias = biased ? bias : NULL};
  NAME(aviary_gemm)(ta, tb, m, n, k, a, lda, b, ldb, c, ldc, &options);
  for (intptr_t i = 0; i < m; i++) {
    for (intptr_t j = 0; j < n; j++) {
      double sum = (accumulate ? (double)before[i * ldc + j] : 0) + (biased ? (double)bias[j] : 0);
      for (intptr_t t = 0; t < k; t++) {
        sum += (double)a[ta ? t * lda + i : i * lda + t] * (double)b[tb ? j * ldb + t : t * ldb + j];
      }
      expect((double)c[i * ldc + j], sum > 0 ? sum : 0, UNIT * (double)(k + 8), "product", i * n + j);
    }
    for (intptr_t j = n; j < ldc; j++) expect((double)c[i * ldc + j], (double)before[i * ldc + j], 0, "beside a product", j);
  }
  NAME(note)(c, m * ldc);
  free(a), free(b), free(c), free(bias), free(before);
}

void NAME(check_products)(int round) {
  for (int i = 0; i < 12; i++) NAME(check_product)(pick(0, 40), pick(0, 70), pick(0, 50));
  NAME(check_product)(0, 5, 3), NAME(check_product)(4, 0, 3), NAME(check_product)(4, 5, 0);
  NAME(check_product)(1, pick(1, 200), pick(1, 200));
  NAME(check_product)(pick(1, 200), 1, pick(1, 200));
  NAME(check_product)(pick(1, 200), pick(1, 200), 1);
  // Large enough for several tasks, and for several blocks of the sum.
  if (round == 0) NAME(check_product)(pick(130, 150), pick(120, 140), pick(520, 600));
}

/// The places in x, w and y of every product of a convolution.
static void NAME(convolution)(
    const aviary_conv2d *s, bool depthwise, const REAL *x, const REAL *w, const REAL *dy, double *y, double *dx, double *dw) {
  for (intptr_t at = 0; at < s->n * s->oh * s->ow * s->kh * s->kw; at++) {
    const intptr_t q = at % s->kw, p = at / s->kw % s->kh, j = at / (s->kw * s->kh) % s->ow;
    const intptr_t i = at / (s->kw * s->kh * s->ow) % s->oh, image = at / (s->kw * s->kh * s->ow * s->oh);
    const intptr_t row = i * s->stride_h + p * s->dilation_h - s->pad_top;
    const intptr_t column = j * s->stride_w + q * s->dilation_w - s->pad_left;
    if (row < 0 || row >= s->h || column < 0 || column >= s->w) continue;
    const intptr_t from = ((image * s->h + row) * s->w + column) * s->cin, to = ((image * s->oh + i) * s->ow + j) * s->cout;
    for (intptr_t c = 0; c < s->cin; c++) {
      for (intptr_t o = depthwise ? c : 0; o < (depthwise ? c + 1 : s->cout); o++) {
        const intptr_t place = depthwise ? (p * s->kw + q) * s->cin + c : ((p * s->kw + q) * s->cin + c) * s->cout + o;
        y[to + o] += (double)x[from + c] * (double)w[place];
        dx[from + c] += (double)dy[to + o] * (double)w[place];
        dw[place] += (double)dy[to + o] * (double)x[from + c];
      }
    }
  }
}

static void NAME(compare)(const REAL *found, const double *wanted, intptr_t count, double terms, const char *what) {
  for (intptr_t i = 0; i < count; i++) expect((double)found[i], wanted[i], UNIT * (terms + 8), what, i);
  NAME(note)(found, count);
}

static void NAME(check_convolution)(const aviary_conv2d *s, bool depthwise) {
  const intptr_t inputs = s->n * s->h * s->w * s->cin, outputs = s->n * s->oh * s->ow * s->cout;
  const intptr_t weights = s->kh * s->kw * s->cin * (depthwise ? 1 : s->cout);
  REAL *x = NAME(numbers)(inputs), *w = NAME(numbers)(weights), *dy = NAME(numbers)(outputs);
  REAL *y = array(outputs, sizeof(REAL)), *dx = array(inputs, sizeof(REAL)), *dw = array(weights, sizeof(REAL));
  double *ys = calloc((size_t)outputs + 1, 8), *dxs = calloc((size_t)inputs + 1, 8), *dws = calloc((size_t)weights + 1, 8);
  NAME(convolution)(s, depthwise, x, w, dy, ys, dxs, dws);
  if (depthwise) {
    NAME(aviary_depthwise2d_forward)(s, x, w, y);
    NAME(aviary_depthwise2d_backward_input)(s, dy, w, dx);
    NAME(aviary_depthwise2d_backward_filter)(s, x, dy, dw);
  } else {
    NAME(aviary_conv2d_forward)(s, x, w, NULL, AVIARY_IDENTITY, 0, y);
    NAME(aviary_conv2d_backward_input)(s, dy, w, dx);
    NAME(aviary_conv2d_backward_filter)(s, x, dy, dw);
  }
  const double places = (double)(s->kh * s->kw);
  NAME(compare)(y, ys, outputs, places * (double)s->cin, "convolution");
  NAME(compare)(dx, dxs, inputs, places * (double)s->cout, "gradient of a convolution's input");
  NAME(compare)(dw, dws, weights, (double)(s->n * s->oh * s->ow), "gradient of filters");
  free(x), free(w), free(dy), free(y), free(dx), free(dw), free(ys), free(dxs), free(dws);
}

static void NAME(check_pooling)(void) {
  aviary_pool2d s = {
      .n = pick(0, 3), .h = pick(3, 11), .w = pick(3, 11), .c = pick(1, 36), .kh = pick(1, 3), .kw = pick(1, 3),
      .stride_h = pick(1, 3), .stride_w = pick(1, 3), .pad_top = pick(0, 1), .pad_left = pick(0, 1)};
  s.oh = (s.h + 2 * s.pad_top - s.kh) / s.stride_h + 1;
  s.ow = (s.w + 2 * s.pad_left - s.kw) / s.stride_w + 1;
  const intptr_t inputs = s.n * s.h * s.w * s.c, outputs = s.n * s.oh * s.ow * s.c;
  REAL *x = NAME(numbers)(inputs), *dy = NAME(numbers)(outputs), *y = array(outputs, sizeof(REAL));
  REAL *dx = array(inputs, sizeof(REAL)), *mean = array(outputs, sizeof(REAL));
  int32_t *places = array(outputs, sizeof(int32_t));
  NAME(aviary_maxpool2d_forward)(&s, x, y, places);
  for (intptr_t i = 0; i < outputs; i++) {
    const intptr_t image = i / (s.oh * s.ow * s.c);
    if (places[i] >= 0) expect((double)y[i], (double)x[(image * s.h * s.w + places[i]) * s.c + i % s.c], 0, "maximum", i);
  }
  NAME(aviary_maxpool2d_backward)(&s, dy, places, dx);
  NAME(note)(y, outputs), NAME(note)(dx, inputs);
  NAME(aviary_avgpool2d_forward)(&s, true, x, mean);
  NAME(aviary_avgpool2d_backward)(&s, true, mean, dx);
  NAME(note)(mean, outputs), NAME(note)(dx, inputs);
  free(x), free(dy), free(y), free(dx), free(mean), free(places);
}

void NAME(check_convolutions)(int round) {
  for (int i = 0; i < 6; i++) {
    aviary_conv2d s;
    choose_convolution(&s, i % 3 == 2);
    NAME(check_convolution)(&s, i % 3 == 2);
    NAME(check_pooling)();
  }
  // Large enough for several tasks.
  aviary_conv2d s = {20, 14, 14, 3, 5, 5, 20, 14, 14, 1, 1, 2, 2, 1, 1}, d = {16, 20, 20, 33, 3, 3, 33, 20, 20, 1, 1, 1, 1, 1, 1};
  if (round == 0) NAME(check_convolution)(&s, false), NAME(check_convolution)(&d, true);
}

static void NAME(check_rows)(intptr_t rows, intptr_t columns) {
  const intptr_t count = rows * columns;
  REAL *x = NAME(numbers)(count), *y = array(count, sizeof(REAL)), *sums = array(columns, sizeof(REAL));
  REAL *mean = array(columns, sizeof(REAL)), *variance = array(columns, sizeof(REAL)), *rest = array(columns, sizeof(REAL));
  aviary_reduce(AVIARY_REDUCE_SUM, TYPE, 1, rows, columns, x, sums);
  if (rows > 0) aviary_moments(TYPE, rows, columns, x, mean, variance, rest);
  for (intptr_t c = 0; c < columns; c++) {
    double sum = 0, squares = 0;
    for (intptr_t r = 0; r < rows; r++) sum += (double)x[r * columns + c];
    expect((double)sums[c], sum, UNIT * (double)(rows + 8), "sum of a column", c);
    if (rows == 0) continue;
    for (intptr_t r = 0; r < rows; r++) squares += pow((double)x[r * columns + c] - sum / (double)rows, 2);
    expect((double)mean[c], sum / (double)rows, 8 * UNIT, "mean", c);
    expect((double)variance[c], squares / (double)rows, 16 * UNIT, "variance", c);
  }
  NAME(note)(sums, columns);
  if (columns > 0) {
    aviary_softmax(TYPE, rows, columns, x, y);
    for (intptr_t r = 0; r < rows; r++) {
      double sum = 0;
      for (intptr_t c = 0; c < columns; c++) sum += (double)y[r * columns + c];
      expect(sum, 1, UNIT * (double)(columns + 8), "sum of a softmax", r);
    }
    NAME(note)(y, count);
  }
  free(x), free(y), free(sums), free(mean), free(variance), free(rest);
}

static void NAME(check_group_norm)(void) {
  const intptr_t length = pick(1, 40), groups = pick(1, 3), places = pick(1, 3) == 1 ? 1 : pick(1, 12), n = pick(1, 9);
  const intptr_t channels = length * groups, count = n * places * channels;
  const aviary_group_norm s = {n, places, channels, groups, true, 1e-3};
  REAL *x = NAME(numbers)(count), *dy = NAME(numbers)(count), *y = array(count, sizeof(REAL)), *dx = array(count, sizeof(REAL));
  REAL *gamma = NAME(numbers)(channels), *beta = NAME(numbers)(channels), *mean = array(n * groups, sizeof(REAL));
  REAL *variance = array(n * groups, sizeof(REAL)), *dgamma = array(channels, sizeof(REAL)), *dbeta = array(channels, sizeof(REAL));
  aviary_group_norm_forward(TYPE, &s, x, gamma, beta, y, mean, variance);
  aviary_group_norm_backward(TYPE, &s, x, mean, variance, gamma, dy, dx, dgamma, dbeta);
  for (intptr_t i = 0; i < count; i++) {
    const intptr_t c = i % channels, g = i / (places * channels) * groups + c / length;
    const double inverse = 1 / sqrt((double)variance[g] + s.epsilon);
    expect(
        (double)y[i], ((double)x[i] - (double)mean[g]) * inverse * (double)gamma[c] + (double)beta[c], 200 * UNIT,
        "normalization", i);
  }
  NAME(note)(y, count), NAME(note)(dx, count), NAME(note)(dgamma, channels), NAME(note)(dbeta, channels);
  free(x), free(dy), free(y), free(dx), free(gamma), free(beta), free(mean), free(variance), free(dgamma), free(dbeta);
}

static void NAME(check_elements)(intptr_t n) {
  REAL *x = NAME(numbers)(n), *y = NAME(numbers)(n), *z = array(n, sizeof(REAL));
  for (int op = AVIARY_UNARY_NEGATE; op <= AVIARY_UNARY_NORMAL_DENSITY; op++) {
    if (op == AVIARY_UNARY_NOT || op == AVIARY_UNARY_IS_NAN || op == AVIARY_UNARY_IS_FINITE) continue;
    if (!aviary_unary((aviary_unary_op)op, TYPE, n, x, z, 0.5)) abort();
    for (intptr_t i = 0; i < n && op == AVIARY_UNARY_EXP; i++) expect((double)z[i], exp((double)x[i]), 8 * UNIT, "exp", i);
    for (intptr_t i = 0; i < n && op == AVIARY_UNARY_TANH; i++) expect((double)z[i], tanh((double)x[i]), 8 * UNIT, "tanh", i);
  }
  // Rows of y repeated, and columns of x: [3, n] from [n] and [3, 1].
  const intptr_t dims[] = {3, n}, down[] = {1, 0}, along[] = {0, 1};
  REAL *left = NAME(numbers)(3), *sum = array(3 * n, sizeof(REAL));
  if (!aviary_binary(AVIARY_BINARY_ADD, TYPE, 2, dims, left, down, y, along, sum)) abort();
  for (intptr_t i = 0; i < 3 * n; i++) expect((double)sum[i], (double)(REAL)(left[i / n] + y[i % n]), 0, "sum", i);
  NAME(aviary_random_dropout)(7, 1, 0, n, 0.75, 2, x, z);
  NAME(note)(z, n);
  free(x), free(y), free(z), free(left), free(sum);
}

void NAME(check_passes)(int round) {
  for (int i = 0; i < 6; i++) {
    NAME(check_rows)(pick(0, 200), pick(0, 90));
    NAME(check_group_norm)();
    NAME(check_elements)(pick(0, 150));
  }
  NAME(check_rows)(3, 0), NAME(check_rows)(0, 3), NAME(check_elements)(0);
  if (round == 0) NAME(check_rows)(30000, pick(3, 6)), NAME(check_elements)(70000);
}
