/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_SIGV4_EVENTS_H
#define PARITY_CLIENT_SIGV4_EVENTS_H

#include "client/sigv4.h"

/** What X-Amz-Content-Sha256 says of a request whose body is signed event by event. */
#define PARITY_SIGV4_EVENTS "STREAMING-AWS4-HMAC-SHA256-EVENTS"

/**
 * Sign a stream of events: each message becomes the payload of another one, which carries the date
 * and a signature over it, its own payload and the signature before. An empty message ends the
 * stream.
 *
 * @param options   as the request was signed with
 * @param seed      the request's own signature, in hex
 * @param messages  whole messages, as parity_event_message_write() makes them
 * @param out       appended to
 * @return 0 or -1 (PARITY_E_CREDENTIALS, PARITY_E_INVALID, PARITY_E_NOMEM)
 * @see Amazon Transcribe Developer Guide, "Event stream encoding"; amazon-transcribe, EventSigner
 */
int parity_sigv4_sign_events(const struct parity_sigv4_options *options, const char *seed,
                             const struct parity_buffer *messages, struct parity_buffer *out,
                             struct parity_error *err);

#endif
