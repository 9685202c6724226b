#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// The type of a tensor's elements. The two 16-bit floating-point types are for storage alone.
typedef enum : uint8_t {
  AVIARY_BOOL = 0,
  AVIARY_INT8,
  AVIARY_INT16,
  AVIARY_INT32,
  AVIARY_INT64,
  AVIARY_UINT8,
  AVIARY_UINT16,
  AVIARY_UINT32,
  AVIARY_UINT64,
  AVIARY_FLOAT16,
  AVIARY_BFLOAT16,
  AVIARY_FLOAT32,
  AVIARY_FLOAT64
} aviary_dtype;

/// An activation that a matrix product or convolution applies to its result in registers.
/// Each derivative is a function of the output, so the backward pass needs only the output.
typedef enum : uint8_t {
  /// f(x) = x
  AVIARY_IDENTITY = 0,
  /// f(x) = max(x, 0); NaN stays NaN
  AVIARY_RELU,
  /// f(x) = x where x > 0, slope·x elsewhere; the slope is at least 0
  AVIARY_LEAKY_RELU,
  /// f(x) = 1 / (1 + exp(−x))
  AVIARY_SIGMOID,
  /// f(x) = tanh x
  AVIARY_TANH
} aviary_activation;

/// An instruction set that the kernels are compiled for; a higher one includes the lower.
typedef enum : uint8_t {
  /// SSE2 on x86-64, NEON on arm64.
  AVIARY_ISA_BASELINE = 0,
  /// AVX2 and FMA.
  AVIARY_ISA_AVX2,
  /// AVX-512 F, VL, BW and DQ.
  AVIARY_ISA_AVX512
} aviary_isa;

/// The name of the instruction set in use: "baseline", "avx2" or "avx512".
///
/// It is the best that the processor has, chosen once when the program starts. The environment variable `AVIARY_ISA`
/// (one of these names) lowers it.
const char *aviary_instruction_set(void);

/// The instruction set that the calling thread's kernels use.
aviary_isa aviary_current_isa(void);

/// The best instruction set that this processor has, whatever the environment says.
aviary_isa aviary_best_isa(void);

/// Makes the kernels that the calling thread calls from now on use an instruction set; other threads keep theirs.
/// For tests, which compare the variants. Returns false, and changes nothing, if the processor lacks it.
bool aviary_use_isa(aviary_isa isa);

#pragma clang assume_nonnull end
