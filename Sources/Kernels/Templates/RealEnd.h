#undef R
#undef V
#undef VI
#undef L
#undef VF
#undef F
