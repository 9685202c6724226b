// Splits ranges of random numbers over threads. A task is a range of the sequence, so the numbers do not depend on the
// threads.

#include <math.h>
#include <string.h>

#include "../Kernels.h"

typedef struct {
  random_kernel *kernel;
  void (*words)(uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, uint32_t *out);
  uint64_t key, stream, offset;
  double p, q;
  size_t size;
  const char *x;
  char *out;
} random_work;

static void random_range(const void *context, intptr_t start, intptr_t end) {
  const random_work *w = context;
  const size_t skip = (size_t)start * w->size;
  const uint64_t offset = w->offset + (uint64_t)start;
  if (w->words) {
    w->words(w->key, w->stream, offset, end - start, (uint32_t *)w->out + start);
  } else {
    w->kernel(w->key, w->stream, offset, end - start, w->p, w->q, w->x ? w->x + skip : NULL, w->out + skip);
  }
}

void aviary_random_bits(uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, uint32_t *out) {
  const random_work work = {NULL, vectors()->random_words, key, stream, offset, 0, 0, 4, NULL, (char *)out};
  aviary_for_ranges(n, TASK_CHEAP, random_range, &work);
}

static void run(
  random_kernel *kernel, uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double p, double q, size_t size,
  const void *x, void *out
) {
  const random_work work = {kernel, NULL, key, stream, offset, p, q, size, x, out};
  aviary_for_ranges(n, TASK_DEAR, random_range, &work);
}

#define FILL(NAME, KERNEL, S, T) \
  void aviary_random_##NAME##_##S( \
    uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, T p, T q, T *out \
  ) { \
    run(vectors()->S.KERNEL, key, stream, offset, n, (double)p, (double)q, sizeof(T), NULL, out); \
  }
FILL(uniform, uniform, f32, float)
FILL(uniform, uniform, f64, double)
FILL(normal, normal, f32, float)
FILL(normal, normal, f64, double)
FILL(truncated_normal, truncated_normal, f32, float)
FILL(truncated_normal, truncated_normal, f64, double)

/// Words below this number count as true.
static uint64_t true_words(double probability) {
  if (!(probability > 0)) return 0;
  return probability >= 1 ? 0x100000000 : (uint64_t)llrint(probability * 0x1p32);
}

void aviary_random_bernoulli(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double probability, bool *out
) {
  const uint64_t count = true_words(probability);
  if (count == 0) {
    memset(out, 0, (size_t)n);
  } else {
    run(vectors()->bernoulli, key, stream, offset, n, (double)(count - 1), 0, 1, NULL, out);
  }
}

#define MASKS(S, T) \
  void aviary_random_bernoulli_##S( \
    uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double probability, T scale, T *out \
  ) { \
    const uint64_t count = true_words(probability); \
    if (count == 0) { \
      memset(out, 0, (size_t)n * sizeof(T)); \
    } else { \
      run(vectors()->S.bernoulli, key, stream, offset, n, (double)(count - 1), (double)scale, sizeof(T), NULL, out); \
    } \
  } \
  void aviary_random_dropout_##S( \
    uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, double probability, T scale, const T *x, T *y \
  ) { \
    const uint64_t count = true_words(probability); \
    if (count == 0) { \
      memset(y, 0, (size_t)n * sizeof(T)); \
    } else { \
      run(vectors()->S.dropout, key, stream, offset, n, (double)(count - 1), (double)scale, sizeof(T), x, y); \
    } \
  } \
  void aviary_random_sample_##S( \
    uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, const T *p, T *out \
  ) { \
    run(vectors()->S.sample, key, stream, offset, n, 0, 0, sizeof(T), p, out); \
  }
MASKS(f32, float)
MASKS(f64, double)

/// The number of 64-bit draws buffered on the stack.
#define DRAWS 512

void aviary_random_integers(
  uint64_t key, uint64_t stream, uint64_t offset, intptr_t n, int64_t low, uint64_t count, int64_t *out
) {
  uint64_t draws[DRAWS];
  for (intptr_t start = 0; start < n; start += DRAWS) {
    const intptr_t length = n - start < DRAWS ? n - start : DRAWS;
    vectors()->random_words(key, stream, 2 * (offset + (uint64_t)start), 2 * length, (uint32_t *)draws);
    for (intptr_t i = 0; i < length; i++) {
      out[start + i] = (int64_t)((uint64_t)low + (uint64_t)((unsigned __int128)draws[i] * count >> 64));
    }
  }
}

void aviary_random_permutation(uint64_t key, uint64_t stream, intptr_t n, int64_t *out) {
  uint64_t draws[DRAWS], next = 0;
  for (intptr_t i = 0; i < n; i++) out[i] = i;
  for (intptr_t last = n - 1; last > 0; last--) {
    const uint64_t count = (uint64_t)last + 1;
    unsigned __int128 product;
    do {
      if (next % DRAWS == 0) vectors()->random_words(key, stream, 2 * next, 2 * DRAWS, (uint32_t *)draws);
      product = (unsigned __int128)draws[next++ % DRAWS] * count;
      // The remainder matters only below `count`, so the division is rare.
    } while ((uint64_t)product < count && (uint64_t)product < -count % count);
    const intptr_t chosen = (intptr_t)(product >> 64);
    const int64_t value = out[last];
    out[last] = out[chosen];
    out[chosen] = value;
  }
}
