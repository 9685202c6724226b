#pragma once

#include "AviaryTypes.h"

#pragma clang assume_nonnull begin

/// Sets how many threads share the work of a kernel, the caller included. The default is the number of CPUs online.
///
/// The results of no kernel depend on it: work is split by the shape of the problem alone. Values below 1 mean 1;
/// values above 256 mean 256.
void aviary_set_threads(intptr_t count);

/// The number of threads that share the work of a kernel, the caller included.
intptr_t aviary_threads(void);

/// Runs `body(context, task)` once for each task from 0 to `tasks` − 1, and returns when all have ended.
///
/// The caller takes part. Which thread runs which task is left open, so a task must write to places of its own, and
/// what it computes must depend on its number alone. Nested calls, and calls made while another thread's call is being
/// served, run in the calling thread. Idle threads wait actively for microseconds only, then sleep.
void aviary_parallel(intptr_t tasks, void (*body)(void *_Nullable context, intptr_t task), void *_Nullable context);

#pragma clang assume_nonnull end
