#pragma once

#include "actors/messages/edge_messages.hpp"
#include "runtime/store/memory_journal.hpp"
#include "runtime/store/memory_state.hpp"
#include "tools/simulation/chance.hpp"

namespace switchboard::simulation {

/// A store's disk that fills up, to one of the thresholds or altogether, and is given room again.
class store_room {
 public:
  store_room(store::memory_journal& journal, store::memory_state& state)
      : journal_(journal), state_(state) {}

  /// Answers what became of it, in words.
  const char* fill(chance& luck);
  void free();
  bool short_of_room() const { return short_; }
  std::uint64_t fillings() const { return fillings_; }

  /// As the gateway asks: what there is no room for is refused, and where it has a key it goes on
  /// to whoever knows whether it was answered before. False: it was answered.
  bool admits(open_session& m) const;
  bool admits(send_message& m) const;
  bool admits(session_call& m) const;
  bool admits(agent_call& m) const;
  bool admits(configuration_call& m) const;
  template <class M> bool admits(M&) const { return true; }

 private:
  bool takes(store::work what, bool keyed, reply_to& to) const;

  store::memory_journal& journal_;
  store::memory_state& state_;
  bool short_ = false;
  std::uint64_t fillings_ = 0;
};

/// What the store's own word for want of room begins with.
bool is_want_of_room(const error& why);

}  // namespace switchboard::simulation
