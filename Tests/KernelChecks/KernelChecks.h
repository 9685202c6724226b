// What the checks of both precisions share.
#pragma once

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "AviaryKernels.h"

uint64_t next_random(void);

/// A number from first to last.
intptr_t pick(intptr_t first, intptr_t last);

/// A number from -1 to 1.
double number(void);

/// Takes results into the digest that has to be the same on any number of threads.
void note(const void *bytes, size_t count);

/// Ends the program where a result is wrong.
void expect(double found, double wanted, double tolerance, const char *what, intptr_t place);

/// Memory of exactly that many elements.
void *array(intptr_t count, size_t size);

/// Any convolution, on no image perhaps.
void choose_convolution(aviary_conv2d *shape, bool depthwise);

void check_products_f32(int round);
void check_products_f64(int round);
void check_convolutions_f32(int round);
void check_convolutions_f64(int round);
void check_passes_f32(int round);
void check_passes_f64(int round);
