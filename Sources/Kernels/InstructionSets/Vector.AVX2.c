#if defined(__x86_64__)

#include "../Kernels.h"
#include "../Templates/Begin.AVX2.h"
#define TABLE aviary_vector_avx2
#include "../Templates/Families/AllVectors.h"
#include "../Templates/End.h"

#endif
