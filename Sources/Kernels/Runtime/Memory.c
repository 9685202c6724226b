#include "AviaryMemory.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#if defined(__linux__)
#include <sched.h>
#include <sys/mman.h>
#else
#include <sched.h>
#endif

// Free blocks are kept in one list per size class. Classes below `small_limit` may each keep `small_bytes`. Those above
// share a bound; if it is exceeded, the least recently used class releases its blocks first.

enum {
  alignment = 64,
  first_shift = 6,                  // the smallest class is 64 bytes
  class_count = (48 - first_shift) * 4,
  small_class = (17 - first_shift) * 4,  // the first class of 128 KiB and more
};
static const size_t small_bytes = 2 << 20;
static const size_t huge_page = 2 << 20;

typedef struct free_block {
  struct free_block *next;
} free_block;

typedef struct size_class {
  _Alignas(64) atomic_bool locked;
  uint32_t count;
  uint32_t most;
  free_block *first;
  _Atomic uint64_t used;  // the tick of the last use; large classes only
} size_class;

static size_class classes[class_count];
static _Atomic size_t large_pooled, large_in_use, large_peak;
static _Atomic uint64_t tick;
static _Atomic size_t system_blocks;
static size_t memory_quarter = 1 << 30;

__attribute__((constructor)) static void measure_memory(void) {
  long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  if (pages > 0 && size > 0) memory_quarter = (size_t)pages / 4 * (size_t)size;
}

/// The class of a size: sizes are 64 · 2^e · (4 + f) / 4, f from 0 to 3, and class = 4·e + f.
static inline unsigned class_of(size_t bytes) {
  if (bytes <= alignment) return 0;
  size_t last = bytes - 1;
  unsigned exponent = 63 - (unsigned)__builtin_clzll(last);
  unsigned quarter = (unsigned)(last >> (exponent - 2)) & 3;
  return (exponent - first_shift) * 4 + quarter + 1;
}

static inline size_t size_of(unsigned class) {
  size_t size = ((size_t)4 + (class & 3)) << (class / 4 + first_shift - 2);
  return (size + alignment - 1) & ~(size_t)(alignment - 1);
}

static inline void lock(size_class *class) {
  unsigned tries = 0;
  while (atomic_exchange_explicit(&class->locked, true, memory_order_acquire))
    while (atomic_load_explicit(&class->locked, memory_order_relaxed))
      if (++tries % 128 == 0) sched_yield();
}

static inline void unlock(size_class *class) {
  atomic_store_explicit(&class->locked, false, memory_order_release);
}

static void *from_system(size_t bytes) {
  void *block = NULL;
  bool huge = bytes >= 4 * huge_page;
  if (posix_memalign(&block, huge ? huge_page : alignment, bytes) != 0) return NULL;
  atomic_fetch_add_explicit(&system_blocks, 1, memory_order_relaxed);
#if defined(__linux__)
  if (huge) madvise(block, bytes & ~(huge_page - 1), MADV_HUGEPAGE);
#endif
  return block;
}

/// Releases all free blocks of a class, or as many as bring the large ones down to `bound`.
static void release_class(unsigned index, size_t bound) {
  size_class *class = &classes[index];
  size_t bytes = size_of(index);
  for (;;) {
    if (index >= small_class && atomic_load(&large_pooled) <= bound) return;
    lock(class);
    free_block *block = class->first;
    if (block) {
      class->first = block->next;
      class->count--;
    }
    unlock(class);
    if (!block) return;
    if (index >= small_class) atomic_fetch_sub(&large_pooled, bytes);
    free(block);
  }
}

static size_t large_bound(void) {
  size_t peak = atomic_load_explicit(&large_peak, memory_order_relaxed);
  size_t least = (size_t)64 << 20, wanted = peak + peak / 2;
  size_t bound = wanted > least ? wanted : least;
  return bound < memory_quarter ? bound : memory_quarter;
}

static void shrink_to(size_t bound) {
  while (atomic_load(&large_pooled) > bound) {
    unsigned oldest = class_count;
    uint64_t age = UINT64_MAX;
    for (unsigned i = small_class; i < class_count; i++) {
      lock(&classes[i]);
      bool any = classes[i].first != NULL;
      unlock(&classes[i]);
      uint64_t used = atomic_load_explicit(&classes[i].used, memory_order_relaxed);
      if (any && used < age) {
        age = used;
        oldest = i;
      }
    }
    if (oldest == class_count) return;
    release_class(oldest, bound);
  }
}

static void note_large_use(size_class *class, size_t bytes) {
  atomic_store_explicit(&class->used, atomic_fetch_add(&tick, 1), memory_order_relaxed);
  size_t used = atomic_fetch_add(&large_in_use, bytes) + bytes;
  size_t peak = atomic_load(&large_peak);
  while (used > peak && !atomic_compare_exchange_weak(&large_peak, &peak, used)) continue;
}

// AddressSanitizer detects accesses beyond a block only if it comes from the system with exactly the requested size.
#if __has_feature(address_sanitizer)
enum { pools = false };
#else
enum { pools = true };
#endif

void *aviary_allocate(size_t bytes) {
  if (bytes > (size_t)1 << 46) return NULL;
  if (!pools) return from_system(bytes > 0 ? bytes : 1);
  unsigned index = class_of(bytes);
  size_class *class = &classes[index];
  lock(class);
  free_block *block = class->first;
  if (block) {
    class->first = block->next;
    class->count--;
  }
  unlock(class);
  size_t size = size_of(index);
  if (index >= small_class && block) atomic_fetch_sub(&large_pooled, size);
  if (!block) block = from_system(size);
  if (!block) {
    aviary_trim_memory();
    block = from_system(size);
  }
  if (index >= small_class && block) note_large_use(class, size);
  return block;
}

void aviary_deallocate(void *pointer, size_t bytes) {
  if (!pointer) return;
  if (!pools) {
    free(pointer);
    return;
  }
  unsigned index = class_of(bytes);
  size_class *class = &classes[index];
  free_block *block = pointer;
  bool large = index >= small_class;
  size_t size = large ? size_of(index) : 0;
  lock(class);
  if (!large && class->most == 0) class->most = (uint32_t)(small_bytes / size_of(index));
  bool keep = large || class->count < class->most;
  if (keep) {
    block->next = class->first;
    class->first = block;
    class->count++;
  }
  unlock(class);
  if (!keep) free(block);
  if (!large) return;
  atomic_store_explicit(&class->used, atomic_fetch_add(&tick, 1), memory_order_relaxed);
  atomic_fetch_sub(&large_in_use, size);
  size_t pooled = atomic_fetch_add(&large_pooled, size) + size;
  size_t bound = large_bound();
  if (pooled > bound) shrink_to(bound);
}

void aviary_trim_memory(void) {
  for (unsigned i = 0; i < class_count; i++) release_class(i, 0);
  atomic_store(&large_peak, atomic_load(&large_in_use));
}

size_t aviary_pooled_bytes(void) {
  size_t total = 0;
  for (unsigned i = 0; i < class_count; i++) {
    lock(&classes[i]);
    total += classes[i].count * size_of(i);
    unlock(&classes[i]);
  }
  return total;
}

size_t aviary_system_blocks(void) { return atomic_load_explicit(&system_blocks, memory_order_relaxed); }
