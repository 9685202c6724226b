#pragma once

// Fused elementwise programs: many operations in one pass over memory.
//
// A program works on virtual registers, each holding a block of the arrays that stays in the first-level cache. It runs
// block by block; values that are neither loaded nor stored never reach memory. Optimizer updates and chains of
// elementwise operations run at the speed of the memory they must touch.

#include <stdbool.h>
#include <stdint.h>

#include "AviaryTypes.h"

#pragma clang assume_nonnull begin

/// The number of virtual registers of a program.
#define AVIARY_PROGRAM_REGISTERS 16

/// The largest number of inputs, and of outputs, of a program.
#define AVIARY_PROGRAM_ARRAYS 16

/// The operation of an instruction; d, a, b, c are registers, k is the instruction's constant.
typedef enum : uint8_t {
  /// d = input number a, the current block.
  AVIARY_PROGRAM_LOAD = 0,
  /// output number d = register a.
  AVIARY_PROGRAM_STORE,
  /// d = k.
  AVIARY_PROGRAM_CONSTANT,
  /// d = a.
  AVIARY_PROGRAM_COPY,
  /// d = a + b.
  AVIARY_PROGRAM_ADD,
  /// d = a - b.
  AVIARY_PROGRAM_SUBTRACT,
  /// d = a · b.
  AVIARY_PROGRAM_MULTIPLY,
  /// d = a / b.
  AVIARY_PROGRAM_DIVIDE,
  /// d = the larger of a and b; NaN if one is NaN.
  AVIARY_PROGRAM_MAXIMUM,
  /// d = the smaller of a and b; NaN if one is NaN.
  AVIARY_PROGRAM_MINIMUM,
  /// d = a + k.
  AVIARY_PROGRAM_ADD_CONSTANT,
  /// d = k - a.
  AVIARY_PROGRAM_SUBTRACT_FROM_CONSTANT,
  /// d = a · k.
  AVIARY_PROGRAM_MULTIPLY_CONSTANT,
  /// d = k / a.
  AVIARY_PROGRAM_DIVIDE_CONSTANT_BY,
  /// d = the larger of a and k; NaN if a is NaN.
  AVIARY_PROGRAM_MAXIMUM_CONSTANT,
  /// d = the smaller of a and k; NaN if a is NaN.
  AVIARY_PROGRAM_MINIMUM_CONSTANT,
  /// d = a · b + c, rounded once if the processor can.
  AVIARY_PROGRAM_MULTIPLY_ADD,
  /// d = a · k + b, rounded once if the processor can.
  AVIARY_PROGRAM_MULTIPLY_CONSTANT_ADD,
  /// d = -a.
  AVIARY_PROGRAM_NEGATE,
  /// d = |a|.
  AVIARY_PROGRAM_ABS,
  /// d = -1, 0, 1 by the sign of a; NaN stays NaN.
  AVIARY_PROGRAM_SIGN,
  /// d = a².
  AVIARY_PROGRAM_SQUARE,
  /// d = √a.
  AVIARY_PROGRAM_SQRT,
  /// d = 1 / √a.
  AVIARY_PROGRAM_RSQRT,
  /// d = 1 / a.
  AVIARY_PROGRAM_RECIPROCAL,
  /// d = eᵃ.
  AVIARY_PROGRAM_EXP,
  /// d = the natural logarithm of a.
  AVIARY_PROGRAM_LOG,
  /// d = tanh a.
  AVIARY_PROGRAM_TANH,
  /// d = 1 / (1 + e⁻ᵃ).
  AVIARY_PROGRAM_SIGMOID,
  /// d = max(a, 0); NaN stays NaN.
  AVIARY_PROGRAM_RELU,
  /// d = aᵏ.
  AVIARY_PROGRAM_POWER_CONSTANT,
  /// d = 1 where a > b, otherwise 0.
  AVIARY_PROGRAM_GREATER,
  /// d = 1 where a ≥ b, otherwise 0.
  AVIARY_PROGRAM_GREATER_EQUAL,
  /// d = 1 where a > k, otherwise 0.
  AVIARY_PROGRAM_GREATER_CONSTANT,
  /// d = a where c ≠ 0, otherwise b.
  AVIARY_PROGRAM_SELECT,
} aviary_program_op;

/// One instruction of a program.
typedef struct {
  /// The operation, an `aviary_program_op`.
  uint8_t op;
  /// The register written; for AVIARY_PROGRAM_STORE the output's number.
  uint8_t destination;
  /// The first operand; for AVIARY_PROGRAM_LOAD the input's number.
  uint8_t a;
  /// The second operand.
  uint8_t b;
  /// The third operand.
  uint8_t c;
  /// The constant; rounded to the program's dtype before use.
  double constant;
} aviary_instruction;

/// Whether a program is well formed: known operations, registers below AVIARY_PROGRAM_REGISTERS that are written before
/// they are read, array numbers below `inputs` and `outputs`.
bool aviary_program_is_valid(
  const aviary_instruction *code, intptr_t length, intptr_t inputs, intptr_t outputs);

/// Runs a valid program over arrays of n contiguous elements, float32 or float64 (otherwise returns false).
///
/// An output may be the same array as an input (an update in place); other overlaps are undefined. An input that the
/// program loads after it stored to the same array sees the new values. Elements do not depend on each other, so
/// results have the same bits for any number of threads.
bool aviary_run_program(
  aviary_dtype type, intptr_t n, const aviary_instruction *code, intptr_t length,
  const void *_Nonnull const *_Nullable inputs, void *_Nonnull const *_Nullable outputs);

#pragma clang assume_nonnull end
