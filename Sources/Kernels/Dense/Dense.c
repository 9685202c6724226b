#include "Dense.h"

#include <stdio.h>
#include <stdlib.h>

const dense_table *dense_current(void) {
#if defined(__x86_64__)
  switch (aviary_current_isa()) {
    case AVIARY_ISA_AVX512: return &dense_avx512;
    case AVIARY_ISA_AVX2: return &dense_avx2;
    default: return &dense_baseline;
  }
#else
  return &dense_baseline;
#endif
}

void *dense_scratch(size_t bytes) {
  void *block = aviary_allocate(bytes);
  if (block) return block;
  fprintf(stderr, "Aviary: no memory for %zu bytes that a kernel needs while it works.\n", bytes);
  abort();
}
