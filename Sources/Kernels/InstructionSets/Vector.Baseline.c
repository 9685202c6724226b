#include "../Kernels.h"
#include "../Templates/Begin.Baseline.h"
#define TABLE aviary_vector_baseline
#include "../Templates/Families/AllVectors.h"
#include "../Templates/End.h"
