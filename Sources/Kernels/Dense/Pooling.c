#include "AviaryConvolution.h"
#include <math.h>
#include <string.h>
#define R float
#define NAME(x) x##_f32
#include "../Templates/NaivePooling.h"
#undef R
#undef NAME
#define R double
#define NAME(x) x##_f64
#include "../Templates/NaivePooling.h"
