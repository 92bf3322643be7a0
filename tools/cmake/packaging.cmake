# What is installed, and the packages that cpack makes of it:
#   programs    the five programs, their pages, the demo            in both
#   system      the service, /etc/switchboard, bash's completion    .deb only
#   libraries   Debian's libraries that the programs need           tarball only, which runs from any folder
include(GNUInstallDirs)
set(_programs switchboardd switchboardctl switchboard-channel switchboard-demo switchboard-sim)
set(_config ${CMAKE_CURRENT_LIST_DIR}/../../config)
set(_docs ${CMAKE_CURRENT_LIST_DIR}/../../docs)

# Looked for beside the programs first, where the tarball has them; a .deb has none there.
set_target_properties(${_programs} PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/switchboard")
# RPATH, not RUNPATH: libraries there find each other by it too.
foreach(_name ${_programs})
  target_link_options(${_name} PRIVATE -Wl,--disable-new-dtags)
endforeach()
install(TARGETS ${_programs} RUNTIME DESTINATION bin COMPONENT programs)
install(DIRECTORY ${_config}/demo/ DESTINATION share/switchboard/demo COMPONENT programs)
install(FILES ${_config}/switchboardd.yaml ${_config}/package/dispatch.yaml
  DESTINATION share/switchboard/example COMPONENT programs)
file(GLOB _pages ${_docs}/*.md)
install(FILES ${_pages} DESTINATION share/doc/switchboard COMPONENT programs)
install(FILES ${_config}/man/switchboardd.8 DESTINATION share/man/man8 COMPONENT programs)
install(FILES ${_config}/man/switchboardctl.1 ${_config}/man/switchboard-channel.1 ${_config}/man/switchboard-demo.1
  ${_config}/man/switchboard-sim.1 DESTINATION share/man/man1 COMPONENT programs)

install(FILES ${_config}/package/completion.bash DESTINATION share/bash-completion/completions
  RENAME switchboardctl COMPONENT system)
foreach(_name switchboardd switchboard-channel switchboard-demo switchboard-sim)
  install(CODE "file(CREATE_LINK switchboardctl
      \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/share/bash-completion/completions/${_name} SYMBOLIC)" COMPONENT system)
endforeach()
install(FILES ${_config}/switchboardd.service DESTINATION /lib/systemd/system COMPONENT system)
install(FILES ${_config}/switchboardd.yaml ${_config}/package/dispatch.yaml DESTINATION /etc/switchboard COMPONENT system)

# All but what every Debian has, for those two are tied to its kernel and compiler.
set(_files "")
foreach(_name ${_programs})
  list(APPEND _files "$<TARGET_FILE:${_name}>")
endforeach()
install(CODE "
  file(GET_RUNTIME_DEPENDENCIES EXECUTABLES ${_files} RESOLVED_DEPENDENCIES_VAR found
    POST_EXCLUDE_REGEXES \".*/ld-linux.*\" \".*/lib(c|m|dl|rt|pthread|gcc_s|stdc\\\\+\\\\+)\\\\.so.*\")
  file(INSTALL \${found} DESTINATION \${CMAKE_INSTALL_PREFIX}/lib/switchboard FOLLOW_SYMLINK_CHAIN)"
  COMPONENT libraries)

set(CPACK_PACKAGE_NAME switchboard)
set(CPACK_PACKAGE_VENDOR Switchboard)
set(CPACK_PACKAGE_CONTACT "Switchboard <team@switchboard.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "dispatch engine for customer service")
set(CPACK_PACKAGE_DESCRIPTION "Takes consultation requests in from many channels, recognises who asks, decides by rules
 which skill group and which agent answers, and hosts the conversation. One daemon on one machine.")
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "passwd, tzdata")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${_config}/package/conffiles ${_config}/package/postinst
  ${_config}/package/prerm ${_config}/package/postrm)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/packaging_of.cmake)
include(CPack)
