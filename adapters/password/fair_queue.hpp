#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

namespace switchboard::password {

struct queue_options {
  /// Of one address; and in all, besides those of known devices and places.
  std::size_t most_of_address = 4;
  std::size_t most_waiting = 256;
  std::size_t most_known = 64;
};

/// Work that waits, each address in turn: whoever sends much makes only its own wait longer. Who is
/// known has a queue beside, and every other turn. Where it is full, the address that has most
/// waiting gives way to one that has nothing. Pure; not thread-safe.
class fair_queue {
 public:
  struct item {
    std::function<void()> run;
    std::function<void()> turned_away;  // called instead where it gave way
  };

  explicit fair_queue(queue_options options = {}) : options_(options) {}

  bool put_known(item what);
  /// False where it is full. `gave_way`: whose place this one has now.
  bool put(const std::string& address, item what, std::optional<item>& gave_way);
  std::optional<item> take();
  bool empty() const { return waiting_ == 0 && known_.empty(); }
  void clear();

 private:
  std::optional<item> take_of_address();
  std::optional<item> push_out();

  queue_options options_;
  std::deque<item> known_;
  std::unordered_map<std::string, std::deque<item>> of_;
  std::deque<std::string> turns_;  // each address that has something, once
  std::size_t waiting_ = 0;
  bool known_next_ = true;
};

}  // namespace switchboard::password
