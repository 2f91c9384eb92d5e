/* SPDX-License-Identifier: Apache-2.0 */

/*
 * For test_jmespath_python.py: reads lines of JSON, [expression, document], and prints a line of
 * JSON for each: {"value": …} or {"error": code, "message": "…"}.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/jmespath.h"

/* `*text` up to and without a line's end, NUL-terminated. False at the end of input. */
static int read_line(struct parity_buffer *line)
{
    int c;

    parity_buffer_reset(line);
    while ((c = getchar()) != EOF && c != '\n')
        parity_buffer_add_char(line, (char)c);
    return line->length > 0;
}

static void answer(const json_t *question)
{
    struct parity_error err = {0};
    struct parity_buffer out = {0};
    json_t *value;

    if (parity_jmespath_search(json_string_value(json_array_get(question, 0)),
                               json_array_get(question, 1), &value, &err) < 0) {
        parity_buffer_printf(&out, "{\"error\": %d, \"message\": ", (int)err.code);
        parity_json_write_string(&out, err.message, strlen(err.message));
    } else {
        parity_buffer_add_text(&out, "{\"value\": ");
        parity_json_write(&out, value, PARITY_JSON_LINE);
    }
    parity_buffer_add_text(&out, "}");
    puts(out.data ? out.data : "");
    parity_buffer_clear(&out);
    json_decref(value);
}

int main(void)
{
    struct parity_buffer line = {0};
    json_t *question;

    parity_memory_init();
    while (read_line(&line)) {
        struct parity_error err = {0};

        if (parity_json_parse(line.data, line.length, "input", &question, &err) < 0) {
            fprintf(stderr, "%s\n", err.message);
            return 2;
        }
        answer(question);
        json_decref(question);
    }
    parity_buffer_clear(&line);
    return 0;
}
