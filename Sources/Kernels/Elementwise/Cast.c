// Conversions between all dtypes.

#include <string.h>

#include "../Kernels.h"
#include "../Numbers.h"

static inline float float_from_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

static inline uint32_t bits_of_float(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  return bits;
}

static inline float float_from_half(uint16_t half) {
  const uint32_t sign = (uint32_t)(half & 0x8000) << 16, magnitude = half & 0x7FFF;
  if (magnitude >= 0x7C00) return float_from_bits(sign | 0x7F800000 | (magnitude & 0x3FF) << 13);
  // Scaling by 2¹¹² moves the exponent's bias and makes subnormal numbers normal.
  return float_from_bits(sign | bits_of_float(float_from_bits(magnitude << 13) * 0x1p112f));
}

static inline uint16_t half_from_float(float value) {
  const uint32_t bits = bits_of_float(value), sign = bits >> 16 & 0x8000, magnitude = bits & 0x7FFFFFFF;
  if (magnitude > 0x7F800000) return (uint16_t)(sign | 0x7E00);
  if (magnitude >= 0x477FF000) return (uint16_t)(sign | 0x7C00);
  if (magnitude < 0x38800000) {
    // Adding ½ leaves the subnormal number in the low bits, rounded to even.
    return (uint16_t)(sign | (bits_of_float(float_from_bits(magnitude) + 0.5f) - 0x3F000000));
  }
  return (uint16_t)(sign | (magnitude - 0x38000000 + 0xFFF + (magnitude >> 13 & 1)) >> 13);
}

static inline float float_from_brain(uint16_t brain) { return float_from_bits((uint32_t)brain << 16); }

static inline uint16_t brain_from_float(float value) {
  const uint32_t bits = bits_of_float(value);
  if ((bits & 0x7FFFFFFF) > 0x7F800000) return (uint16_t)(bits >> 16 | 0x40);
  return (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

/// Rounds to float32 toward the odd neighbor, so that a second rounding gives what one rounding would.
static inline float odd_float_from_double(double value) {
  float near = (float)value;
  if (near != near || (double)near == value) return near;
  uint32_t bits = bits_of_float(near);
  if (bits & 1) return near;
  // An even neighbor that is not exact: the odd one lies on the other side of `value`.
  const bool grow = (near < 0 ? -value : value) > (near < 0 ? -(double)near : (double)near);
  if (near == 0) return float_from_bits((value < 0 ? 0x80000000u : 0) | 1);
  return float_from_bits(grow ? bits + 1 : bits - 1);
}

static inline float odd_float_from_uint64(uint64_t value) {
  if (value >> 40) value = (value >> 24 | ((value & 0xFFFFFF) != 0)) << 24;
  return odd_float_from_double((double)value);
}

static inline float odd_float_from_int64(int64_t value) {
  return value < 0 ? -odd_float_from_uint64((uint64_t)0 - (uint64_t)value) : odd_float_from_uint64((uint64_t)value);
}

// Limits as floats: the first number that is too large, 2^(bits of the type), is exact in either type.
#define SATURATE(T, MIN, MAX, a, limit) \
  ((a) != (a) ? (T)0 : (a) >= (limit) ? (T)(MAX) : (a) <= (MIN) ? (T)(MIN) : (T)(a))

#define LOOP(NAME, FROM, TO, EXPRESSION) \
  static void NAME(intptr_t n, const void *x_, void *y_) { \
    const FROM *restrict x = x_; \
    TO *restrict y = y_; \
    for (intptr_t i = 0; i < n; i++) { \
      const FROM a = x[i]; \
      y[i] = (TO)(EXPRESSION); \
    } \
  }

#define FROM_INTEGER(S, F) \
  LOOP(S##_to_bool, F, uint8_t, a != 0) \
  LOOP(S##_to_int8, F, int8_t, a) \
  LOOP(S##_to_int16, F, int16_t, a) \
  LOOP(S##_to_int32, F, int32_t, a) \
  LOOP(S##_to_int64, F, int64_t, a) \
  LOOP(S##_to_float32, F, float, a) \
  LOOP(S##_to_float64, F, double, a) \
  LOOP(S##_to_float16, F, uint16_t, half_from_float(ODD_FLOAT(F, a))) \
  LOOP(S##_to_bfloat16, F, uint16_t, brain_from_float(ODD_FLOAT(F, a)))

#define ODD_FLOAT(F, a) \
  (sizeof(F) <= 2 ? (float)(a) \
    : (F)-1 < 0   ? odd_float_from_int64((int64_t)(a)) \
                  : odd_float_from_uint64((uint64_t)(a)))

#define FROM_FLOAT(S, F, VALUE, ODD) \
  LOOP(S##_to_bool, F, uint8_t, (VALUE) != 0) \
  LOOP(S##_to_int8, F, int8_t, SATURATE(int8_t, INT8_MIN, INT8_MAX, VALUE, 0x1p7f)) \
  LOOP(S##_to_int16, F, int16_t, SATURATE(int16_t, INT16_MIN, INT16_MAX, VALUE, 0x1p15f)) \
  LOOP(S##_to_int32, F, int32_t, SATURATE(int32_t, INT32_MIN, INT32_MAX, VALUE, 0x1p31f)) \
  LOOP(S##_to_int64, F, int64_t, SATURATE(int64_t, INT64_MIN, INT64_MAX, VALUE, 0x1p63f)) \
  LOOP(S##_to_uint8, F, uint8_t, SATURATE(uint8_t, 0, UINT8_MAX, VALUE, 0x1p8f)) \
  LOOP(S##_to_uint16, F, uint16_t, SATURATE(uint16_t, 0, UINT16_MAX, VALUE, 0x1p16f)) \
  LOOP(S##_to_uint32, F, uint32_t, SATURATE(uint32_t, 0, UINT32_MAX, VALUE, 0x1p32f)) \
  LOOP(S##_to_uint64, F, uint64_t, SATURATE(uint64_t, 0, UINT64_MAX, VALUE, 0x1p64f)) \
  LOOP(S##_to_float32, F, float, VALUE) \
  LOOP(S##_to_float64, F, double, VALUE) \
  LOOP(S##_to_float16, F, uint16_t, half_from_float(ODD)) \
  LOOP(S##_to_bfloat16, F, uint16_t, brain_from_float(ODD))

FROM_INTEGER(bool, uint8_t)
FROM_INTEGER(int8, int8_t)
FROM_INTEGER(int16, int16_t)
FROM_INTEGER(int32, int32_t)
FROM_INTEGER(int64, int64_t)
FROM_INTEGER(uint8, uint8_t)
FROM_INTEGER(uint16, uint16_t)
FROM_INTEGER(uint32, uint32_t)
FROM_INTEGER(uint64, uint64_t)
FROM_FLOAT(float16, uint16_t, float_from_half(a), float_from_half(a))
FROM_FLOAT(bfloat16, uint16_t, float_from_brain(a), float_from_brain(a))
FROM_FLOAT(float32, float, a, a)
FROM_FLOAT(float64, double, a, odd_float_from_double(a))

// A conversion to an unsigned integer drops the same bits as that to the signed one of its width.
#define INTEGER_ROW(S) \
  {S##_to_bool,  S##_to_int8,  S##_to_int16,   S##_to_int32,    S##_to_int64,   S##_to_int8,   S##_to_int16, \
   S##_to_int32, S##_to_int64, S##_to_float16, S##_to_bfloat16, S##_to_float32, S##_to_float64}
#define FLOAT_ROW(S) \
  {S##_to_bool,   S##_to_int8,   S##_to_int16,   S##_to_int32,    S##_to_int64,   S##_to_uint8,  S##_to_uint16, \
   S##_to_uint32, S##_to_uint64, S##_to_float16, S##_to_bfloat16, S##_to_float32, S##_to_float64}

static cast_kernel *const kernels[13][13] = {
  INTEGER_ROW(bool),   INTEGER_ROW(int8),   INTEGER_ROW(int16),  INTEGER_ROW(int32),  INTEGER_ROW(int64),
  INTEGER_ROW(uint8),  INTEGER_ROW(uint16), INTEGER_ROW(uint32), INTEGER_ROW(uint64), FLOAT_ROW(float16),
  FLOAT_ROW(bfloat16), FLOAT_ROW(float32),  FLOAT_ROW(float64),
};

typedef struct {
  cast_kernel *kernel;
  size_t from_size, to_size;
  const char *x;
  char *y;
} cast_work;

static void cast_range(const void *context, intptr_t start, intptr_t end) {
  const cast_work *w = context;
  const char *x = w->x + (size_t)start * w->from_size;
  char *y = w->y + (size_t)start * w->to_size;
  if (w->kernel) {
    w->kernel(end - start, x, y);
  } else {
    memcpy(y, x, (size_t)(end - start) * w->to_size);
  }
}

void aviary_cast(aviary_dtype from, aviary_dtype to, intptr_t n, const void *x, void *y) {
  const cast_work work = {from == to ? NULL : kernels[from][to], item_size_of(from), item_size_of(to), x, y};
  aviary_for_ranges(n, TASK_CHEAP, cast_range, &work);
}
