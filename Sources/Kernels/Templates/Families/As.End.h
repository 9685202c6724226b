// Undefines what As.Float.h and As.Double.h define.
#undef T
#undef V
#undef I
#undef COUNT
#undef IS_FLOAT
#undef VF
#undef FN
#undef LIBM
