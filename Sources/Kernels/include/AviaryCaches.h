#pragma once

#include "AviaryTypes.h"

#pragma clang assume_nonnull begin

/// The data caches of a core, in bytes.
typedef struct aviary_caches {
  /// The first level, of one core.
  intptr_t level1;
  /// The second level, or the core's share where several have one.
  intptr_t level2;
  /// The third level, which all cores share; 0 where there is none, or none is known.
  intptr_t level3;
} aviary_caches;

/// The caches of the processor, read when the program starts. What the system does not tell is taken to be small.
aviary_caches aviary_cache_sizes(void);

/// What the processor calls itself, such as "AMD EPYC 9B45"; its architecture where it does not say.
const char *aviary_processor_name(void);

/// Makes the calling thread plan its products for other caches than those of the processor, as tests do; NULL ends that.
///
/// No result depends on it: caches decide what is packed and how large a task is, not the order of a sum.
void aviary_use_caches(const aviary_caches *_Nullable sizes);

#pragma clang assume_nonnull end
