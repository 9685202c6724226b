#include <math.h>

#include "../Kernels.h"

/// Elements of a virtual register.
#define BLOCK 256

/// The number of registers an operation reads: bit 0 for a, bit 1 for b, bit 2 for c.
static uint8_t operands_of(aviary_program_op op) {
  switch (op) {
    case AVIARY_PROGRAM_LOAD: case AVIARY_PROGRAM_CONSTANT: return 0;
    case AVIARY_PROGRAM_ADD: case AVIARY_PROGRAM_SUBTRACT: case AVIARY_PROGRAM_MULTIPLY: case AVIARY_PROGRAM_DIVIDE:
    case AVIARY_PROGRAM_MAXIMUM: case AVIARY_PROGRAM_MINIMUM: case AVIARY_PROGRAM_MULTIPLY_CONSTANT_ADD:
    case AVIARY_PROGRAM_GREATER: case AVIARY_PROGRAM_GREATER_EQUAL:
      return 3;
    case AVIARY_PROGRAM_MULTIPLY_ADD: case AVIARY_PROGRAM_SELECT: return 7;
    default: return 1;
  }
}

bool aviary_program_is_valid(const aviary_instruction *code, intptr_t length, intptr_t inputs, intptr_t outputs) {
  uint32_t written = 0;
  if (inputs > AVIARY_PROGRAM_ARRAYS || outputs > AVIARY_PROGRAM_ARRAYS) return false;
  for (intptr_t i = 0; i < length; i++) {
    const aviary_instruction *at = code + i;
    if (at->op > AVIARY_PROGRAM_SELECT) return false;
    if (at->op == AVIARY_PROGRAM_LOAD && at->a >= inputs) return false;
    const uint8_t reads = operands_of(at->op), registers[3] = {at->a, at->b, at->c};
    for (int o = 0; o < 3; o++) {
      if (!(reads >> o & 1)) continue;
      if (registers[o] >= AVIARY_PROGRAM_REGISTERS || !(written >> registers[o] & 1)) return false;
    }
    if (at->op == AVIARY_PROGRAM_STORE) {
      if (at->destination >= outputs) return false;
    } else {
      if (at->destination >= AVIARY_PROGRAM_REGISTERS) return false;
      written |= 1u << at->destination;
    }
  }
  return true;
}

#define EACH(EXPRESSION) \
  for (intptr_t i = 0; i < count; i++) d[i] = (EXPRESSION); \
  break;

#define RUN(S, T, F) \
  static void run_##S( \
    intptr_t n, const aviary_instruction *code, intptr_t length, const void *const *inputs, void *const *outputs \
  ) { \
    T registers[AVIARY_PROGRAM_REGISTERS][BLOCK]; \
    for (intptr_t start = 0; start < n; start += BLOCK) { \
      const intptr_t count = n - start < BLOCK ? n - start : BLOCK; \
      for (intptr_t at = 0; at < length; at++) { \
        const aviary_instruction *step = code + at; \
        const T k = (T)step->constant; \
        const T *a = registers[step->a % AVIARY_PROGRAM_REGISTERS]; \
        const T *b = registers[step->b % AVIARY_PROGRAM_REGISTERS]; \
        const T *c = registers[step->c % AVIARY_PROGRAM_REGISTERS]; \
        T *d = registers[step->destination % AVIARY_PROGRAM_REGISTERS]; \
        switch ((aviary_program_op)step->op) { \
          case AVIARY_PROGRAM_LOAD: EACH(((const T *)inputs[step->a])[start + i]) \
          case AVIARY_PROGRAM_STORE: \
            for (intptr_t i = 0; i < count; i++) ((T *)outputs[step->destination])[start + i] = a[i]; \
            break; \
          case AVIARY_PROGRAM_CONSTANT: EACH(k) \
          case AVIARY_PROGRAM_COPY: EACH(a[i]) \
          case AVIARY_PROGRAM_ADD: EACH(a[i] + b[i]) \
          case AVIARY_PROGRAM_SUBTRACT: EACH(a[i] - b[i]) \
          case AVIARY_PROGRAM_MULTIPLY: EACH(a[i] * b[i]) \
          case AVIARY_PROGRAM_DIVIDE: EACH(a[i] / b[i]) \
          case AVIARY_PROGRAM_MAXIMUM: EACH(a[i] != a[i] || a[i] > b[i] ? a[i] : b[i]) \
          case AVIARY_PROGRAM_MINIMUM: EACH(a[i] != a[i] || a[i] < b[i] ? a[i] : b[i]) \
          case AVIARY_PROGRAM_ADD_CONSTANT: EACH(a[i] + k) \
          case AVIARY_PROGRAM_SUBTRACT_FROM_CONSTANT: EACH(k - a[i]) \
          case AVIARY_PROGRAM_MULTIPLY_CONSTANT: EACH(a[i] * k) \
          case AVIARY_PROGRAM_DIVIDE_CONSTANT_BY: EACH(k / a[i]) \
          case AVIARY_PROGRAM_MAXIMUM_CONSTANT: EACH(a[i] != a[i] || a[i] > k ? a[i] : k) \
          case AVIARY_PROGRAM_MINIMUM_CONSTANT: EACH(a[i] != a[i] || a[i] < k ? a[i] : k) \
          case AVIARY_PROGRAM_MULTIPLY_ADD: EACH(a[i] * b[i] + c[i]) \
          case AVIARY_PROGRAM_MULTIPLY_CONSTANT_ADD: EACH(a[i] * k + b[i]) \
          case AVIARY_PROGRAM_NEGATE: EACH(-a[i]) \
          case AVIARY_PROGRAM_ABS: EACH(F(fabs)(a[i])) \
          case AVIARY_PROGRAM_SIGN: EACH(a[i] > 0 ? 1 : a[i] < 0 ? -1 : a[i]) \
          case AVIARY_PROGRAM_SQUARE: EACH(a[i] * a[i]) \
          case AVIARY_PROGRAM_SQRT: EACH(F(sqrt)(a[i])) \
          case AVIARY_PROGRAM_RSQRT: EACH(1 / F(sqrt)(a[i])) \
          case AVIARY_PROGRAM_RECIPROCAL: EACH(1 / a[i]) \
          case AVIARY_PROGRAM_EXP: EACH(F(exp)(a[i])) \
          case AVIARY_PROGRAM_LOG: EACH(F(log)(a[i])) \
          case AVIARY_PROGRAM_TANH: EACH(F(tanh)(a[i])) \
          case AVIARY_PROGRAM_SIGMOID: EACH(1 / (1 + F(exp)(-a[i]))) \
          case AVIARY_PROGRAM_RELU: EACH(a[i] < 0 ? 0 : a[i]) \
          case AVIARY_PROGRAM_POWER_CONSTANT: EACH(F(pow)(a[i], k)) \
          case AVIARY_PROGRAM_GREATER: EACH(a[i] > b[i]) \
          case AVIARY_PROGRAM_GREATER_EQUAL: EACH(a[i] >= b[i]) \
          case AVIARY_PROGRAM_GREATER_CONSTANT: EACH(a[i] > k) \
          case AVIARY_PROGRAM_SELECT: EACH(c[i] != 0 ? a[i] : b[i]) \
        } \
      } \
    } \
  }
#define SINGLE(NAME) NAME##f
#define DOUBLE(NAME) NAME
RUN(f32, float, SINGLE)
RUN(f64, double, DOUBLE)

bool aviary_run_program(
  aviary_dtype type, intptr_t n, const aviary_instruction *code, intptr_t length, const void *const *inputs,
  void *const *outputs
) {
  if (type == AVIARY_FLOAT32) {
    run_f32(n, code, length, inputs, outputs);
  } else if (type == AVIARY_FLOAT64) {
    run_f64(n, code, length, inputs, outputs);
  } else {
    return false;
  }
  return true;
}
