// One step of recurrent cells, row by row; AviaryRecurrence.h has the formulas.

#define RECURRENT_FORWARD(NAME) \
  static void FN(NAME)( \
    intptr_t rows, intptr_t units, const void *x_, const void *extra_, const void *h_before_, const void *c_before_, \
    const void *product_, void *gates_, void *c_, void *h_)

#define RECURRENT_BACKWARD(NAME) \
  static void FN(NAME)( \
    intptr_t rows, intptr_t units, const void *extra_, const void *h_before_, const void *c_before_, \
    const void *gates_, const void *c_, const void *h_, const void *dh_, void *dc_, void *dx_, void *dproduct_, \
    void *dh_before_)

// y·(1 − y) and 1 − y², the derivatives of the logistic function and of tanh as functions of their results.
AVIARY_INLINE V FN(sigmoid_slope)(V y) { return y - y * y; }
AVIARY_INLINE V FN(tanh_slope)(V y) { return VF(fma)(-y, y, VF(set)(1)); }

#define PLAIN_CELL(NAME, F, SLOPE) \
  RECURRENT_FORWARD(NAME) { \
    const T *x = x_, *product = product_; \
    T *h = h_; \
    for (intptr_t j = 0; j < rows * units; j += COUNT) { \
      const intptr_t rest = rows * units - j; \
      const V a = FN(load)(x + j, rest) + FN(load)(product + j, rest); \
      FN(store)(h + j, F, rest); \
    } \
  } \
  RECURRENT_BACKWARD(NAME##_backward) { \
    const T *h = h_, *dh = dh_; \
    T *dx = dx_, *dh_before = dh_before_; \
    for (intptr_t j = 0; j < rows * units; j += COUNT) { \
      const intptr_t rest = rows * units - j; \
      const V y = FN(load)(h + j, rest), g = FN(load)(dh + j, rest); \
      FN(store)(dx + j, SLOPE, rest); \
      FN(store)(dh_before + j, VF(set)(0), rest); \
    } \
  }

PLAIN_CELL(rnn_tanh, VF(tanh)(a), g * FN(tanh_slope)(y))
PLAIN_CELL(rnn_relu, FN(relu)(a), y > (T)0 ? g : VF(set)(0))

RECURRENT_FORWARD(lstm) {
  const T *x = x_, *p = extra_, *c_before = c_before_, *product = product_;
  T *gates = gates_, *c = c_, *h = h_;
  for (intptr_t r = 0; r < rows; r++) {
    for (intptr_t j = 0; j < units; j += COUNT) {
      const intptr_t rest = units - j;
      const V before = FN(load)(c_before + j, rest);
      V i = FN(load)(x + j, rest) + FN(load)(product + j, rest);
      V f = FN(load)(x + units + j, rest) + FN(load)(product + units + j, rest);
      V g = FN(load)(x + 2 * units + j, rest) + FN(load)(product + 2 * units + j, rest);
      V o = FN(load)(x + 3 * units + j, rest) + FN(load)(product + 3 * units + j, rest);
      if (p) {
        i = VF(fma)(FN(load)(p + j, rest), before, i);
        f = VF(fma)(FN(load)(p + units + j, rest), before, f);
      }
      i = VF(sigmoid)(i);
      f = VF(sigmoid)(f);
      g = VF(tanh)(g);
      const V state = VF(fma)(i, g, f * before);
      if (p) o = VF(fma)(FN(load)(p + 2 * units + j, rest), state, o);
      o = VF(sigmoid)(o);
      FN(store)(gates + j, i, rest);
      FN(store)(gates + units + j, f, rest);
      FN(store)(gates + 2 * units + j, g, rest);
      FN(store)(gates + 3 * units + j, o, rest);
      FN(store)(c + j, state, rest);
      FN(store)(h + j, o * VF(tanh)(state), rest);
    }
    x += 4 * units;
    product += 4 * units;
    gates += 4 * units;
    c_before += units;
    c += units;
    h += units;
  }
}

RECURRENT_BACKWARD(lstm_backward) {
  const T *p = extra_, *c_before = c_before_, *gates = gates_, *c = c_, *dh = dh_;
  T *dc = dc_, *dx = dx_, *dh_before = dh_before_;
  for (intptr_t r = 0; r < rows; r++) {
    for (intptr_t j = 0; j < units; j += COUNT) {
      const intptr_t rest = units - j;
      const V i = FN(load)(gates + j, rest), f = FN(load)(gates + units + j, rest);
      const V g = FN(load)(gates + 2 * units + j, rest), o = FN(load)(gates + 3 * units + j, rest);
      const V squashed = VF(tanh)(FN(load)(c + j, rest)), dy = FN(load)(dh + j, rest);
      const V d_o = dy * squashed * FN(sigmoid_slope)(o);
      V ds = VF(fma)(dy * o, FN(tanh_slope)(squashed), FN(load)(dc + j, rest));
      if (p) ds = VF(fma)(d_o, FN(load)(p + 2 * units + j, rest), ds);
      const V d_i = ds * g * FN(sigmoid_slope)(i);
      const V d_f = ds * FN(load)(c_before + j, rest) * FN(sigmoid_slope)(f);
      V before = ds * f;
      if (p) {
        before = VF(fma)(d_i, FN(load)(p + j, rest), before);
        before = VF(fma)(d_f, FN(load)(p + units + j, rest), before);
      }
      FN(store)(dx + j, d_i, rest);
      FN(store)(dx + units + j, d_f, rest);
      FN(store)(dx + 2 * units + j, ds * i * FN(tanh_slope)(g), rest);
      FN(store)(dx + 3 * units + j, d_o, rest);
      FN(store)(dc + j, before, rest);
      FN(store)(dh_before + j, VF(set)(0), rest);
    }
    gates += 4 * units;
    dx += 4 * units;
    c_before += units;
    c += units;
    dh += units;
    dc += units;
    dh_before += units;
  }
}

RECURRENT_FORWARD(gru) {
  const T *x = x_, *b = extra_, *h_before = h_before_, *product = product_;
  T *gates = gates_, *h = h_;
  for (intptr_t k = 0; k < rows; k++) {
    for (intptr_t j = 0; j < units; j += COUNT) {
      const intptr_t rest = units - j;
      const V r = VF(sigmoid)(FN(load)(x + j, rest) + FN(load)(product + j, rest));
      const V z = VF(sigmoid)(FN(load)(x + units + j, rest) + FN(load)(product + units + j, rest));
      const V m = FN(load)(product + 2 * units + j, rest) + FN(load)(b + j, rest);
      const V n = VF(tanh)(VF(fma)(r, m, FN(load)(x + 2 * units + j, rest)));
      FN(store)(gates + j, r, rest);
      FN(store)(gates + units + j, z, rest);
      FN(store)(gates + 2 * units + j, n, rest);
      FN(store)(gates + 3 * units + j, m, rest);
      FN(store)(h + j, VF(fma)(z, FN(load)(h_before + j, rest) - n, n), rest);
    }
    x += 3 * units;
    product += 3 * units;
    gates += 4 * units;
    h_before += units;
    h += units;
  }
}

RECURRENT_BACKWARD(gru_backward) {
  const T *h_before = h_before_, *gates = gates_, *dh = dh_;
  T *dx = dx_, *dproduct = dproduct_, *dh_before = dh_before_;
  for (intptr_t k = 0; k < rows; k++) {
    for (intptr_t j = 0; j < units; j += COUNT) {
      const intptr_t rest = units - j;
      const V r = FN(load)(gates + j, rest), z = FN(load)(gates + units + j, rest);
      const V n = FN(load)(gates + 2 * units + j, rest), m = FN(load)(gates + 3 * units + j, rest);
      const V dy = FN(load)(dh + j, rest);
      const V d_n = (dy - dy * z) * FN(tanh_slope)(n);
      FN(store)(dx + j, d_n * m * FN(sigmoid_slope)(r), rest);
      FN(store)(dx + units + j, dy * (FN(load)(h_before + j, rest) - n) * FN(sigmoid_slope)(z), rest);
      FN(store)(dx + 2 * units + j, d_n, rest);
      FN(store)(dproduct + j, d_n * r, rest);
      FN(store)(dh_before + j, dy * z, rest);
    }
    gates += 4 * units;
    dx += 3 * units;
    dproduct += units;
    h_before += units;
    dh += units;
    dh_before += units;
  }
}

#undef RECURRENT_FORWARD
#undef RECURRENT_BACKWARD
#undef PLAIN_CELL
