#define REAL float
#define NAME(X) X##_f32
#define TYPE AVIARY_FLOAT32
#define UNIT 1.2e-7
#include "Check.h"
