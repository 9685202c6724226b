#pragma once

// The zoo's recipes and cards, embedded when the package is compiled.

#include <stdint.h>

/// A text by name; `bytes` are UTF-8, without an end mark.
typedef struct {
  const char *_Nonnull name;
  const uint8_t *_Nonnull bytes;
  intptr_t length;
} aviary_zoo_text;

/// The recipe at a place, named as its file; NULL past the last.
const aviary_zoo_text *_Nullable aviary_zoo_recipe(intptr_t index);

/// The card at a place, named as its model; NULL past the last.
const aviary_zoo_text *_Nullable aviary_zoo_card(intptr_t index);
