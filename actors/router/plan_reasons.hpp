#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard {

/// `text` cut to at most `most` bytes, never inside a UTF-8 character; cut text ends in "...".
std::string clipped(std::string_view text, std::size_t most);

/// The reasons of one decision, for people to read. Bounded in number and length: they are stored
/// with the session. Lists of equal reasons are cut by those who add them, so that what comes last
/// is not crowded out.
class plan_reasons {
 public:
  static constexpr std::size_t most = 16;
  static constexpr std::size_t most_bytes = 240;

  void add(std::string_view reason) {
    if (all_.size() < most) all_.push_back(clipped(reason, most_bytes));
  }
  std::vector<std::string> take() { return std::move(all_); }

 private:
  std::vector<std::string> all_;
};

}  // namespace switchboard
