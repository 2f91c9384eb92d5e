# SPDX-License-Identifier: Apache-2.0
# parity_embed(NAME HEADER ARRAY FILE…): compile files into libparity, as the array `ARRAYs` of struct
# parity_embedded_file and the number `ARRAY_count`, which HEADER declares. Relative paths begin where it is called.
function(parity_embed name header array)
    set(files "")
    foreach(file IN LISTS ARGN)
        cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
        list(APPEND files ${file})
    endforeach()
    set(source ${CMAKE_BINARY_DIR}/generated/${name}.c)
    add_custom_command(
        OUTPUT ${source}
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${source} -DHEADER=${header} -DARRAY=${array}
            "-DFILES=${files}" -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
        DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
        COMMENT "Embedding ${name}"
        VERBATIM)
    add_custom_target(parity_${name} DEPENDS ${source})
    add_dependencies(libparity parity_${name})
    set_source_files_properties(${source} TARGET_DIRECTORY libparity PROPERTIES GENERATED TRUE)
    target_sources(libparity PRIVATE ${source})
endfunction()
