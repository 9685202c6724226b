// Bias and activation of a tile of C after the last block of the sum, while the tile is in the first-level cache.

AVIARY_INLINE V F(activated)(aviary_activation activation, V slope, V x) {
  switch (activation) {
    case AVIARY_RELU: return x < 0 ? VF(set)(0) : x;
    case AVIARY_LEAKY_RELU: return x < 0 ? x * slope : x;
    case AVIARY_SIGMOID: return VF(sigmoid)(x);
    case AVIARY_TANH: return VF(tanh)(x);
    default: return x;
  }
}

AVIARY_INLINE void F(finish_rows)(
    aviary_activation activation, V slope, intptr_t rows, intptr_t columns, R *c, intptr_t stride, const R *bias) {
  for (intptr_t i = 0; i < rows; i++, c += stride) {
    intptr_t j = 0;
    for (; j + L <= columns; j += L) {
      V x = VF(load)(c + j);
      if (bias) x += VF(load)(bias + j);
      VF(store)(c + j, F(activated)(activation, slope, x));
    }
    if (j == columns) continue;
    V x = VF(load_partial)(c + j, columns - j);
    if (bias) x += VF(load_partial)(bias + j, columns - j);
    VF(store_partial)(c + j, F(activated)(activation, slope, x), columns - j);
  }
}

/// c = f(c + bias) for rows × columns numbers; `bias` may be NULL.
static void F(finish)(
    aviary_activation activation, double slope, intptr_t rows, intptr_t columns, R *c, intptr_t stride,
    const R *bias) {
  V s = VF(set)((R)slope);
  switch (activation) {
    case AVIARY_RELU: F(finish_rows)(AVIARY_RELU, s, rows, columns, c, stride, bias); break;
    case AVIARY_LEAKY_RELU: F(finish_rows)(AVIARY_LEAKY_RELU, s, rows, columns, c, stride, bias); break;
    case AVIARY_SIGMOID: F(finish_rows)(AVIARY_SIGMOID, s, rows, columns, c, stride, bias); break;
    case AVIARY_TANH: F(finish_rows)(AVIARY_TANH, s, rows, columns, c, stride, bias); break;
    default:
      if (bias) F(finish_rows)(AVIARY_IDENTITY, s, rows, columns, c, stride, bias);
  }
}
