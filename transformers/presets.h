/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_PRESETS_H
#define PARITY_PRESETS_H

#include <jansson.h>
#include <stddef.h>

#include "base/embedded.h"
#include "base/error.h"

/*
 * Presets: lists of transformers with a name. Those of presets/ are compiled in; a project adds its
 * own, and a name that is taken is overridden. The project's are those of the whole process: add
 * them before tests run, not while another thread makes transformers.
 */

/** The files of presets/. */
extern const struct parity_embedded_file parity_preset_files[];
extern const size_t parity_preset_file_count;

/**
 * Add presets of the project, in the form of the files in presets/:
 * {"name": {"about": "…", "transformers": [{"type": …}, …]}, …}.
 *
 * Each is checked as a whole: its transformers are made once. A preset that names itself means the
 * one it overrides, so it can add to it. With an error none of them is added.
 *
 * @param presets  borrowed
 * @param source   what to call it in messages ("parity.json"); may be NULL
 * @param err      PARITY_E_INVALID, PARITY_E_PARSE (a pattern or path), PARITY_E_NOT_FOUND (a
 *                 preset that names an unknown one), with source and name as context
 * @return 0 or -1
 */
int parity_presets_add_object(const json_t *presets, const char *source, struct parity_error *err);

/** Add the presets of every file `*.json` in a folder, in the order of their names; they may name
 * each other. @return 0 or -1 (also PARITY_E_IO, PARITY_E_NOT_FOUND: no such folder) */
int parity_presets_add_folder(const char *folder, struct parity_error *err);

/** Forget what was added. */
void parity_presets_clear(void);

#endif
