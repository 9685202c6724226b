#pragma once

// Elementwise kernels: unary, binary, selection, copies between layouts, conversions.
//
// Sizes count elements unless they are called bytes. "Contiguous" means row-major without gaps. A stride counts
// elements and may be 0 (the operand is broadcast along that dimension) or negative. The rank is at most
// AVIARY_MAX_RANK. Inputs and output may be the same array where all of them are contiguous; other overlaps are
// undefined. Every kernel gives the same bits for any number of threads.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "AviaryTypes.h"

#pragma clang assume_nonnull begin

/// The largest rank that the strided kernels accept.
#define AVIARY_MAX_RANK 16

/// A function of one element.
///
/// "Floats" are float32 and float64; "numbers" are these and all integers. Integers wrap on overflow.
typedef enum : uint8_t {
  /// -x, for numbers.
  AVIARY_UNARY_NEGATE = 0,
  /// |x|, for numbers.
  AVIARY_UNARY_ABS,
  /// -1, 0 or 1, for numbers; NaN stays NaN.
  AVIARY_UNARY_SIGN,
  /// 1 / x, for floats.
  AVIARY_UNARY_RECIPROCAL,
  /// x², for numbers.
  AVIARY_UNARY_SQUARE,
  /// The nearest integer, halves to even, for numbers (integers stay).
  AVIARY_UNARY_ROUND,
  /// The largest integer not above x, for numbers.
  AVIARY_UNARY_FLOOR,
  /// The smallest integer not below x, for numbers.
  AVIARY_UNARY_CEIL,
  /// √x, for floats.
  AVIARY_UNARY_SQRT,
  /// 1 / √x, for floats.
  AVIARY_UNARY_RSQRT,
  /// eˣ, for floats.
  AVIARY_UNARY_EXP,
  /// eˣ - 1 without cancellation, for floats.
  AVIARY_UNARY_EXPM1,
  /// The natural logarithm, for floats.
  AVIARY_UNARY_LOG,
  /// log(1 + x) without cancellation, for floats.
  AVIARY_UNARY_LOG1P,
  /// The sine of radians, for floats.
  AVIARY_UNARY_SIN,
  /// The cosine of radians, for floats.
  AVIARY_UNARY_COS,
  /// The hyperbolic tangent, for floats.
  AVIARY_UNARY_TANH,
  /// 1 / (1 + e⁻ˣ), for floats.
  AVIARY_UNARY_SIGMOID,
  /// max(x, 0), for numbers; NaN stays NaN.
  AVIARY_UNARY_RELU,
  /// x for x > 0, otherwise parameter · x, for floats.
  AVIARY_UNARY_LEAKY_RELU,
  /// log(1 + eˣ) without overflow, for floats.
  AVIARY_UNARY_SOFTPLUS,
  /// log(1 / (1 + e⁻ˣ)) without overflow, for floats.
  AVIARY_UNARY_LOG_SIGMOID,
  /// 1 for x ≥ 0, otherwise 0, for numbers; NaN gives 0.
  AVIARY_UNARY_STEP,
  /// Logical negation, for bool.
  AVIARY_UNARY_NOT,
  /// Whether x is not a number; numbers in, bool out.
  AVIARY_UNARY_IS_NAN,
  /// Whether x is neither infinite nor NaN; numbers in, bool out.
  AVIARY_UNARY_IS_FINITE,
  /// The error function 2/√π ∫₀ˣ exp(-t²) dt, for floats.
  AVIARY_UNARY_ERF,
  /// The standard normal distribution function ½ (1 + erf(x/√2)), without cancellation below 0, for floats.
  AVIARY_UNARY_NORMAL_CDF,
  /// The density of the standard normal distribution exp(-x²/2) / √(2π), for floats.
  AVIARY_UNARY_NORMAL_DENSITY,
} aviary_unary_op;

/// y[i] = op(x[i]) for n contiguous elements of type `type`; `y` has the same type, or bool for the two predicates.
/// `parameter` is the slope of AVIARY_UNARY_LEAKY_RELU and unused otherwise. `y` may be `x`, except for predicates.
/// Returns false, and writes nothing, if the function is not defined for the type.
bool aviary_unary(
  aviary_unary_op op, aviary_dtype type, intptr_t n, const void *x, void *y, double parameter);

/// A function of two elements. Comparisons and logical operations give bool.
typedef enum : uint8_t {
  /// x + y, for numbers.
  AVIARY_BINARY_ADD = 0,
  /// x - y, for numbers.
  AVIARY_BINARY_SUBTRACT,
  /// x · y, for numbers.
  AVIARY_BINARY_MULTIPLY,
  /// x / y, for floats.
  AVIARY_BINARY_DIVIDE,
  /// x - y ⌊x / y⌋ with the sign of y, for numbers; integers by zero give 0, floats by zero NaN.
  AVIARY_BINARY_FLOOR_MOD,
  /// xʸ, for numbers; a negative integer exponent gives the truncated quotient (1, -1 or 0; 0 for base 0).
  AVIARY_BINARY_POW,
  /// The smaller of both, for numbers and bool; NaN if one is NaN.
  AVIARY_BINARY_MINIMUM,
  /// The larger of both, for numbers and bool; NaN if one is NaN.
  AVIARY_BINARY_MAXIMUM,
  /// x = y, for numbers and bool.
  AVIARY_BINARY_EQUAL,
  /// x ≠ y, for numbers and bool.
  AVIARY_BINARY_NOT_EQUAL,
  /// x < y, for numbers and bool.
  AVIARY_BINARY_LESS,
  /// x ≤ y, for numbers and bool.
  AVIARY_BINARY_LESS_EQUAL,
  /// x > y, for numbers and bool.
  AVIARY_BINARY_GREATER,
  /// x ≥ y, for numbers and bool.
  AVIARY_BINARY_GREATER_EQUAL,
  /// Both, for bool.
  AVIARY_BINARY_LOGICAL_AND,
  /// Either or both, for bool.
  AVIARY_BINARY_LOGICAL_OR,
  /// Exactly one, for bool.
  AVIARY_BINARY_LOGICAL_XOR,
  /// ⌊x / y⌋, for numbers; integers by zero give 0.
  AVIARY_BINARY_INTEGER_DIVIDE,
} aviary_binary_op;

/// out = op(x, y) over a row-major space of `rank` dimensions `dims`; `out` is contiguous, the operands are read with
/// their strides (0 broadcasts). Returns false, and writes nothing, if the function is not defined for the type.
bool aviary_binary(
  aviary_binary_op op, aviary_dtype type, intptr_t rank, const intptr_t *_Nullable dims, const void *x,
  const intptr_t *_Nullable x_strides, const void *y, const intptr_t *_Nullable y_strides,
  void *out);

/// The same for operands that are contiguous (step 1) or one number (step 0), not both of them one number: n elements.
bool aviary_binary_flat(
  aviary_binary_op op, aviary_dtype type, intptr_t n, const void *x, intptr_t x_step, const void *y, intptr_t y_step,
  void *out);

/// out = condition ? x : y over a row-major space; every dtype; `out` is contiguous.
void aviary_select(
  aviary_dtype type, intptr_t rank, const intptr_t *_Nullable dims, const bool *condition,
  const intptr_t *_Nullable condition_strides, const void *x, const intptr_t *_Nullable x_strides,
  const void *y, const intptr_t *_Nullable y_strides, void *out);

/// Gathers a strided view of items of 1, 2, 4, 8 or any other number of bytes into contiguous `destination`.
/// Transposition runs in blocks, contiguous runs are copied at memory speed. The arrays must not overlap.
void aviary_copy_strided(
  size_t item_size, intptr_t rank, const intptr_t *_Nullable dims, const void *source,
  const intptr_t *_Nullable source_strides, void *destination);

/// Scatters contiguous `source` into a strided view; the view must not visit an element twice, nor overlap `source`.
void aviary_copy_to_strided(
  size_t item_size, intptr_t rank, const intptr_t *_Nullable dims, const void *source,
  void *destination, const intptr_t *_Nullable destination_strides);

/// y[i] = x[i] converted, for all pairs of dtypes; the arrays must not overlap.
///
/// A float becomes an integer by truncation, saturates at the range's ends, and NaN gives 0. An integer becomes a
/// narrower one by dropping high bits. Anything becomes bool by comparison with 0. Narrower floats are rounded to the
/// nearest, halves to even.
void aviary_cast(aviary_dtype from, aviary_dtype to, intptr_t n, const void *x, void *y);

/// out[i] = the one element at `value`, which has the dtype `type`.
void aviary_fill(aviary_dtype type, intptr_t n, const void *value, void *out);

/// y[i] += x[i]; float32 and float64 (and integers, wrapping). Returns false for other dtypes.
bool aviary_accumulate(aviary_dtype type, intptr_t n, const void *x, void *y);

/// y[i] += scale · x[i]; float32 and float64. Returns false for other dtypes.
bool aviary_axpy(aviary_dtype type, intptr_t n, double scale, const void *x, void *y);

/// y[i] = scale · x[i] + offset; float32 and float64. `y` may be `x`. Returns false for other dtypes.
bool aviary_scale(
  aviary_dtype type, intptr_t n, double scale, double offset, const void *x, void *y);

#pragma clang assume_nonnull end
