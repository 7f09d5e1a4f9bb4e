# SPDX-License-Identifier: MIT
# Where each part is installed, below CMAKE_INSTALL_PREFIX. Packages of Debian and RPM use these rules.
set(VBSCHECK_SYSTEMD_DIR lib/systemd/system CACHE STRING "Folder for the units of systemd; empty: none")
set(VBSCHECK_ZSH_DIR ${CMAKE_INSTALL_DATADIR}/zsh/site-functions CACHE STRING "Folder for zsh's completion")

install(TARGETS vbscheck)
install(FILES docs/vbscheck.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES docs/vbscheck-snapshot.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES completions/vbscheck.bash RENAME vbscheck
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES completions/_vbscheck DESTINATION ${VBSCHECK_ZSH_DIR})
install(FILES completions/vbscheck.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES docs/facts.md DESTINATION ${CMAKE_INSTALL_DATADIR}/vbscheck)
install(DIRECTORY docs/rules docs/schema DESTINATION ${CMAKE_INSTALL_DATADIR}/vbscheck)
install(DIRECTORY contrib DESTINATION ${CMAKE_INSTALL_DATADIR}/vbscheck USE_SOURCE_PERMISSIONS
  PATTERN systemd EXCLUDE PATTERN __pycache__ EXCLUDE)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The units name the program by its path.
file(GLOB units CONFIGURE_DEPENDS contrib/systemd/*.service contrib/systemd/*.timer)
if(VBSCHECK_SYSTEMD_DIR)
  foreach(unit IN LISTS units)
    get_filename_component(name ${unit} NAME)
    file(READ ${unit} text)
    string(REPLACE "/usr/bin/vbscheck" "${CMAKE_INSTALL_FULL_BINDIR}/vbscheck" text "${text}")
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/systemd/${name} CONTENT "${text}" @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/systemd/${name} DESTINATION ${VBSCHECK_SYSTEMD_DIR})
  endforeach()
endif()
