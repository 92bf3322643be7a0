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
/// known has a queue beside, and every other turn. Where it is full, the address that has most waiting
/// gives way to one that has nothing. Pure; not thread-safe.
class fair_queue {
 public:
  struct item {
    std::function<void()> run;
    std::function<void()> turned_away;  // called instead where it gave way
  };

  explicit fair_queue(queue_options options = {}) : x_options(options) {}

  bool put_known(item what);
  /// False where it is full. `gave_way`: whose place this one has now.
  bool put(const std::string& address, item what, std::optional<item>& gave_way);
  std::optional<item> take();
  bool empty() const { return x_waiting == 0 && x_known.empty(); }
  void clear();

 private:
  std::optional<item> take_of_address();
  std::optional<item> push_out();

  queue_options x_options;
  std::deque<item> x_known;
  std::unordered_map<std::string, std::deque<item>> x_of;
  std::deque<std::string> x_turns;  // each address that has something, once
  std::size_t x_waiting = 0;
  bool x_known_next = true;
};

}  // namespace switchboard::password
