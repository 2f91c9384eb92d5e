# SPDX-License-Identifier: Apache-2.0
# parity_add_suites(DIR [FOLDER]): every .c file below DIR becomes one module, laid out below
# <build>/FOLDER ("suites" unless given) as the files are below DIR. `parity run` loads modules from
# there; no list of suites exists anywhere. Projects of their own get this by find_package(parity).
function(parity_add_suites dir)
    set(modules ${ARGV1})
    if(NOT modules)
        set(modules suites)
    endif()
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${dir}/*.c)
    foreach(source IN LISTS sources)
        cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${dir} OUTPUT_VARIABLE path)
        cmake_path(GET path PARENT_PATH folder)
        cmake_path(GET path STEM stem)
        string(MAKE_C_IDENTIFIER "${modules}_${path}" target)
        add_library(${target} MODULE ${source})
        target_link_libraries(${target} PRIVATE parity::parity)
        target_compile_definitions(${target} PRIVATE _POSIX_C_SOURCE=200809L)
        set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${stem}
            LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/${modules}/${folder})
        if(COMMAND parity_warnings)
            parity_warnings(${target})
        endif()
    endforeach()
endfunction()
