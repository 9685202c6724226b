// Stores that bypass the caches, for results that are larger than these.
#pragma once

#include "../Vector.h"

/// Makes streaming stores visible to other threads before what follows.
AVIARY_INLINE void stream_fence(void) {
#if defined(__x86_64__)
  __builtin_ia32_sfence();
#endif
}

static const int32_t lane_numbers_32[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static const int64_t lane_numbers_64[8] = {0, 1, 2, 3, 4, 5, 6, 7};
