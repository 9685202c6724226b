#pragma once

#include "AviaryTypes.h"

#pragma clang assume_nonnull begin

/// Sets the number of threads of a kernel, including the caller. The default is `aviary_processors()`.
///
/// Results do not depend on it: work is split by the shape of the problem alone. Values below 1 mean 1;
/// values above 256 mean 256.
void aviary_set_threads(intptr_t count);

/// The number of threads of a kernel, including the caller.
intptr_t aviary_threads(void);

/// The number of cores the process may run on, limited by the quotas of its control groups.
///
/// Processors that are threads of one core count once, as they share its multiply-add units. A quota of one and a half
/// processors counts as two.
intptr_t aviary_processors(void);

/// The number of processors that Linux control groups, version 1 or 2, allow a process to use: the lowest quota of its
/// groups and their ancestors; 0 if there is none. `groups` is the process's list of groups, such as
/// `/proc/self/cgroup`, and `mount` the folder of their files, such as `/sys/fs/cgroup`.
intptr_t aviary_quota_processors(const char *groups, const char *mount);

/// Like `aviary_threads`, but 1 inside a task, whose own calls run in its thread.
intptr_t aviary_free_threads(void);

/// Runs `body(context, task)` once for each task from 0 to `tasks` − 1, and returns when all have ended.
///
/// The caller takes part. Any thread may run any task, so tasks must write to separate memory, and their results
/// must depend only on their number. Nested calls, and calls made while another thread's call is being
/// served, run in the calling thread. Idle threads wait actively for microseconds only, then sleep.
void aviary_parallel(intptr_t tasks, void (*body)(void *_Nullable context, intptr_t task), void *_Nullable context);

#pragma clang assume_nonnull end
