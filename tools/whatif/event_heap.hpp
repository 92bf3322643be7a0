#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace switchboard::whatif {

enum class event_kind : std::uint8_t {
  service_end,   // of a session
  patience_end,  // of a session
  step_end,      // of a session
  offer_answer,  // of a session: accepted or declined
  offer_timeout,
  wrap_up_end,     // of a wrap-up
  back,            // an agent sent away returns
  shift,           // an agent's next change of presence
  dispatcher_due,  // time alone makes something possible in a group
  calendar,        // a group may open or close
};

/// `subject` is a slot or an index by kind; `mark` tells whether it still means the same.
struct timed_event {
  std::int64_t at_ms = 0;
  std::uint32_t order = 0;  // ties go by the order of scheduling
  std::uint32_t subject = 0;
  std::uint32_t mark = 0;
  event_kind kind{};

  bool before(const timed_event& o) const {
    return at_ms != o.at_ms ? at_ms < o.at_ms : static_cast<std::int32_t>(order - o.order) < 0;
  }
};

/// The future, earliest first: a heap of four children a node, so that a level's comparisons lie in
/// two cache lines. Nothing is taken out early: what no longer holds is recognised by its mark.
class event_heap {
 public:
  bool empty() const { return events_.empty(); }
  std::size_t size() const { return events_.size(); }
  const timed_event& top() const { return events_.front(); }

  void push(std::int64_t at_ms, event_kind kind, std::uint32_t subject, std::uint32_t mark = 0) {
    timed_event e{at_ms, next_++, subject, mark, kind};
    std::size_t i = events_.size();
    events_.push_back(e);
    while (i > 0) {
      const std::size_t up = (i - 1) / 4;
      if (!e.before(events_[up])) break;
      events_[i] = events_[up];
      i = up;
    }
    events_[i] = e;
  }

  void pop() {
    const auto e = events_.back();
    events_.pop_back();
    const std::size_t n = events_.size();
    if (n == 0) return;
    std::size_t i = 0;
    for (std::size_t child = 1; child < n; child = 4 * i + 1) {
      const std::size_t end = child + 4 < n ? child + 4 : n;
      std::size_t least = child;
      for (std::size_t c = child + 1; c < end; ++c) {
        if (events_[c].before(events_[least])) least = c;
      }
      if (!events_[least].before(e)) break;
      events_[i] = events_[least];
      i = least;
    }
    events_[i] = e;
  }

 private:
  std::vector<timed_event> events_;
  std::uint32_t next_ = 0;
};

}  // namespace switchboard::whatif
