// Like Real32.h, in double precision.
#define R double
#define V vf64
#define VI vi64
#define L (AVIARY_VECTOR_BYTES / 8)
#define VF(name) vf64_##name
#define F(name) name##_f64
