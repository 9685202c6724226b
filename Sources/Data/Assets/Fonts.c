#include "AviaryDataAssets.h"

// `#embed` is C23; clang has it in the older modes too, as an extension.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
static const uint8_t fonts[] = {
#embed "Fonts/fonts.npz"
};
#pragma clang diagnostic pop

// In the order of the labels, as Fonts/make_fonts.py renders them.
static const char *const typefaces[] = {"Lato", "EB Garamond", "JetBrains Mono", "Roboto Slab", "Dancing Script"};

const uint8_t *aviary_asset_fonts(size_t *count) {
  *count = sizeof fonts;
  return fonts;
}

size_t aviary_asset_fonts_class_count(void) { return sizeof typefaces / sizeof typefaces[0]; }

const char *aviary_asset_fonts_class_name(size_t label) {
  return label < aviary_asset_fonts_class_count() ? typefaces[label] : NULL;
}
