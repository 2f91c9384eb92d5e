/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_PRESETS_H
#define PARITY_PRESETS_H

#include <stddef.h>

/** A file of presets/, compiled in by cmake/embed.cmake. */
struct parity_preset_file {
    const char *name;
    const unsigned char *text;
    size_t length;
};

extern const struct parity_preset_file parity_preset_files[];
extern const size_t parity_preset_file_count;

#endif
