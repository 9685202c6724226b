// Closes what a Begin.*.h opened.
#if AVIARY_ISA_LEVEL > 0
#pragma clang attribute pop
#endif
