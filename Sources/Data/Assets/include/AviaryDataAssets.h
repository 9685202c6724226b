#pragma once
#include <stddef.h>
#include <stdint.h>

/// The embedded data set `fonts` as the bytes of a deflated npz: `images` uint8 (2790, 36, 36), background 0 and ink up
/// to 255; `labels` uint8 (2790,), 558 of each typeface in order; `characters` uint8 (2790,), the Unicode code points.
/// `count` receives the number of bytes. They live as long as the program.
const uint8_t *_Nonnull aviary_asset_fonts(size_t *_Nonnull count);

/// The number of typefaces in `fonts`: the labels are 0 up to this.
size_t aviary_asset_fonts_class_count(void);

/// The name of the typeface with a label, or null for a label that is out of range.
const char *_Nullable aviary_asset_fonts_class_name(size_t label);

/// The embedded data set `digits` as the bytes of a deflated npz: `images` uint8 (1797, 8, 8), background 0 and ink up to
/// 16; `labels` uint8 (1797,), the digits. `count` receives the number of bytes. They live as long as the program.
const uint8_t *_Nonnull aviary_asset_digits(size_t *_Nonnull count);

/// The embedded text: Shakespeare's sonnets in ASCII, fourteen lines each, an empty line between two. `count` receives the
/// number of bytes. They live as long as the program.
const uint8_t *_Nonnull aviary_asset_sonnets(size_t *_Nonnull count);
