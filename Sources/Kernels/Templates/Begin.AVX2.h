// AVX2 and FMA. Include only under `#if defined(__x86_64__)`.
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define AVIARY_ISA_LEVEL 1
#define AVIARY_VECTOR_BYTES 32
#define AVIARY_HAS_FMA 1
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2"))), apply_to = function)
