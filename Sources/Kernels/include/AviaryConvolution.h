#pragma once

#include "AviaryTypes.h"

#pragma clang assume_nonnull begin

/// The shape of a two-dimensional convolution (cross-correlation, as usual in deep learning).
///
/// Images x are n×h×w×cin, filters w kh×kw×cin×cout, results y n×oh×ow×cout, all dense and row-major, and
/// y[b,i,j,o] = bias[o] + Σ x[b, i·stride_h + p·dilation_h − pad_top, j·stride_w + q·dilation_w − pad_left, c] w[p,q,c,o]
/// over p, q and c, where places outside the image count as 0. How far the padding reaches at the bottom and on the
/// right follows from oh and ow. Strides and dilations are at least 1, the paddings at least 0.
typedef struct aviary_conv2d {
  intptr_t n, h, w, cin;
  intptr_t kh, kw, cout;
  intptr_t oh, ow;
  intptr_t stride_h, stride_w;
  intptr_t pad_top, pad_left;
  intptr_t dilation_h, dilation_w;
} aviary_conv2d;

/// y = f(x ∗ w + bias). `bias` is NULL or has cout numbers; `slope` is that of AVIARY_LEAKY_RELU.
/// The order of the additions is fixed by the shape alone.
void aviary_conv2d_forward_f32(
    const aviary_conv2d *shape, const float *x, const float *w, const float *_Nullable bias,
    aviary_activation activation, double slope, float *y);

/// As `aviary_conv2d_forward_f32`, in double precision.
void aviary_conv2d_forward_f64(
    const aviary_conv2d *shape, const double *x, const double *w, const double *_Nullable bias,
    aviary_activation activation, double slope, double *y);

/// dx, the gradient of the images, from dy, that of the convolution's result (before the activation).
/// The order of the additions is fixed by the shape alone.
void aviary_conv2d_backward_input_f32(const aviary_conv2d *shape, const float *dy, const float *w, float *dx);

/// As `aviary_conv2d_backward_input_f32`, in double precision.
void aviary_conv2d_backward_input_f64(const aviary_conv2d *shape, const double *dy, const double *w, double *dx);

/// dw, the gradient of the filters, from the images and dy. The sum over images and places is split by the shape alone.
void aviary_conv2d_backward_filter_f32(const aviary_conv2d *shape, const float *x, const float *dy, float *dw);

/// As `aviary_conv2d_backward_filter_f32`, in double precision.
void aviary_conv2d_backward_filter_f64(const aviary_conv2d *shape, const double *x, const double *dy, double *dw);

/// A depthwise convolution: filters w are kh×kw×cin, cout is cin, and
/// y[b,i,j,c] = Σ x[b, i·stride_h + p·dilation_h − pad_top, j·stride_w + q·dilation_w − pad_left, c] w[p,q,c] over p and q.
void aviary_depthwise2d_forward_f32(const aviary_conv2d *shape, const float *x, const float *w, float *y);

/// As `aviary_depthwise2d_forward_f32`, in double precision.
void aviary_depthwise2d_forward_f64(const aviary_conv2d *shape, const double *x, const double *w, double *y);

/// dx of a depthwise convolution, from dy.
void aviary_depthwise2d_backward_input_f32(const aviary_conv2d *shape, const float *dy, const float *w, float *dx);

/// As `aviary_depthwise2d_backward_input_f32`, in double precision.
void aviary_depthwise2d_backward_input_f64(const aviary_conv2d *shape, const double *dy, const double *w, double *dx);

/// dw of a depthwise convolution. The sum over images and places is split by the shape alone.
void aviary_depthwise2d_backward_filter_f32(const aviary_conv2d *shape, const float *x, const float *dy, float *dw);

/// As `aviary_depthwise2d_backward_filter_f32`, in double precision.
void aviary_depthwise2d_backward_filter_f64(const aviary_conv2d *shape, const double *x, const double *dy, double *dw);

/// The shape of a two-dimensional pooling: images n×h×w×c, results n×oh×ow×c. The window of the result (i, j) starts at
/// (i·stride_h − pad_top, j·stride_w − pad_left) and is kh×kw; positions outside the image are ignored.
typedef struct aviary_pool2d {
  intptr_t n, h, w, c;
  intptr_t kh, kw;
  intptr_t oh, ow;
  intptr_t stride_h, stride_w;
  intptr_t pad_top, pad_left;
} aviary_pool2d;

/// y = the maximum of each window, per channel, and its position: argmax, of y's shape, has row·w + column in the
/// image; of equal values the first wins, and NaN wins over everything. `argmax` may be NULL. A window wholly outside the
/// image gives −∞ and −1.
void aviary_maxpool2d_forward_f32(
    const aviary_pool2d *shape, const float *x, float *y, int32_t *_Nullable argmax);

/// As `aviary_maxpool2d_forward_f32`, in double precision.
void aviary_maxpool2d_forward_f64(
    const aviary_pool2d *shape, const double *x, double *y, int32_t *_Nullable argmax);

/// dx: each dy is added at the position of its maximum; where windows overlap, in the order of the windows.
void aviary_maxpool2d_backward_f32(const aviary_pool2d *shape, const float *dy, const int32_t *argmax, float *dx);

/// As `aviary_maxpool2d_backward_f32`, in double precision.
void aviary_maxpool2d_backward_f64(const aviary_pool2d *shape, const double *dy, const int32_t *argmax, double *dx);

/// y = the mean of each window. With `count_padding` the divisor is always kh·kw; without, the number of places inside
/// the image. A window wholly outside gives 0.
void aviary_avgpool2d_forward_f32(const aviary_pool2d *shape, bool count_padding, const float *x, float *y);

/// As `aviary_avgpool2d_forward_f32`, in double precision.
void aviary_avgpool2d_forward_f64(const aviary_pool2d *shape, bool count_padding, const double *x, double *y);

/// dx: each dy, divided as in the forward pass, is added at all positions of its window.
void aviary_avgpool2d_backward_f32(const aviary_pool2d *shape, bool count_padding, const float *dy, float *dx);

/// As `aviary_avgpool2d_backward_f32`, in double precision.
void aviary_avgpool2d_backward_f64(const aviary_pool2d *shape, bool count_padding, const double *dy, double *dx);

#pragma clang assume_nonnull end
