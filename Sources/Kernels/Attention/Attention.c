// Scaled dot-product attention: a task processes one head of one row, some queries at a time, so that only their scores
// are in memory. The backward pass computes the scores again. (Rabe and Staats: Self-attention does not need O(n²)
// memory, 2021.)

#include <math.h>
#include <string.h>

#include "../Kernels.h"
#include "../Numbers.h"
#include "../include/AviaryAttention.h"
#include "../include/AviaryGemm.h"

/// The number of queries processed at a time.
#define BLOCK 64

typedef struct {
  const aviary_attention *pass;
  const float_kernels *kernels;
  aviary_dtype type;
  size_t size;
  char *y;
  const char *dy;
  char *dq, *dk, *dv;
  _Atomic bool failed;
} attention_work;

/// One head of one row: the start of its part of each array, and its number of keys.
typedef struct {
  const char *q, *k, *v;
  size_t q_offset, k_offset, v_offset, y_offset;
  intptr_t keys, q_stride, v_stride;
} head;

static head head_of(const attention_work *w, intptr_t task) {
  const aviary_attention *p = w->pass;
  const intptr_t row = task / p->heads, h = task % p->heads;
  const intptr_t q_stride = p->heads * p->key_width, v_stride = p->heads * p->value_width;
  head result = {
    .keys = p->lengths && p->lengths[row] < p->keys ? (intptr_t)p->lengths[row] : p->keys,
    .q_stride = q_stride,
    .v_stride = v_stride,
    .q_offset = (size_t)(row * p->queries * q_stride + h * p->key_width) * w->size,
    .k_offset = (size_t)(row * p->keys * q_stride + h * p->key_width) * w->size,
    .v_offset = (size_t)(row * p->keys * v_stride + h * p->value_width) * w->size,
    .y_offset = (size_t)(row * p->queries * v_stride + h * p->value_width) * w->size};
  result.q = (const char *)p->q + result.q_offset;
  result.k = (const char *)p->k + result.k_offset;
  result.v = (const char *)p->v + result.v_offset;
  return result;
}

static void product(
  const attention_work *w, bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, const void *a,
  intptr_t lda, const void *b, intptr_t ldb, void *c, intptr_t ldc, bool accumulate
) {
  const aviary_gemm_options options = {.accumulate = accumulate};
  if (w->type == AVIARY_FLOAT32) {
    aviary_gemm_f32(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc, &options);
  } else {
    aviary_gemm_f64(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc, &options);
  }
}

/// The number of keys that a query sees, at least one.
static intptr_t seen(const attention_work *w, const head *h, intptr_t query) {
  if (!w->pass->causal) return h->keys;
  intptr_t last = query + w->pass->keys - w->pass->queries + 1;
  if (last < 1) last = 1;
  return last < h->keys ? last : h->keys;
}

/// Computes the attention weights [count, columns] of queries from `first` on, 0 for keys they do not see; returns the
/// number of columns.
static intptr_t shares(const attention_work *w, const head *h, intptr_t first, intptr_t count, char *scores) {
  const aviary_attention *p = w->pass;
  const intptr_t columns = seen(w, h, first + count - 1);
  product(
    w, false, true, count, columns, p->key_width, h->q + (size_t)(first * h->q_stride) * w->size, h->q_stride, h->k,
    h->q_stride, scores, columns, false);
  w->kernels->scale(count * columns, p->scale, 0, scores, scores);
  for (intptr_t i = 0; i < count && p->causal; i++) {
    for (intptr_t j = seen(w, h, first + i); j < columns; j++) {
      if (w->type == AVIARY_FLOAT32) {
        ((float *)scores)[i * columns + j] = -INFINITY;
      } else {
        ((double *)scores)[i * columns + j] = -INFINITY;
      }
    }
  }
  w->kernels->softmax(count, columns, scores, scores);
  return columns;
}

static intptr_t block_rows(const attention_work *w) { return w->pass->queries < BLOCK ? w->pass->queries : BLOCK; }

static void forward_head(void *context, intptr_t task) {
  attention_work *w = context;
  const aviary_attention *p = w->pass;
  const head h = head_of(w, task);
  const size_t bytes = (size_t)(block_rows(w) * h.keys) * w->size;
  char *scores = aviary_allocate(bytes);
  if (!scores) {
    w->failed = true;
    return;
  }
  for (intptr_t first = 0; first < p->queries; first += BLOCK) {
    const intptr_t count = p->queries - first < BLOCK ? p->queries - first : BLOCK;
    const intptr_t columns = shares(w, &h, first, count, scores);
    product(
      w, false, false, count, p->value_width, columns, scores, columns, h.v, h.v_stride,
      w->y + h.y_offset + (size_t)(first * h.v_stride) * w->size, h.v_stride, false);
  }
  aviary_deallocate(scores, bytes);
}

/// Fills a block of columns with zeros.
static void clear(char *block, intptr_t rows, intptr_t width, intptr_t stride, size_t size) {
  for (intptr_t row = 0; row < rows; row++) memset(block + (size_t)(row * stride) * size, 0, (size_t)width * size);
}

static void backward_head(void *context, intptr_t task) {
  attention_work *w = context;
  const aviary_attention *p = w->pass;
  const head h = head_of(w, task);
  const size_t bytes = (size_t)(block_rows(w) * h.keys) * w->size;
  char *scores = aviary_allocate(2 * bytes), *slopes = scores + bytes;
  if (!scores) {
    w->failed = true;
    return;
  }
  char *dk = w->dk + h.k_offset, *dv = w->dv + h.v_offset;
  clear(dk, p->keys, p->key_width, h.q_stride, w->size);
  clear(dv, p->keys, p->value_width, h.v_stride, w->size);
  for (intptr_t first = 0; first < p->queries; first += BLOCK) {
    const intptr_t count = p->queries - first < BLOCK ? p->queries - first : BLOCK;
    const intptr_t columns = shares(w, &h, first, count, scores);
    const size_t q_place = (size_t)(first * h.q_stride) * w->size;
    const char *dy = w->dy + h.y_offset + (size_t)(first * h.v_stride) * w->size;
    product(w, true, false, columns, p->value_width, count, scores, columns, dy, h.v_stride, dv, h.v_stride, true);
    product(w, false, true, count, columns, p->value_width, dy, h.v_stride, h.v, h.v_stride, slopes, columns, false);
    w->kernels->softmax_backward(count, columns, scores, slopes, slopes);
    w->kernels->scale(count * columns, p->scale, 0, slopes, slopes);
    product(
      w, false, false, count, p->key_width, columns, slopes, columns, h.k, h.q_stride, w->dq + h.q_offset + q_place,
      h.q_stride, false);
    product(
      w, true, false, columns, p->key_width, count, slopes, columns, h.q + q_place, h.q_stride, dk, h.q_stride, true);
  }
  aviary_deallocate(scores, 2 * bytes);
}

static bool run(attention_work *w, void (*body)(void *, intptr_t)) {
  const intptr_t tasks = w->pass->rows * w->pass->heads;
  if (tasks == 1) body(w, 0);
  if (tasks > 1) aviary_parallel(tasks, body, w);
  return !w->failed;
}

bool aviary_attention_forward(aviary_dtype type, const aviary_attention *pass, void *y) {
  attention_work work = {
    .pass = pass, .kernels = float_vectors(type), .type = type, .size = item_size_of(type), .y = y};
  return work.kernels && (pass->queries == 0 || run(&work, forward_head));
}

bool aviary_attention_backward(
  aviary_dtype type, const aviary_attention *pass, const void *dy, void *dq, void *dk, void *dv
) {
  attention_work work = {
    .pass = pass, .kernels = float_vectors(type), .type = type, .size = item_size_of(type), .dy = dy, .dq = dq,
    .dk = dk, .dv = dv};
  return work.kernels && run(&work, backward_head);
}
