#pragma once

#include <string>
#include <string_view>

#include "runtime/store/journal.hpp"

namespace switchboard {

/// Where files sent in sessions are kept, as far as sessions know it. Thread-safe; never blocks.
class attachment_release {
 public:
  virtual ~attachment_release() = default;
  /// The message that carried it was taken back: its content goes once the journal is durable up to
  /// `after`.
  virtual void release(std::string attachment_id, store::position after) = 0;
};

/// "<session>.f...": the session an attachment belongs to is the beginning of its id.
inline bool belongs_to(std::string_view attachment_id, std::string_view session) {
  return attachment_id.size() > session.size() + 2 && attachment_id.starts_with(session) &&
         attachment_id.substr(session.size(), 2) == ".f";
}

}  // namespace switchboard
