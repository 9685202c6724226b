#include "AviaryCurl.h"

typedef int (*setter)(void *handle, int option, ...);

int aviary_curl_set_long(void *function, void *handle, int option, long value) {
  return ((setter)function)(handle, option, value);
}

int aviary_curl_set_text(void *function, void *handle, int option, const char *value) {
  return ((setter)function)(handle, option, value);
}

int aviary_curl_set_pointer(void *function, void *handle, int option, void *value) {
  return ((setter)function)(handle, option, value);
}

int aviary_curl_set_receiver(void *function, void *handle, int option, aviary_curl_receiver value) {
  return ((setter)function)(handle, option, value);
}
