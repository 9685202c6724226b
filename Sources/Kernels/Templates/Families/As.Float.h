// Templates included after this are for float32: T, V (a vector), I (a vector of integers of the same width), COUNT
// (its number of elements), VF(name) from Vector.h and VectorMath.h, FN(name) from the templates, LIBM(name) from the C
// library.
#define T float
#define V vf32
#define I vi32
#define COUNT vf32_count
#define IS_FLOAT 1
#define VF(NAME) vf32_##NAME
#define FN(NAME) NAME##_f32
#define LIBM(NAME) NAME##f
