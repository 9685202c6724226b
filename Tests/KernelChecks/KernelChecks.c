// Runs the kernels on random and degenerate shapes, for the sanitizers: .ci/check-kernels builds them with this program.
//
//     KernelChecks [rounds] [seed]
//
// Results are compared with loops in double precision. Every array is as long as the kernels may use and no longer, so that the
// sanitizer sees what lies beyond. Each instruction set of the processor is taken in turn, and must give the same bits on 1, 2, 3 and
// 7 threads.

#include "KernelChecks.h"

static uint64_t state, digest;

uint64_t next_random(void) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return state >> 33;
}

intptr_t pick(intptr_t first, intptr_t last) { return first + (intptr_t)(next_random() % (uint64_t)(last - first + 1)); }

double number(void) { return (double)next_random() * 0x1p-30 - 1; }

void note(const void *bytes, size_t count) {
  const unsigned char *p = bytes;
  for (size_t i = 0; i < count; i++) digest = (digest ^ p[i]) * 0x100000001b3u;
}

void expect(double found, double wanted, double tolerance, const char *what, intptr_t place) {
  if (fabs(found - wanted) <= tolerance || (found != found && wanted != wanted)) return;
  fprintf(stderr, "%s: %g in place of %g at %td\n", what, found, wanted, place);
  exit(1);
}

void *array(intptr_t count, size_t size) {
  void *memory = malloc((size_t)count * size);
  if (!memory && count > 0) abort();
  return memory;
}

void choose_convolution(aviary_conv2d *s, bool depthwise) {
  *s = (aviary_conv2d){
      .n = pick(0, 3), .h = pick(1, 12), .w = pick(1, 12), .cin = pick(1, 36), .kh = pick(1, 5), .kw = pick(1, 5),
      .cout = pick(1, 36), .stride_h = pick(1, 2), .stride_w = pick(1, 2), .pad_top = pick(0, 4), .pad_left = pick(0, 4),
      .dilation_h = pick(1, 2), .dilation_w = pick(1, 2)};
  if (depthwise) s->cout = s->cin;
  const intptr_t reach_h = (s->kh - 1) * s->dilation_h + 1, reach_w = (s->kw - 1) * s->dilation_w + 1;
  // The window has to fit.
  while (s->h + 2 * s->pad_top < reach_h) s->h++;
  while (s->w + 2 * s->pad_left < reach_w) s->w++;
  s->oh = (s->h + 2 * s->pad_top - reach_h) / s->stride_h + 1;
  s->ow = (s->w + 2 * s->pad_left - reach_w) / s->stride_w + 1;
}

static void check_all(int round) {
  check_products_f32(round);
  check_products_f64(round);
  check_convolutions_f32(round);
  check_convolutions_f64(round);
  check_passes_f32(round);
  check_passes_f64(round);
}

int main(int count, char **arguments) {
  const int rounds = count > 1 ? atoi(arguments[1]) : 3;
  const uint64_t seed = count > 2 ? strtoull(arguments[2], NULL, 10) : 1;
  static const int threads[] = {1, 2, 3, 7};
  for (int isa = AVIARY_ISA_BASELINE; isa <= (int)aviary_best_isa(); isa++) {
    if (!aviary_use_isa((aviary_isa)isa)) continue;
    uint64_t first = 0;
    for (int t = 0; t < 4; t++) {
      aviary_set_threads(threads[t]);
      state = seed;
      digest = 0xcbf29ce484222325u;
      for (int round = 0; round < rounds; round++) check_all(round);
      if (t == 0) first = digest;
      if (digest != first) {
        fprintf(stderr, "%s: other bits on %d threads than on one\n", aviary_instruction_set(), threads[t]);
        return 1;
      }
    }
    printf("%s: rounds of checks on 1, 2, 3 and 7 threads: %d\n", aviary_instruction_set(), rounds);
  }
  return 0;
}
