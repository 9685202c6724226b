#pragma once

#include "AviaryTypes.h"

#pragma clang assume_nonnull begin

/// The data caches of a core, in bytes.
typedef struct aviary_caches {
  /// The first level, of one core.
  intptr_t level1;
  /// The second level, or the core's part of a shared one.
  intptr_t level2;
  /// The third level, which all cores share; 0 if there is none or it is unknown.
  intptr_t level3;
} aviary_caches;

/// The caches of the processor, read when the program starts. Unknown sizes are assumed to be small.
aviary_caches aviary_cache_sizes(void);

/// The processor's name, such as "AMD EPYC 9B45", or its architecture if unknown.
const char *aviary_processor_name(void);

/// Makes the calling thread plan products for caches other than the processor's, for tests; NULL ends this.
///
/// Results do not depend on it: caches determine packing and task sizes, not the order of sums.
void aviary_use_caches(const aviary_caches *_Nullable sizes);

#pragma clang assume_nonnull end
