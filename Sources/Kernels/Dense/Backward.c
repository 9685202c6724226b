#include "Dense.h"

// Elements of one task: 128 KiB of each operand in single precision.
enum { chunk = 32768 };

#define BACKWARD(suffix, real)                                                                                       \
  typedef struct backward_##suffix {                                                                                 \
    aviary_activation activation;                                                                                    \
    double slope;                                                                                                    \
    intptr_t n;                                                                                                      \
    const real *y, *dy;                                                                                              \
    real *dx;                                                                                                        \
    const dense_table *table;                                                                                        \
  } backward_##suffix;                                                                                               \
                                                                                                                     \
  static void run_backward_##suffix(void *context, intptr_t task) {                                                  \
    const backward_##suffix *b = context;                                                                            \
    intptr_t first = task * chunk, count = b->n - first < chunk ? b->n - first : chunk;                              \
    b->table->activation_backward_##suffix(                                                                          \
        b->activation, b->slope, count, b->y + first, b->dy + first, b->dx + first);                                 \
  }                                                                                                                  \
                                                                                                                     \
  void aviary_activation_backward_##suffix(                                                                          \
      aviary_activation activation, double slope, intptr_t n, const real *y, const real *dy, real *dx) {             \
    backward_##suffix b = {activation, slope, n, y, dy, dx, dense_current()};                                        \
    aviary_parallel((n + chunk - 1) / chunk, run_backward_##suffix, &b);                                             \
  }

BACKWARD(f32, float)
BACKWARD(f64, double)
