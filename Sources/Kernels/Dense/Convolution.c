#include "AviaryConvolution.h"
#include <math.h>
#include <string.h>
static inline float activate_f32(aviary_activation a, float slope, float x) { switch (a) { case AVIARY_RELU: return x < 0 ? 0 : x; case AVIARY_LEAKY_RELU: return x < 0 ? slope * x : x; case AVIARY_SIGMOID: return 1 / (1 + expf(-x)); case AVIARY_TANH: return tanhf(x); default: return x; } }
static inline double activate_f64(aviary_activation a, double slope, double x) { switch (a) { case AVIARY_RELU: return x < 0 ? 0 : x; case AVIARY_LEAKY_RELU: return x < 0 ? slope * x : x; case AVIARY_SIGMOID: return 1 / (1 + exp(-x)); case AVIARY_TANH: return tanh(x); default: return x; } }
#define R float
#define NAME(x) x##_f32
#include "../Templates/NaiveConvolution.h"
#undef R
#undef NAME
#define R double
#define NAME(x) x##_f64
#include "../Templates/NaiveConvolution.h"
