#include "Dense.h"

#define CONVOLUTION(suffix, real)                                                                         \
  void aviary_conv2d_forward_##suffix(                                                                    \
      const aviary_conv2d *shape, const real *x, const real *w, const real *bias,                         \
      aviary_activation activation, double slope, real *y) {                                              \
    dense_current()->convolve_##suffix(shape, x, w, bias, activation, slope, y);                          \
  }                                                                                                       \
                                                                                                          \
  void aviary_conv2d_backward_input_##suffix(                                                             \
      const aviary_conv2d *shape, const real *dy, const real *w, real *dx) {                              \
    dense_current()->convolve_back_input_##suffix(shape, dy, w, dx);                                      \
  }                                                                                                       \
                                                                                                          \
  void aviary_conv2d_backward_filter_##suffix(                                                            \
      const aviary_conv2d *shape, const real *x, const real *dy, real *dw) {                              \
    dense_current()->convolve_back_filter_##suffix(shape, x, dy, dw);                                     \
  }                                                                                                       \
                                                                                                          \
  void aviary_depthwise2d_forward_##suffix(                                                               \
      const aviary_conv2d *shape, const real *x, const real *w, real *y) {                                \
    dense_current()->depthwise_##suffix(shape, x, w, y);                                                  \
  }                                                                                                       \
                                                                                                          \
  void aviary_depthwise2d_backward_input_##suffix(                                                        \
      const aviary_conv2d *shape, const real *dy, const real *w, real *dx) {                              \
    dense_current()->depthwise_back_input_##suffix(shape, dy, w, dx);                                     \
  }                                                                                                       \
                                                                                                          \
  void aviary_depthwise2d_backward_filter_##suffix(                                                       \
      const aviary_conv2d *shape, const real *x, const real *dy, real *dw) {                              \
    dense_current()->depthwise_back_filter_##suffix(shape, x, dy, dw);                                    \
  }

CONVOLUTION(f32, float)
CONVOLUTION(f64, double)
