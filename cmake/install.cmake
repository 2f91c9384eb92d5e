# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts in place: the program, the library, its headers, and how other projects
# find them: find_package(parity) in CMake, `pkg-config parity` anywhere else.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/parity)

# The program finds the library wherever both were installed.
file(RELATIVE_PATH bin_to_lib ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
set_target_properties(parity PROPERTIES INSTALL_RPATH "$ORIGIN/${bin_to_lib}")

install(TARGETS parity)
install(TARGETS libparity EXPORT parity)
install(DIRECTORY harness/include/parity DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

configure_package_config_file(cmake/parity-config.cmake.in ${CMAKE_BINARY_DIR}/parity-config.cmake
    INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/parity-config-version.cmake
    COMPATIBILITY SameMinorVersion)
install(EXPORT parity NAMESPACE parity:: FILE parity-targets.cmake DESTINATION ${package_dir})
install(FILES cmake/suites.cmake ${CMAKE_BINARY_DIR}/parity-config.cmake
    ${CMAKE_BINARY_DIR}/parity-config-version.cmake DESTINATION ${package_dir})

file(RELATIVE_PATH pc_to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(cmake/parity.pc.in ${CMAKE_BINARY_DIR}/parity.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/parity.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
