#pragma once

// Recurrent cells over whole sequences, in float32 and float64.

#include "AviaryTypes.h"

#pragma clang assume_nonnull begin

/// The computation of a step from x (the input's part of the gates, including biases), the previous state h, and the
/// weights U; σ is the logistic function, ⊙ the element-wise product.
typedef enum : uint8_t {
  /// h = tanh(x + h·U)
  AVIARY_RNN_TANH = 0,
  /// h = max(x + h·U, 0)
  AVIARY_RNN_RELU,
  /// [i, f, g, o] = x + h·U, to which peepholes p add p₁⊙c, p₂⊙c, 0 and p₃⊙c′; c′ = σ(f)⊙c + σ(i)⊙tanh(g), h = σ(o)⊙tanh(c′).
  /// (Hochreiter and Schmidhuber, 1997; Gers, Schraudolph and Schmidhuber, 2002.)
  AVIARY_LSTM,
  /// [r, z, n] = x and [r′, z′, n′] = h·U; n″ = tanh(n + σ(r + r′)⊙(n′ + b)), h = (1 − z″)⊙n″ + z″⊙h with z″ = σ(z + z′).
  /// (Cho and others, 2014, with the reset gate after the product.)
  AVIARY_GRU
} aviary_cell;

/// A pass over sequences, all arrays row-major and the steps outermost. G is 1 for the plain networks, 4 for the LSTM and
/// 3 for the GRU.
typedef struct aviary_recurrence {
  aviary_cell cell;
  /// Whether the steps run from the last to the first.
  bool reversed;
  intptr_t steps, rows, units;
  /// NULL, or the number of valid steps of each row. In later steps the state stays unchanged.
  const int64_t *_Nullable lengths;
  /// [units, G·units]
  const void *weights;
  /// The LSTM's peepholes [3·units], or NULL; the GRU's b [units].
  const void *_Nullable extra;
  /// NULL, or factors of the state before its product with the weights: [rows, units].
  const void *_Nullable factors;
  /// The states before the first step, [rows, units]; c for the LSTM only.
  const void *h, *_Nullable c;
} aviary_recurrence;

/// The states of all steps, from x [steps, rows, G·units].
///
/// `h` and, of the LSTM, `c` are [steps, rows, units]; `gates` holds values for the backward pass of LSTM and GRU,
/// [steps, rows, 4·units]. Returns false, and writes nothing, for other types, or if there is no memory left. The same
/// bits for any number of threads.
bool aviary_recurrence_forward(
    aviary_dtype type, const aviary_recurrence *pass, const void *x, void *h, void *_Nullable c,
    void *_Nullable gates);

/// The gradients with respect to x, the weights, `extra`, and the states before the first step, from those of `h` and
/// `c`, `dh` and `dc`, which may be NULL. `dextra` may be NULL if `extra` is.
bool aviary_recurrence_backward(
    aviary_dtype type, const aviary_recurrence *pass, const void *h, const void *_Nullable c,
    const void *_Nullable gates, const void *_Nullable dh, const void *_Nullable dc, void *dx, void *dweights,
    void *_Nullable dextra, void *dh_before, void *_Nullable dc_before);

#pragma clang assume_nonnull end
