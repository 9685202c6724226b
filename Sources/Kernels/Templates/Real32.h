// Names for templates in single precision: R the number type, V its vector of L elements, VF(f) a function of Vector.h
// or VectorMath.h, F(f) a function of the template. RealEnd.h undefines them.
#define R float
#define V vf32
#define VI vi32
#define L (AVIARY_VECTOR_BYTES / 4)
#define VF(name) vf32_##name
#define F(name) name##_f32
