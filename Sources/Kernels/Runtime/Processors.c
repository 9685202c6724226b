#define _GNU_SOURCE  // sched_getaffinity

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "AviaryThreads.h"

#if defined(__linux__)
#include <sched.h>
#endif

enum { longest_path = 4096, most_cpus = 4096 };

/// Reads the first line of a file.
static bool read_line(const char *path, char *line, int size) {
  FILE *file = fopen(path, "re");
  if (!file) return false;
  bool found = fgets(line, size, file) != NULL;
  fclose(file);
  return found;
}

static intptr_t smaller(intptr_t a, intptr_t b) { return a == 0 || (b != 0 && b < a) ? b : a; }

/// The number of processors that use up `quota` of each `period`, rounded up; 0 for no bound.
static intptr_t whole(long quota, long period) {
  return quota <= 0 || period <= 0 ? 0 : (intptr_t)((quota + period - 1) / period);
}

/// The bound of the group whose files are in `folder`.
static intptr_t group_quota(const char *folder) {
  char path[longest_path], line[64];
  snprintf(path, sizeof path, "%s/cpu.max", folder);
  long quota = 0, period = 0;
  if (read_line(path, line, sizeof line)) return sscanf(line, "%ld %ld", &quota, &period) == 2 ? whole(quota, period) : 0;
  snprintf(path, sizeof path, "%s/cpu.cfs_quota_us", folder);
  if (!read_line(path, line, sizeof line)) return 0;
  quota = atol(line);
  snprintf(path, sizeof path, "%s/cpu.cfs_period_us", folder);
  return read_line(path, line, sizeof line) ? whole(quota, atol(line)) : 0;
}

/// The lowest bound of a group and its ancestors. In a container, the ancestors' folders may not exist.
static intptr_t least_quota(const char *mount, const char *group) {
  char path[longest_path];
  int length = snprintf(path, sizeof path, "%s%s", mount, group);
  if (length < 0 || length >= (int)sizeof path) return 0;
  intptr_t least = 0;
  for (size_t root = strlen(mount);;) {
    least = smaller(least, group_quota(path));
    char *slash = strrchr(path, '/');
    if (!slash || slash < path + root) return least;
    *slash = 0;
  }
}

/// Whether a list such as "cpu,cpuacct" contains the processor controller; an empty list is that of version 2, for all
/// controllers.
static bool lists_cpu(const char *controllers) {
  for (const char *name = controllers; name; name = strchr(name, ',')) {
    if (*name == ',') name++;
    if (strncmp(name, "cpu", 3) == 0 && (name[3] == ',' || name[3] == 0)) return true;
  }
  return *controllers == 0;
}

intptr_t aviary_quota_processors(const char *groups, const char *mount) {
  static const char *const folders[] = {"", "/unified", "/cpu", "/cpu,cpuacct"};
  FILE *file = fopen(groups, "re");
  if (!file) return 0;
  char line[longest_path], path[longest_path];
  intptr_t least = 0;
  // Each line is a number, the controllers, and the group.
  while (fgets(line, sizeof line, file)) {
    line[strcspn(line, "\n")] = 0;
    char *controllers = strchr(line, ':'), *group = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!group) continue;
    *group++ = 0;
    if (!lists_cpu(controllers + 1)) continue;
    if (strcmp(group, "/") == 0) group = "";
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
      snprintf(path, sizeof path, "%s%s", mount, folders[i]);
      least = smaller(least, least_quota(path, group));
    }
  }
  fclose(file);
  return least;
}

#if defined(__linux__)
/// The number of cores that the process may run on; several processors may be threads of one core.
static intptr_t allowed_cores(void) {
  size_t size = CPU_ALLOC_SIZE(most_cpus);
  cpu_set_t *allowed = CPU_ALLOC(most_cpus), *seen = CPU_ALLOC(most_cpus);
  intptr_t cores = 0;
  if (allowed && seen && sched_getaffinity(0, size, allowed) == 0) {
    CPU_ZERO_S(size, seen);
    for (int cpu = 0; cpu < most_cpus; cpu++) {
      if (!CPU_ISSET_S(cpu, size, allowed)) continue;
      char path[96], line[64];
      snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpu);
      // A list such as "0,32" or "0-1": the first one represents the core.
      int first = read_line(path, line, sizeof line) ? atoi(line) : cpu;
      if (first < 0 || first >= most_cpus || CPU_ISSET_S(first, size, seen)) continue;
      CPU_SET_S(first, size, seen);
      cores++;
    }
  }
  if (allowed) CPU_FREE(allowed);
  if (seen) CPU_FREE(seen);
  return cores;
}
#else
static intptr_t allowed_cores(void) { return 0; }
#endif

intptr_t aviary_processors(void) {
  intptr_t count = smaller(allowed_cores(), aviary_quota_processors("/proc/self/cgroup", "/sys/fs/cgroup"));
  if (count == 0) count = sysconf(_SC_NPROCESSORS_ONLN);
  return count < 1 ? 1 : count;
}
