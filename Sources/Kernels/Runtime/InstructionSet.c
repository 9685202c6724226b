#include <stdlib.h>
#include <string.h>

#include "AviaryTypes.h"

static const char *const names[] = {"baseline", "avx2", "avx512"};

static aviary_isa best = AVIARY_ISA_BASELINE;
static aviary_isa chosen = AVIARY_ISA_BASELINE;
// 0 for the program's choice; otherwise 1 + the thread's own.
static _Thread_local uint8_t own;

__attribute__((constructor)) static void choose(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2")) {
    best = AVIARY_ISA_AVX2;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq"))
      best = AVIARY_ISA_AVX512;
  }
#endif
  chosen = best;
  const char *wanted = getenv("AVIARY_ISA");
  for (uint8_t i = 0; wanted && i < best; i++)
    if (strcmp(wanted, names[i]) == 0) chosen = (aviary_isa)i;
}

aviary_isa aviary_best_isa(void) { return best; }

aviary_isa aviary_current_isa(void) { return own ? (aviary_isa)(own - 1) : chosen; }

const char *aviary_instruction_set(void) { return names[aviary_current_isa()]; }

bool aviary_use_isa(aviary_isa isa) {
  if (isa > best) return false;
  own = (uint8_t)(isa + 1);
  return true;
}
