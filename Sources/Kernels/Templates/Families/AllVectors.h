// All vector kernels of one instruction set, and their table, named TABLE.

#include "ElementaryMath.h"
#include "Streaming.h"
#include "../Vector.h"
#include "../VectorMath.h"

#include "As.Float.h"
#include "Lanes.h"
#include "Elementwise.h"
#include "Reduction.h"
#include "Softmax.h"
#include "Normalization.h"
#include "LinearAlgebra.h"
#include "Program.h"
#include "Recurrence.h"
#include "As.End.h"

#include "As.Double.h"
#include "Lanes.h"
#include "Elementwise.h"
#include "Reduction.h"
#include "Softmax.h"
#include "Normalization.h"
#include "LinearAlgebra.h"
#include "Program.h"
#include "Recurrence.h"
#include "As.End.h"

#include "Random.h"

#define FLOAT_TABLE(S) \
  { \
    .unary = unary_##S, .binary = binary_##S, .scale = scale_##S, .axpy = axpy_##S, .reduce = reduce_##S, \
    .arg_row = arg_row_##S, .all_finite = all_finite_##S, .softmax = softmax_##S, .log_softmax = log_softmax_##S, \
    .softmax_backward = softmax_backward_##S, .log_softmax_backward = log_softmax_backward_##S, \
    .log_sum_exp = log_sum_exp_##S, .cross_entropy = cross_entropy_##S, \
    .cross_entropy_gradient = cross_entropy_gradient_##S, .sigmoid_cross_entropy = sigmoid_cross_entropy_##S, \
    .sigmoid_cross_entropy_gradient = sigmoid_cross_entropy_gradient_##S, .tile = tile_##S, \
    .deviations = deviations_##S, .norm_sums = norm_sums_##S, .norm_apply = norm_apply_##S, \
    .row_norm = row_norm_##S, .row_norm_backward = row_norm_backward_##S, \
    .norm_apply_backward = norm_apply_backward_##S, .run_program = run_program_##S, .cholesky = cholesky_##S, \
    .solve = solve_##S, .triangular_solve = triangular_solve_##S, .uniform = random_uniform_##S, \
    .normal = random_normal_##S, .truncated_normal = random_truncated_normal_##S, \
    .bernoulli = random_bernoulli_##S, .dropout = random_dropout_##S, .sample = random_sample_##S, \
    .recurrent = {rnn_tanh_##S, rnn_relu_##S, lstm_##S, gru_##S}, \
    .recurrent_backward = { \
      rnn_tanh_backward_##S, rnn_relu_backward_##S, lstm_backward_##S, gru_backward_##S} \
  }

const vector_kernels TABLE = {
  .f32 = FLOAT_TABLE(f32),
  .f64 = FLOAT_TABLE(f64),
  .random_words = random_words,
  .bernoulli = random_bernoulli,
};
