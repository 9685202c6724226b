// Templates included after this are for float64; As.Float.h lists what is defined.
#define T double
#define V vf64
#define I vi64
#define COUNT vf64_count
#define IS_FLOAT 0
#define VF(NAME) vf64_##NAME
#define FN(NAME) NAME##_f64
#define LIBM(NAME) NAME
