#if defined(__x86_64__)

#include "../Kernels.h"
#include "../Templates/Begin.AVX512.h"
#define TABLE aviary_vector_avx512
#include "../Templates/Families/AllVectors.h"
#include "../Templates/End.h"

#endif
