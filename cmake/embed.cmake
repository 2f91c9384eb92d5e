# SPDX-License-Identifier: Apache-2.0
# Writes a C file that holds other files as byte arrays. Run as a script:
#   cmake -DOUTPUT=out.c -DHEADER=presets.h -DARRAY=name "-DFILES=a.json;b.json" -P embed.cmake
set(arrays "")
set(entries "")
set(index 0)
foreach(file IN LISTS FILES)
    file(READ ${file} hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    cmake_path(GET file FILENAME name)
    string(APPEND arrays "static const unsigned char file_${index}[] = {${bytes}};\n")
    string(APPEND entries "    {\"${name}\", file_${index}, sizeof file_${index}},\n")
    math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUTPUT} "/* SPDX-License-Identifier: Apache-2.0 */
/* Written by cmake/embed.cmake. */
#include \"${HEADER}\"

${arrays}
const struct parity_embedded_file ${ARRAY}s[] = {
${entries}};
const size_t ${ARRAY}_count = ${index};
")
