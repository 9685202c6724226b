// Transposes L×L numbers held in L vectors by exchanging ever larger off-diagonal blocks.

// Lane l of the two results of exchanging blocks of s lanes between vectors a (lanes 0…) and b (lanes L…).
#define LOW_LANE(l, s) (((l) & (s)) ? L + (l) - (s) : (l))
#define HIGH_LANE(l, s) (((l) & (s)) ? L + (l) : (l) + (s))
#if L == 16
#define EACH_LANE(f, s)                                                                                         \
  f(0, s), f(1, s), f(2, s), f(3, s), f(4, s), f(5, s), f(6, s), f(7, s), f(8, s), f(9, s), f(10, s), f(11, s), \
      f(12, s), f(13, s), f(14, s), f(15, s)
#elif L == 8
#define EACH_LANE(f, s) f(0, s), f(1, s), f(2, s), f(3, s), f(4, s), f(5, s), f(6, s), f(7, s)
#elif L == 4
#define EACH_LANE(f, s) f(0, s), f(1, s), f(2, s), f(3, s)
#else
#define EACH_LANE(f, s) f(0, s), f(1, s)
#endif

#define LOW_BLOCKS(a, b, s) __builtin_shufflevector(a, b, EACH_LANE(LOW_LANE, s))
#define HIGH_BLOCKS(a, b, s) __builtin_shufflevector(a, b, EACH_LANE(HIGH_LANE, s))
#define EXCHANGE(s)                                  \
  for (int i = 0; i < L; i++)                        \
    if (!(i & (s))) {                                \
      V low = LOW_BLOCKS(v[i], v[i | (s)], s);       \
      v[i | (s)] = HIGH_BLOCKS(v[i], v[i | (s)], s); \
      v[i] = low;                                    \
    }
#define COMBINE(s)           \
  for (int i = 0; i < L; i++) \
    if (!(i & (2 * (s)-1))) v[i] = LOW_BLOCKS(v[i], v[i | (s)], s) + HIGH_BLOCKS(v[i], v[i | (s)], s);

AVIARY_INLINE void F(transpose)(V v[L]) {
#pragma clang loop unroll(full)
  EXCHANGE(1)
#if L > 2
#pragma clang loop unroll(full)
  EXCHANGE(2)
#endif
#if L > 4
#pragma clang loop unroll(full)
  EXCHANGE(4)
#endif
#if L > 8
#pragma clang loop unroll(full)
  EXCHANGE(8)
#endif
}

/// The vector whose lane i is the sum of the lanes of v[i].
AVIARY_INLINE V F(sums_of)(V v[L]) {
#pragma clang loop unroll(full)
  COMBINE(1)
#if L > 2
#pragma clang loop unroll(full)
  COMBINE(2)
#endif
#if L > 4
#pragma clang loop unroll(full)
  COMBINE(4)
#endif
#if L > 8
#pragma clang loop unroll(full)
  COMBINE(8)
#endif
  return v[0];
}

#undef COMBINE
#undef EXCHANGE
#undef HIGH_BLOCKS
#undef LOW_BLOCKS
#undef EACH_LANE
#undef HIGH_LANE
#undef LOW_LANE
