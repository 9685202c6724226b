#include "../include/AviaryLinearAlgebra.h"

#include <math.h>

#define T float
#define FN(NAME) NAME##_f32
#define LIBM(NAME) NAME##f
#include "../Templates/LinearAlgebra.h"
#undef T
#undef FN
#undef LIBM
#define T double
#define FN(NAME) NAME##_f64
#define LIBM(NAME) NAME
#include "../Templates/LinearAlgebra.h"
