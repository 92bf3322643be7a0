# One room, one library; one test program, one folder of sentences.
#   sb_library(NAME SOURCES a.cpp ... DEPS lib ...)            static library, or INTERFACE where it has no sources
#   sb_executable(NAME SOURCES a.cpp ... DEPS lib ...)
#   sb_test(NAME SOURCES a.cpp ... DEPS lib ... LABEL unit [TIMEOUT seconds])   links GoogleTest, registers one ctest entry

# NAME.hpp of this folder, precompiled for whoever reuses it from the target NAME.
function(sb_precompiled name)
  add_library(${name} OBJECT ${CMAKE_SOURCE_DIR}/tools/cmake/precompiled.cpp)
  target_precompile_headers(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tools/cmake/${name}.hpp)
endfunction()

# Names without linkage are a room's own then, not a source's: two sources of a room do not use the same one.
function(sb_one_source name)
  set_target_properties(${name} PROPERTIES UNITY_BUILD ${SWITCHBOARD_UNITY} UNITY_BUILD_BATCH_SIZE 0)
endfunction()

# A target that says nothing else about precompiled headers uses the common ones; asked at the end of its folder.
function(sb_common_headers name from)
  get_target_property(own ${name} PRECOMPILE_HEADERS)
  get_target_property(reused ${name} PRECOMPILE_HEADERS_REUSE_FROM)
  if(NOT own AND NOT reused)
    target_precompile_headers(${name} REUSE_FROM ${from})
  endif()
endfunction()

function(sb_library name)
  cmake_parse_arguments(A "" "" "SOURCES;DEPS" ${ARGN})
  if(A_SOURCES)
    add_library(${name} STATIC ${A_SOURCES})
    sb_one_source(${name})
    target_link_libraries(${name} PUBLIC ${A_DEPS})
    cmake_language(EVAL CODE "cmake_language(DEFER CALL sb_common_headers ${name} common_headers)")
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${A_DEPS})
  endif()
endfunction()

function(sb_executable name)
  cmake_parse_arguments(A "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${A_SOURCES})
  sb_one_source(${name})
  target_link_libraries(${name} PRIVATE ${A_DEPS})
  cmake_language(EVAL CODE "cmake_language(DEFER CALL sb_common_headers ${name} common_headers)")
endfunction()

function(sb_test name)
  cmake_parse_arguments(A "" "LABEL;TIMEOUT" "SOURCES;DEPS" ${ARGN})
  if(NOT A_TIMEOUT)
    set(A_TIMEOUT 120)
  endif()
  add_executable(${name} ${A_SOURCES})
  target_link_libraries(${name} PRIVATE ${A_DEPS} GTest::gtest GTest::gmock GTest::gtest_main)
  cmake_language(EVAL CODE "cmake_language(DEFER CALL sb_common_headers ${name} test_headers)")
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS "${A_LABEL}" TIMEOUT ${A_TIMEOUT})
endfunction()
