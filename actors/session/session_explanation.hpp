#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "actors/session/session_codec.hpp"
#include "actors/session/session_state.hpp"

namespace switchboard {

/// How a session came to where it is, told from its own events: what was decided, when, and why.
/// Bounded: of a long life the newest steps are kept. For people who ask; not thread-safe.
class session_explanation {
 public:
  static constexpr std::size_t most = 100;

  /// In the order of seq. Other events than decisions are left out.
  void take(const session_codec::stored_event& e);
  std::uint64_t last_seq() const { return last_; }
  /// Appends `story: [{at, what, text, ...}]` and, where somebody was chosen, `decision: {...}` to
  /// a map; answers how many pairs.
  std::uint32_t pack(codec::packer& p) const;

 private:
  void add(timestamp at, const char* what, std::string text);

  std::deque<std::string> lines_;
  std::string decision_;
  std::uint64_t last_ = 0;
};

/// The plan and the step it stands in: pairs of a map, and how many.
std::uint32_t pack_standing(codec::packer& p, const session_state& s);

}  // namespace switchboard
