#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/hosting/probe.hpp"

namespace switchboard {

/// Which actors cost most, among any number, in bounded memory: the space-saving sketch of
/// Metwally, Agrawal and El Abbadi (2005), by time spent. Whoever took more than 1/`slots` of all
/// is certainly in it. Not thread-safe.
class busiest {
 public:
  static constexpr std::size_t slots = 256;
  struct entry {
    std::uint64_t actor = 0;  // CAF's id
    actor_kind kind = actor_kind::session;
    message_names::number last_message = message_names::others;
    std::string key;
    std::uint64_t work = 0;  // in ticks: at most this, at least this less `inherited`
    std::uint64_t inherited = 0;
    std::uint64_t messages = 0;  // since it has a slot
  };

  /// `key()` is asked when the actor gets a slot.
  template <class Key>
  void note(std::uint64_t actor, actor_kind kind, message_names::number message, std::uint64_t took,
            Key key) {
    auto found = at_.find(actor);
    if (found == at_.end()) found = admit(actor, kind, key());
    auto& e = entries_[found->second];
    e.last_message = message;
    e.work += took;
    ++e.messages;
  }
  /// All there are, in no order; begins anew.
  std::vector<entry> take() {
    at_.clear();
    return std::exchange(entries_, {});
  }

 private:
  using index = std::unordered_map<std::uint64_t, std::size_t>;
  index::iterator admit(std::uint64_t actor, actor_kind kind, std::string key) {
    std::size_t slot = entries_.size();
    std::uint64_t inherited = 0;
    if (slot < slots) {
      entries_.emplace_back();
    } else {
      slot = 0;
      for (std::size_t i = 1; i < slots; ++i) {
        if (entries_[i].work < entries_[slot].work) slot = i;
      }
      inherited = entries_[slot].work;
      at_.erase(entries_[slot].actor);
    }
    entries_[slot] = {actor, kind, message_names::others, std::move(key), inherited, inherited, 0};
    return at_.emplace(actor, slot).first;
  }

  std::vector<entry> entries_;
  index at_;
};

}  // namespace switchboard
