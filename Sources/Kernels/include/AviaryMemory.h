#pragma once

#include "AviaryTypes.h"

#pragma clang assume_nonnull begin

/// Memory for at least `bytes` bytes, aligned to 64; not cleared. NULL if there is none left.
///
/// Blocks come from a pool of size classes, four to each power of two. Safe from any thread.
void *_Nullable aviary_allocate(size_t bytes);

/// Gives a block back to the pool, from any thread; `bytes` is the requested size. NULL is ignored.
///
/// The pool keeps free blocks up to one and a half times what was in use at the peak, because sizes do not all peak
/// at once, and never more than a quarter of the machine's memory; beyond that, the blocks idle for longest go back
/// to the system.
void aviary_deallocate(void *_Nullable block, size_t bytes);

/// Returns all free blocks to the system.
void aviary_trim_memory(void);

/// The bytes of the free blocks that the pool keeps.
size_t aviary_pooled_bytes(void);

/// The number of blocks that the pool has requested from the system so far; a warm loop of equal steps requests none.
size_t aviary_system_blocks(void);

#pragma clang assume_nonnull end
