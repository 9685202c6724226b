// From here on templates are of float32: T, V (a vector), I (a vector of integers as wide), COUNT (its elements),
// VF(name) of Vector.h and VectorMath.h, FN(name) of the templates, LIBM(name) of the C library.
#define T float
#define V vf32
#define I vi32
#define COUNT vf32_count
#define IS_FLOAT 1
#define VF(NAME) vf32_##NAME
#define FN(NAME) NAME##_f32
#define LIBM(NAME) NAME##f
