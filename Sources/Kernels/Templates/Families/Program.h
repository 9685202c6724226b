// The interpreter of elementwise programs for one float type. Virtual registers are blocks of 2 KiB, so that a dozen of
// them stay in the first-level cache and the cost of decoding an instruction is negligible.

enum { FN(block) = 2048 / sizeof(T) };

#define EACH(EXPRESSION) \
  for (intptr_t i = 0; i < count; i += COUNT) { \
    const intptr_t rest = count - i; \
    FN(store)(d + i, (EXPRESSION), rest); \
  } \
  break;
#define A FN(load)(pa + i, rest)
#define B FN(load)(pb + i, rest)
#define C FN(load)(pc + i, rest)

/// One instruction on one block.
AVIARY_INLINE void FN(run_step)(
  aviary_program_op op, intptr_t count, T *d, const T *pa, const T *pb, const T *pc, T constant
) {
  const V k = VF(set)(constant), one = VF(set)(1), zero = VF(set)(0);
  switch (op) {
    case AVIARY_PROGRAM_LOAD:
    case AVIARY_PROGRAM_COPY: EACH(A)
    case AVIARY_PROGRAM_STORE:
      // Bypasses the caches, except for the remainder at the end of the array.
      for (; count >= COUNT; count -= COUNT, pa += COUNT, d += COUNT) {
        __builtin_nontemporal_store(VF(load)(pa), (V *)d);
      }
      EACH(A)
    case AVIARY_PROGRAM_CONSTANT: EACH(k)
    case AVIARY_PROGRAM_ADD: EACH(A + B)
    case AVIARY_PROGRAM_SUBTRACT: EACH(A - B)
    case AVIARY_PROGRAM_MULTIPLY: EACH(A * B)
    case AVIARY_PROGRAM_DIVIDE: EACH(A / B)
    case AVIARY_PROGRAM_MAXIMUM: EACH(FN(max)(A, B))
    case AVIARY_PROGRAM_MINIMUM: EACH(FN(min)(A, B))
    case AVIARY_PROGRAM_ADD_CONSTANT: EACH(A + k)
    case AVIARY_PROGRAM_SUBTRACT_FROM_CONSTANT: EACH(k - A)
    case AVIARY_PROGRAM_MULTIPLY_CONSTANT: EACH(A * k)
    case AVIARY_PROGRAM_DIVIDE_CONSTANT_BY: EACH(k / A)
    case AVIARY_PROGRAM_MAXIMUM_CONSTANT: EACH(FN(max)(A, k))
    case AVIARY_PROGRAM_MINIMUM_CONSTANT: EACH(FN(min)(A, k))
    case AVIARY_PROGRAM_MULTIPLY_ADD: EACH(VF(fma)(A, B, C))
    case AVIARY_PROGRAM_MULTIPLY_CONSTANT_ADD: EACH(VF(fma)(A, k, B))
    case AVIARY_PROGRAM_NEGATE: EACH(-A)
    case AVIARY_PROGRAM_ABS: EACH(VF(abs)(A))
    case AVIARY_PROGRAM_SIGN: EACH(FN(sign)(A))
    case AVIARY_PROGRAM_SQUARE: EACH(A * A)
    case AVIARY_PROGRAM_SQRT: EACH(FN(sqrt)(A))
    case AVIARY_PROGRAM_RSQRT: EACH(one / FN(sqrt)(A))
    case AVIARY_PROGRAM_RECIPROCAL: EACH(one / A)
    case AVIARY_PROGRAM_EXP: EACH(VF(exp)(A))
    case AVIARY_PROGRAM_LOG: EACH(VF(log)(A))
    case AVIARY_PROGRAM_TANH: EACH(VF(tanh)(A))
    case AVIARY_PROGRAM_SIGMOID: EACH(VF(sigmoid)(A))
    case AVIARY_PROGRAM_RELU: EACH(FN(relu)(A))
    case AVIARY_PROGRAM_POWER_CONSTANT: EACH(VF(pow)(A, k))
    case AVIARY_PROGRAM_GREATER: EACH(A > B ? one : zero)
    case AVIARY_PROGRAM_GREATER_EQUAL: EACH(A >= B ? one : zero)
    case AVIARY_PROGRAM_GREATER_CONSTANT: EACH(A > k ? one : zero)
    case AVIARY_PROGRAM_SELECT: EACH(C != zero ? A : B)
  }
}

#undef EACH
#undef A
#undef B
#undef C

static void FN(run_program)(intptr_t start, intptr_t end, const program_step *steps, intptr_t length, bool stream) {
  T registers[AVIARY_PROGRAM_REGISTERS][FN(block)] __attribute__((aligned(64)));
#define AT(OPERAND) (step->OPERAND.array ? (T *)step->OPERAND.array + at : registers[step->OPERAND.index])
  for (intptr_t at = start; at < end; at += FN(block)) {
    const intptr_t count = end - at < FN(block) ? end - at : FN(block);
    for (const program_step *step = steps; step < steps + length; step++) {
      FN(run_step)((aviary_program_op)step->op, count, AT(d), AT(a), AT(b), AT(c), (T)step->constant);
    }
  }
#undef AT
  if (stream) stream_fence();
}
