#pragma once

// Private: the tables of kernels that are compiled per instruction set.

#include <stdbool.h>
#include <stdint.h>

#include "include/AviaryElementwise.h"
#include "include/AviaryLoss.h"
#include "include/AviaryProgram.h"
#include "include/AviaryRandom.h"
#include "include/AviaryReduction.h"

/// Kernels of one family and one element type; x and y are contiguous (stride 1) or one element (stride 0).
typedef bool unary_kernel(aviary_unary_op op, intptr_t n, const void *x, void *y, double parameter);
typedef bool binary_kernel(
  aviary_binary_op op, intptr_t n, const void *x, intptr_t x_stride, const void *y, intptr_t y_stride, void *out);

/// The kernels of the types whose code does not depend on the instruction set, by dtype; NULL if there are none.
extern unary_kernel *const aviary_integer_unary[13];
extern binary_kernel *const aviary_integer_binary[13];
