#include "AviaryDataAssets.h"

// `#embed` is C23; clang has it in the older modes too, as an extension.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
static const uint8_t sonnets[] = {
#embed "Sonnets/sonnets.txt"
};
#pragma clang diagnostic pop

const uint8_t *aviary_asset_sonnets(size_t *count) {
  *count = sizeof sonnets;
  return sonnets;
}
