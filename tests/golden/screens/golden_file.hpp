#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

namespace switchboard {

/// The committed bytes. With SWITCHBOARD_WRITE_GOLDEN set they are written instead, to be looked at
/// and committed where a screen was meant to change. ctest runs this at the top of the source tree.
inline void expect_golden(const std::string& name, const std::string& bytes) {
  const auto path = "tests/golden/screens/" + name;
  if (std::getenv("SWITCHBOARD_WRITE_GOLDEN")) {
    std::ofstream(path, std::ios::binary) << bytes;
    return;
  }
  std::ifstream in(path, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), bytes) << name;
}

}  // namespace switchboard
