#pragma once
#include <stddef.h>

// Calls `curl_easy_setopt`, whose variable argument types Swift cannot express: `function` is its address in the loaded
// library, `handle` a `CURL *`. The results are `CURLcode`.

int aviary_curl_set_long(void *_Nonnull function, void *_Nonnull handle, int option, long value);
int aviary_curl_set_text(void *_Nonnull function, void *_Nonnull handle, int option, const char *_Nonnull value);
int aviary_curl_set_pointer(void *_Nonnull function, void *_Nonnull handle, int option, void *_Nonnull value);

/// A callback for headers and contents: receives `size * count` bytes and its context, and returns the number of bytes
/// processed.
typedef size_t (*aviary_curl_receiver)(char *_Nonnull bytes, size_t size, size_t count, void *_Nonnull context);
int aviary_curl_set_receiver(
    void *_Nonnull function, void *_Nonnull handle, int option, aviary_curl_receiver _Nonnull value);
