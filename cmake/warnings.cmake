# SPDX-License-Identifier: Apache-2.0
# parity_warnings(TARGET): the warnings that all of parity's C is clean under.
set(PARITY_WARNING_FLAGS
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
    -Wcast-qual -Wwrite-strings -Wformat=2 -Wvla)

function(parity_warnings target)
    target_compile_options(${target} PRIVATE ${PARITY_WARNING_FLAGS} $<$<BOOL:${PARITY_WERROR}>:-Werror>)
endfunction()
