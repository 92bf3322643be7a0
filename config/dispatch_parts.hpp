#pragma once

#include <string>

#include "runtime/base/ids.hpp"

/// What every part of the dispatch file's values stands on.
namespace switchboard::config {

/// Where a value was written, for error messages: "dispatch.yaml:12". Two configurations that
/// differ in nothing else say the same, so marks are always equal.
struct mark {
  std::string file;
  int line = 0;

  bool operator==(const mark&) const { return true; }
};

}  // namespace switchboard::config
