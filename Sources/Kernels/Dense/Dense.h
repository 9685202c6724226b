// Shared by the dense kernels: the tables of an instruction set, and scratch memory.
#pragma once

#include "AviaryCaches.h"
#include "AviaryConvolution.h"
#include "AviaryGemm.h"
#include "AviaryMemory.h"
#include "AviaryReduction.h"
#include "AviaryThreads.h"
#include "AviaryTypes.h"

/// The arguments of one matrix product.
typedef struct product_f32 {
  bool transpose_a, transpose_b;
  intptr_t m, n, k;
  const float *a;
  intptr_t lda;
  const float *b;
  intptr_t ldb;
  float *c;
  intptr_t ldc;
  aviary_gemm_options options;
} product_f32;

typedef struct product_f64 {
  bool transpose_a, transpose_b;
  intptr_t m, n, k;
  const double *a;
  intptr_t lda;
  const double *b;
  intptr_t ldb;
  double *c;
  intptr_t ldc;
  aviary_gemm_options options;
} product_f64;

/// The dense kernels of one instruction set.
typedef struct dense_table {
  void (*gemm_f32)(const product_f32 *);
  void (*gemm_f64)(const product_f64 *);
  aviary_gemm_plan (*gemm_plan_f32)(const product_f32 *);
  void (*activation_backward_f32)(
      aviary_activation activation, double slope, intptr_t n, const float *y, const float *dy, float *dx);
  void (*activation_backward_f64)(
      aviary_activation activation, double slope, intptr_t n, const double *y, const double *dy, double *dx);
  void (*convolve_f32)(
      const aviary_conv2d *s, const float *x, const float *w, const float *bias, aviary_activation activation,
      double slope, float *y);
  void (*convolve_f64)(
      const aviary_conv2d *s, const double *x, const double *w, const double *bias, aviary_activation activation,
      double slope, double *y);
  void (*convolve_back_input_f32)(const aviary_conv2d *s, const float *dy, const float *w, float *dx);
  void (*convolve_back_input_f64)(const aviary_conv2d *s, const double *dy, const double *w, double *dx);
  void (*convolve_back_filter_f32)(const aviary_conv2d *s, const float *x, const float *dy, float *dw);
  void (*convolve_back_filter_f64)(const aviary_conv2d *s, const double *x, const double *dy, double *dw);
  void (*depthwise_f32)(const aviary_conv2d *s, const float *x, const float *w, float *y);
  void (*depthwise_back_input_f32)(const aviary_conv2d *s, const float *dy, const float *w, float *dx);
  void (*depthwise_back_filter_f32)(const aviary_conv2d *s, const float *x, const float *dy, float *dw);
  void (*depthwise_f64)(const aviary_conv2d *s, const double *x, const double *w, double *y);
  void (*depthwise_back_input_f64)(const aviary_conv2d *s, const double *dy, const double *w, double *dx);
  void (*depthwise_back_filter_f64)(const aviary_conv2d *s, const double *x, const double *dy, double *dw);
  void (*max_pool_f32)(const aviary_pool2d *s, const float *x, float *y, int32_t *argmax);
  void (*max_pool_back_f32)(const aviary_pool2d *s, const float *dy, const int32_t *argmax, float *dx);
  void (*mean_pool_f32)(const aviary_pool2d *s, bool count_padding, const float *x, float *y);
  void (*mean_pool_back_f32)(const aviary_pool2d *s, bool count_padding, const float *dy, float *dx);
  void (*max_pool_f64)(const aviary_pool2d *s, const double *x, double *y, int32_t *argmax);
  void (*max_pool_back_f64)(const aviary_pool2d *s, const double *dy, const int32_t *argmax, double *dx);
  void (*mean_pool_f64)(const aviary_pool2d *s, bool count_padding, const double *x, double *y);
  void (*mean_pool_back_f64)(const aviary_pool2d *s, bool count_padding, const double *dy, double *dx);
} dense_table;

extern const dense_table dense_baseline;
#if defined(__x86_64__)
extern const dense_table dense_avx2, dense_avx512;
#endif

/// The table for the calling thread.
const dense_table *dense_current(void);

/// Scratch memory of a kernel. Ends the program with a message if there is none, as kernels cannot report it.
void *dense_scratch(size_t bytes);

/// The minimum work of a task in floating-point operations, about 4 µs.
#define TASK_WORK 1e6

/// The number of pieces to split `units` units into, so that each has at least `least` of the `total` work.
static inline intptr_t dense_pieces(double total, double least, intptr_t units, intptr_t most) {
  double wanted = total / least;
  intptr_t pieces = wanted >= (double)most ? most : (intptr_t)wanted;
  if (pieces > units) pieces = units;
  return pieces < 1 ? 1 : pieces;
}

/// The first unit of piece `index` of `pieces`, when `units` are distributed evenly.
static inline intptr_t dense_start(intptr_t units, intptr_t pieces, intptr_t index) {
  intptr_t base = units / pieces, extra = units % pieces;
  return index * base + (index < extra ? index : extra);
}

/// The reach of a core's first-level TLB: 64 pages of 4 KiB.
#define TRANSLATED_BYTES ((intptr_t)256 << 10)
