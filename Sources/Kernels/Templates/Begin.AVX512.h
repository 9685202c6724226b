// AVX-512 F, VL, BW and DQ. Include only under `#if defined(__x86_64__)`.
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define AVIARY_ISA_LEVEL 2
#define AVIARY_VECTOR_BYTES 64
#define AVIARY_HAS_FMA 1
#pragma clang attribute push( \
    __attribute__((target("avx2,fma,bmi,bmi2,avx512f,avx512vl,avx512bw,avx512dq"))), apply_to = function)
