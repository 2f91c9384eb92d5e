# SPDX-License-Identifier: Apache-2.0
# Writes a file with another one in the place of a mark. Run as a script:
#   cmake -DINPUT=page.html -DOUTPUT=out.html -DPLACE=@MARK@ -DINSERT=style.css -P insert.cmake
file(READ ${INPUT} text)
file(READ ${INSERT} insert)
string(FIND "${text}" "${PLACE}" position)
if(position EQUAL -1)
    message(FATAL_ERROR "${INPUT} has no ${PLACE}")
endif()
string(REPLACE "${PLACE}" "${insert}" text "${text}")
file(WRITE ${OUTPUT} "${text}")
