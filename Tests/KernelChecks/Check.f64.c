#define REAL double
#define NAME(X) X##_f64
#define TYPE AVIARY_FLOAT64
#define UNIT 2.3e-16
#include "Check.h"
