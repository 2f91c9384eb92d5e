/* SPDX-License-Identifier: Apache-2.0 */
#include "client/curl_library.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/memory.h"

static const char library_name[] = "libcurl.so.4";

/* Where each function's pointer is kept. POSIX lets a `void *` hold a function's address. */
static const struct entry {
    const char *name;
    size_t offset;
} entries[] = {
    {"curl_easy_init", offsetof(struct parity_curl, easy_init)},
    {"curl_easy_cleanup", offsetof(struct parity_curl, easy_cleanup)},
    {"curl_easy_setopt", offsetof(struct parity_curl, easy_setopt)},
    {"curl_easy_getinfo", offsetof(struct parity_curl, easy_getinfo)},
    {"curl_easy_strerror", offsetof(struct parity_curl, easy_strerror)},
    {"curl_multi_init", offsetof(struct parity_curl, multi_init)},
    {"curl_multi_cleanup", offsetof(struct parity_curl, multi_cleanup)},
    {"curl_multi_setopt", offsetof(struct parity_curl, multi_setopt)},
    {"curl_multi_add_handle", offsetof(struct parity_curl, multi_add_handle)},
    {"curl_multi_remove_handle", offsetof(struct parity_curl, multi_remove_handle)},
    {"curl_multi_perform", offsetof(struct parity_curl, multi_perform)},
    {"curl_multi_poll", offsetof(struct parity_curl, multi_poll)},
    {"curl_multi_info_read", offsetof(struct parity_curl, multi_info_read)},
    {"curl_multi_strerror", offsetof(struct parity_curl, multi_strerror)},
};

static int find_functions(void *library, struct parity_curl *out, struct parity_error *err)
{
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        void *symbol = dlsym(library, entries[i].name);

        if (!symbol) {
            parity_fail(err, PARITY_E_ENVIRONMENT, library_name,
                        "has no function %s; parity needs libcurl 7.66 or newer", entries[i].name);
            return -1;
        }
        memcpy((char *)out + entries[i].offset, &symbol, sizeof symbol);
    }
    return 0;
}

const struct parity_curl *parity_curl_load(struct parity_error *err)
{
    static struct parity_curl functions;
    static bool loaded;
    CURLcode (*global_init_mem)(long, curl_malloc_callback, curl_free_callback,
                                curl_realloc_callback, curl_strdup_callback, curl_calloc_callback);
    void *library, *symbol;

    if (loaded)
        return &functions;
    /* Lazily, as a program that is linked with it: of some thousand functions of libcurl's own
     * libraries a run calls a few. */
    library = dlopen(library_name, RTLD_LAZY | RTLD_LOCAL);
    if (!library) {
        parity_fail(err, PARITY_E_ENVIRONMENT, library_name,
                    "cannot load libcurl (Debian and Ubuntu: apt-get install libcurl4)");
        return NULL;
    }
    symbol = dlsym(library, "curl_global_init_mem");
    memcpy(&global_init_mem, &symbol, sizeof symbol);
    if (!symbol || find_functions(library, &functions, err) < 0 ||
        global_init_mem(CURL_GLOBAL_ALL, parity_malloc, parity_free, parity_realloc, parity_strdup,
                        parity_calloc) != CURLE_OK) {
        parity_fail(err, PARITY_E_ENVIRONMENT, library_name, "cannot initialise libcurl");
        dlclose(library);
        return NULL;
    }
    loaded = true; /* stays open until the process ends */
    return &functions;
}
