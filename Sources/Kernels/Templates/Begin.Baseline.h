// The instruction set that every processor of the architecture has: SSE2 on x86-64, NEON on arm64.
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define AVIARY_ISA_LEVEL 0
#define AVIARY_VECTOR_BYTES 16
#if defined(__aarch64__)
#define AVIARY_HAS_FMA 1
#else
#define AVIARY_HAS_FMA 0
#endif
