#pragma once

#include <string>

#include "adapters/web/web_message.hpp"

namespace switchboard::web {

/// How an answer is written. `version` is the request's: 10 or 11.
struct framing {
  bool keep_alive = true;
  /// To HEAD: all but the body.
  bool head_only = false;
  unsigned version = 11;
};

/// Status line, headers, and the body where it belongs.
std::string text_of(const response& what, framing how);

}  // namespace switchboard::web
