// Derivatives of the fused activations, from their outputs.

AVIARY_INLINE V F(activation_slope)(aviary_activation activation, V slope, V y, V dy) {
  switch (activation) {
    case AVIARY_RELU: return y > 0 ? dy : VF(set)(0);
    case AVIARY_LEAKY_RELU: return y > 0 ? dy : dy * slope;
    case AVIARY_SIGMOID: return dy * (y - y * y);
    case AVIARY_TANH: return dy * (1 - y * y);
    default: return dy;
  }
}

AVIARY_INLINE void F(activation_run)(aviary_activation activation, V slope, intptr_t n, const R *y, const R *dy, R *dx) {
  intptr_t i = 0;
  for (; i + L <= n; i += L)
    VF(store)(dx + i, F(activation_slope)(activation, slope, VF(load)(y + i), VF(load)(dy + i)));
  if (i < n) {
    V last = F(activation_slope)(activation, slope, VF(load_partial)(y + i, n - i), VF(load_partial)(dy + i, n - i));
    VF(store_partial)(dx + i, last, n - i);
  }
}

static void F(activation_backward)(
    aviary_activation activation, double slope, intptr_t n, const R *y, const R *dy, R *dx) {
  V s = VF(set)((R)slope);
  switch (activation) {
    case AVIARY_RELU: F(activation_run)(AVIARY_RELU, s, n, y, dy, dx); break;
    case AVIARY_LEAKY_RELU: F(activation_run)(AVIARY_LEAKY_RELU, s, n, y, dy, dx); break;
    case AVIARY_SIGMOID: F(activation_run)(AVIARY_SIGMOID, s, n, y, dy, dx); break;
    case AVIARY_TANH: F(activation_run)(AVIARY_TANH, s, n, y, dy, dx); break;
    default:
      if (dx != dy) memmove(dx, dy, (size_t)n * sizeof(R));
  }
}
