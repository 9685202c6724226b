#pragma once
#include <stddef.h>

// libcurl's function whose last argument is of many types, which Swift cannot call: `function` is the address of
// `curl_easy_setopt` in the library that was loaded, `handle` a `CURL *`. The results are `CURLcode`.

int aviary_curl_set_long(void *_Nonnull function, void *_Nonnull handle, int option, long value);
int aviary_curl_set_text(void *_Nonnull function, void *_Nonnull handle, int option, const char *_Nonnull value);
int aviary_curl_set_pointer(void *_Nonnull function, void *_Nonnull handle, int option, void *_Nonnull value);

/// What receives headers and contents: gets `size * count` bytes and its own context, returns how many it took.
typedef size_t (*aviary_curl_receiver)(char *_Nonnull bytes, size_t size, size_t count, void *_Nonnull context);
int aviary_curl_set_receiver(
    void *_Nonnull function, void *_Nonnull handle, int option, aviary_curl_receiver _Nonnull value);
