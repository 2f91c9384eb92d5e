/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_CURL_LIBRARY_H
#define PARITY_CLIENT_CURL_LIBRARY_H

/* libcurl is used through pointers, so its checking macros have nothing to check. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/error.h"

/*
 * libcurl brings some thirty libraries along, whose loading costs more than all else that a command
 * does before it sends. It is therefore opened when the first request is about to go out; commands
 * that send nothing never pay for it.
 */
struct parity_curl {
    CURL *(*easy_init)(void);
    void (*easy_cleanup)(CURL *);
    CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
    CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
    const char *(*easy_strerror)(CURLcode);
    CURLM *(*multi_init)(void);
    CURLMcode (*multi_cleanup)(CURLM *);
    CURLMcode (*multi_setopt)(CURLM *, CURLMoption, ...);
    CURLMcode (*multi_add_handle)(CURLM *, CURL *);
    CURLMcode (*multi_remove_handle)(CURLM *, CURL *);
    CURLMcode (*multi_perform)(CURLM *, int *);
    CURLMcode (*multi_poll)(CURLM *, struct curl_waitfd[], unsigned int, int, int *);
    CURLMsg *(*multi_info_read)(CURLM *, int *);
    const char *(*multi_strerror)(CURLMcode);
};

/**
 * Open libcurl, once per process.
 *
 * @param err  PARITY_E_ENVIRONMENT: not installed, or too old
 * @return valid until the process ends, or NULL
 */
const struct parity_curl *parity_curl_load(struct parity_error *err);

#endif
