#include "Dense.h"

#define POOLING(suffix, real)                                                                                       \
  void aviary_maxpool2d_forward_##suffix(const aviary_pool2d *shape, const real *x, real *y, int32_t *argmax) {     \
    dense_current()->max_pool_##suffix(shape, x, y, argmax);                                                        \
  }                                                                                                                 \
                                                                                                                    \
  void aviary_maxpool2d_backward_##suffix(                                                                          \
      const aviary_pool2d *shape, const real *dy, const int32_t *argmax, real *dx) {                                \
    dense_current()->max_pool_back_##suffix(shape, dy, argmax, dx);                                                 \
  }                                                                                                                 \
                                                                                                                    \
  void aviary_avgpool2d_forward_##suffix(const aviary_pool2d *shape, bool count_padding, const real *x, real *y) {  \
    dense_current()->mean_pool_##suffix(shape, count_padding, x, y);                                                \
  }                                                                                                                 \
                                                                                                                    \
  void aviary_avgpool2d_backward_##suffix(const aviary_pool2d *shape, bool count_padding, const real *dy, real *dx) { \
    dense_current()->mean_pool_back_##suffix(shape, count_padding, dy, dx);                                         \
  }

POOLING(f32, float)
POOLING(f64, double)
