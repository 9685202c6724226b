#include "AviaryCaches.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__APPLE__)
#include <sys/sysctl.h>
#endif

// The default if nothing can be read: less than most processors have.
static char name[64];
static aviary_caches sizes = {.level1 = 32 << 10, .level2 = 512 << 10, .level3 = 0};
// The thread's override; level 1 is 0 if there is none.
static _Thread_local aviary_caches own;

aviary_caches aviary_cache_sizes(void) { return own.level1 ? own : sizes; }

const char *aviary_processor_name(void) {
#if defined(__aarch64__)
  return name[0] ? name : "arm64";
#else
  return name[0] ? name : "x86-64";
#endif
}

void aviary_use_caches(const aviary_caches *wanted) {
  own = wanted ? *wanted : (aviary_caches){0};
}

static void note(intptr_t level, intptr_t bytes) {
  if (bytes <= 0) return;
  if (level == 1) sizes.level1 = bytes;
  if (level == 2) sizes.level2 = bytes;
  if (level == 3) sizes.level3 = bytes;
}

#if defined(__x86_64__)
/// Reads the 48 characters of the name from three leaves.
static void read_name(void) {
  uint32_t text[13] = {0};
  if (__get_cpuid_max(0x80000000, NULL) < 0x80000004) return;
  for (uint32_t i = 0; i < 3; i++)
    __cpuid(0x80000002 + i, text[4 * i], text[4 * i + 1], text[4 * i + 2], text[4 * i + 3]);
  const char *start = (const char *)text;
  while (*start == ' ') start++;
  snprintf(name, sizeof name, "%s", start);
}

/// Reads the caches from CPUID: leaf 4 on Intel, 0x8000001D on AMD, in the same format.
static void read_sizes(void) {
  uint32_t a, b, c, d;
  uint32_t leaf = 4;
  if (__get_cpuid(0x80000001, &a, &b, &c, &d) && (c >> 22 & 1) && __get_cpuid_max(0x80000000, NULL) >= 0x8000001d)
    leaf = 0x8000001d;
  else if (__get_cpuid_max(0, NULL) < 4)
    return;
  for (uint32_t index = 0; index < 8; index++) {
    __cpuid_count(leaf, index, a, b, c, d);
    uint32_t kind = a & 31;  // 0: no more; 1: data; 2: instructions; 3: both
    if (kind == 0) return;
    if (kind == 2) continue;
    intptr_t ways = (b >> 22) + 1, partitions = (b >> 12 & 1023) + 1, line = (b & 4095) + 1;
    note(a >> 5 & 7, ways * partitions * line * ((intptr_t)c + 1));
  }
}
#elif defined(__APPLE__)
static intptr_t system_number(const char *name) {
  int64_t value = 0;
  size_t size = sizeof value;
  return sysctlbyname(name, &value, &size, NULL, 0) == 0 ? (intptr_t)value : 0;
}

static void read_name(void) {
  size_t size = sizeof name - 1;
  if (sysctlbyname("machdep.cpu.brand_string", name, &size, NULL, 0) != 0) name[0] = 0;
}

/// The caches of the fast cores, several of which share a second-level cache.
static void read_sizes(void) {
  note(1, system_number("hw.perflevel0.l1dcachesize"));
  intptr_t sharing = system_number("hw.perflevel0.cpusperl2");
  note(2, system_number("hw.perflevel0.l2cachesize") / (sharing > 0 ? sharing : 1));
}
#else
static void read_name(void) {}

static bool read_line(const char *name, int index, char line[32]) {
  char path[96];
  snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/%s", index, name);
  FILE *file = fopen(path, "re");
  if (!file) return false;
  bool found = fgets(line, 32, file) != NULL;
  fclose(file);
  return found;
}

/// Reads the caches from Linux: a level, a kind, and a size such as "1024K".
static void read_sizes(void) {
  char level[32], kind[32], size[32];
  for (int i = 0; i < 8 && read_line("level", i, level) && read_line("type", i, kind); i++) {
    if (strncmp(kind, "Instruction", 11) == 0 || !read_line("size", i, size)) continue;
    char *unit;
    intptr_t number = strtol(size, &unit, 10);
    note(strtol(level, NULL, 10), number << (*unit == 'K' ? 10 : *unit == 'M' ? 20 : 0));
  }
}
#endif

__attribute__((constructor)) static void measure_caches(void) {
  read_name();
  read_sizes();
}
