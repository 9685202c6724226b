// Conversions between planes (channel by channel) and images as stored (position by position), for few channels.

#define ZIP_LOW(l, s) ((l) & 1 ? L + (l) / 2 : (l) / 2)
#define ZIP_HIGH(l, s) ((l) & 1 ? L + (L + (l)) / 2 : (L + (l)) / 2)
#define EVEN(l, s) (2 * (l))
#define ODD(l, s) (2 * (l) + 1)
#if L == 16
#define EACH_LANE(f)                                                                                            \
  f(0, 0), f(1, 0), f(2, 0), f(3, 0), f(4, 0), f(5, 0), f(6, 0), f(7, 0), f(8, 0), f(9, 0), f(10, 0), f(11, 0), \
      f(12, 0), f(13, 0), f(14, 0), f(15, 0)
#elif L == 8
#define EACH_LANE(f) f(0, 0), f(1, 0), f(2, 0), f(3, 0), f(4, 0), f(5, 0), f(6, 0), f(7, 0)
#elif L == 4
#define EACH_LANE(f) f(0, 0), f(1, 0), f(2, 0), f(3, 0)
#else
#define EACH_LANE(f) f(0, 0), f(1, 0)
#endif

/// Interleaves: v[c] holds channel c of L positions; afterwards the vectors hold one position after another. c is 2, 4
/// or 8.
AVIARY_INLINE void F(zip)(const int c, V v[8]) {
#pragma clang loop unroll(full)
  for (int round = 1; round < c; round *= 2) {
    V w[8];
#pragma clang loop unroll(full)
    for (int i = 0; i < c / 2; i++) {
      w[2 * i] = __builtin_shufflevector(v[i], v[i + c / 2], EACH_LANE(ZIP_LOW));
      w[2 * i + 1] = __builtin_shufflevector(v[i], v[i + c / 2], EACH_LANE(ZIP_HIGH));
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < c; i++) v[i] = w[i];
  }
}

/// The reverse.
AVIARY_INLINE void F(unzip)(const int c, V v[8]) {
#pragma clang loop unroll(full)
  for (int round = 1; round < c; round *= 2) {
    V w[8];
#pragma clang loop unroll(full)
    for (int i = 0; i < c / 2; i++) {
      w[i] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], EACH_LANE(EVEN));
      w[i + c / 2] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], EACH_LANE(ODD));
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < c; i++) v[i] = w[i];
  }
}
#undef EACH_LANE
#undef ODD
#undef EVEN
#undef ZIP_HIGH
#undef ZIP_LOW

AVIARY_INLINE intptr_t F(clamped)(intptr_t count) { return count < 0 ? 0 : count > L ? L : count; }

AVIARY_INLINE void F(interleave_run)(const int c, intptr_t width, const R *planes, intptr_t plane, R *to) {
  V v[8];
  intptr_t j = 0;
  for (; j + L <= width; j += L) {
#pragma clang loop unroll(full)
    for (int i = 0; i < c; i++) v[i] = VF(load)(planes + i * plane + j);
    F(zip)(c, v);
#pragma clang loop unroll(full)
    for (int i = 0; i < c; i++) VF(store)(to + j * c + i * L, v[i]);
  }
  intptr_t count = width - j;
  if (count == 0) return;
#pragma clang loop unroll(full)
  for (int i = 0; i < c; i++) v[i] = VF(load_partial)(planes + i * plane + j, count);
  F(zip)(c, v);
#pragma clang loop unroll(full)
  for (int i = 0; i < c; i++) VF(store_partial)(to + j * c + i * L, v[i], F(clamped)(count * c - i * L));
}

AVIARY_INLINE void F(split_run)(const int c, intptr_t width, const R *from, R *planes, intptr_t plane) {
  V v[8];
  intptr_t j = 0;
  for (; j + L <= width; j += L) {
#pragma clang loop unroll(full)
    for (int i = 0; i < c; i++) v[i] = VF(load)(from + j * c + i * L);
    F(unzip)(c, v);
#pragma clang loop unroll(full)
    for (int i = 0; i < c; i++) VF(store)(planes + i * plane + j, v[i]);
  }
  intptr_t count = width - j;
  if (count == 0) return;
#pragma clang loop unroll(full)
  for (int i = 0; i < c; i++) v[i] = VF(load_partial)(from + j * c + i * L, F(clamped)(count * c - i * L));
  F(unzip)(c, v);
#pragma clang loop unroll(full)
  for (int i = 0; i < c; i++) VF(store_partial)(planes + i * plane + j, v[i], count);
}

/// to[j·c + i] = planes[i·plane + j] for i < c, j < width.
static void F(interleave)(intptr_t c, intptr_t width, const R *planes, intptr_t plane, R *to) {
  switch (c) {
    case 1: memcpy(to, planes, (size_t)width * sizeof(R)); break;
    case 2: F(interleave_run)(2, width, planes, plane, to); break;
    case 4: F(interleave_run)(4, width, planes, plane, to); break;
    case 8: F(interleave_run)(8, width, planes, plane, to); break;
    default: F(pack_columns)(width, c, planes, plane, to, c, c);
  }
}

/// planes[i·plane + j] = from[j·c + i] for i < c, j < width.
static void F(split)(intptr_t c, intptr_t width, const R *from, R *planes, intptr_t plane) {
  switch (c) {
    case 1: memcpy(planes, from, (size_t)width * sizeof(R)); break;
    case 2: F(split_run)(2, width, from, planes, plane); break;
    case 4: F(split_run)(4, width, from, planes, plane); break;
    case 8: F(split_run)(8, width, from, planes, plane); break;
    default: F(pack_columns)(c, width, from, c, planes, width, plane);
  }
}
