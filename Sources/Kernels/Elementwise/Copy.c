#include <string.h>

#include "../Strided.h"

void aviary_copy_strided(
  size_t item_size, intptr_t rank, const intptr_t *dims, const void *source, const intptr_t *source_strides,
  void *destination
) {
  strided_space space;
  strided_space_make(&space, rank, dims, 1, &source_strides);
  strided_gather(&space, 0, item_size, source, 0, space.count, destination);
}

void aviary_copy_to_strided(
  size_t item_size, intptr_t rank, const intptr_t *dims, const void *source, void *destination,
  const intptr_t *destination_strides
) {
  strided_space space;
  strided_space_make(&space, rank, dims, 1, &destination_strides);
  intptr_t index[AVIARY_MAX_RANK] = {0};
  intptr_t offset = 0;
  for (intptr_t done = 0; done < space.count; done++) {
    memcpy(
      (char *)destination + offset * (intptr_t)item_size, (const char *)source + (size_t)done * item_size, item_size);
    for (intptr_t d = space.rank - 1; d >= 0; d--) {
      offset += space.strides[0][d];
      if (++index[d] < space.dims[d]) break;
      offset -= index[d] * space.strides[0][d];
      index[d] = 0;
    }
  }
}
