#include "../Strided.h"

void strided_space_make(
  strided_space *space, intptr_t rank, const intptr_t *dims, intptr_t operands, const intptr_t *const *strides
) {
  intptr_t r = 0;
  space->operands = operands;
  space->count = 1;
  for (intptr_t d = 0; d < rank; d++) {
    space->count *= dims[d];
    if (dims[d] == 1) continue;
    bool merge = r > 0;
    for (intptr_t o = 0; merge && o < operands; o++) {
      merge = space->strides[o][r - 1] == strides[o][d] * dims[d];
    }
    if (merge) {
      space->dims[r - 1] *= dims[d];
    } else {
      space->dims[r++] = dims[d];
    }
    for (intptr_t o = 0; o < operands; o++) space->strides[o][r - 1] = strides[o][d];
  }
  if (r == 0) {
    space->dims[r++] = 1;
    for (intptr_t o = 0; o < operands; o++) space->strides[o][0] = 1;
  }
  space->rank = r;
}

#define GATHER_RUN(T) \
  { \
    const T *from = (const T *)source + offset; \
    T *to = (T *)destination + done; \
    if (stride == 0) { \
      const T value = *from; \
      for (intptr_t i = 0; i < run; i++) to[i] = value; \
    } else { \
      for (intptr_t i = 0; i < run; i++) to[i] = from[i * stride]; \
    } \
  }

void strided_gather(
  const strided_space *space, intptr_t operand, size_t item_size, const char *source, intptr_t start, intptr_t count,
  char *destination
) {
  const intptr_t last = space->rank - 1;
  const intptr_t *strides = space->strides[operand];
  intptr_t index[AVIARY_MAX_RANK];
  intptr_t rest = start, offset = 0;
  for (intptr_t d = last; d >= 0; d--) {
    index[d] = rest % space->dims[d];
    rest /= space->dims[d];
    offset += index[d] * strides[d];
  }
  const intptr_t stride = strides[last];
  for (intptr_t done = 0; done < count;) {
    intptr_t run = space->dims[last] - index[last];
    if (run > count - done) run = count - done;
    if (stride == 1) {
      memcpy(destination + (size_t)done * item_size, source + offset * (intptr_t)item_size, (size_t)run * item_size);
    } else {
      switch (item_size) {
        case 1: GATHER_RUN(uint8_t) break;
        case 2: GATHER_RUN(uint16_t) break;
        case 4: GATHER_RUN(uint32_t) break;
        case 8: GATHER_RUN(uint64_t) break;
        default:
          for (intptr_t i = 0; i < run; i++) {
            memcpy(
              destination + (size_t)(done + i) * item_size, source + (offset + i * stride) * (intptr_t)item_size,
              item_size);
          }
      }
    }
    done += run;
    // The next run starts a new row: carry into the outer dimensions.
    offset -= index[last] * stride;
    index[last] = 0;
    for (intptr_t d = last - 1; d >= 0; d--) {
      offset += strides[d];
      if (++index[d] < space->dims[d]) break;
      offset -= index[d] * strides[d];
      index[d] = 0;
    }
  }
}
