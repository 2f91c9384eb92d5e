/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_LOADING_H
#define PARITY_CLI_LOADING_H

/*
 * A module's constructors run in this process when it is loaded, before any worker is there. One
 * that crashes or ends the process must neither do so without a word nor look like a run that went
 * well.
 */

/** From now on, say which module ended the process, and end it with PARITY_EXIT_USAGE. */
void parity_loading_begin(void);

/** This one is loaded next. Borrowed until the next one, or the end. */
void parity_loading_note(const char *suite_path);

void parity_loading_end(void);

#endif
