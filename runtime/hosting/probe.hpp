#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/base/clock.hpp"

namespace switchboard {

enum class actor_kind : std::uint8_t {
  session,
  agent,
  skill_group,
  router,
  identification,
  customer,
  directory,
  customer_directory,
  archive,
  adapter,
  configuration,
  miner,
  catalog
};
constexpr std::size_t actor_kinds = 13;
std::string_view to_string(actor_kind k);

/// What an actor lets be seen of itself without being asked: written by the actor alone, read by
/// anybody, no locks. CAF 0.17 has neither metrics nor a look into a mailbox, hence our own.
struct actor_probe {
  std::atomic<std::uint32_t> handled{0};  // messages
  std::atomic<std::uint32_t> failed{0};   // that ended in an error
  std::atomic<std::int64_t> last_ms{0};   // when the last one came, Unix milliseconds
  std::atomic<const char*> state{""};     // a word, of static storage
  actor_kind kind = actor_kind::session;

  void note(timestamp now) {
    handled.store(handled.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    last_ms.store(unix_ms(now), std::memory_order_relaxed);
  }
};

/// Every living actor's probe, by kind and business key. Thread-safe; striped, since sessions come
/// and go by ten thousands.
class probe_registry {
 public:
  /// Lives as long as what it returns; the entry goes with it.
  std::shared_ptr<actor_probe> enrol(actor_kind kind, std::string key);

  struct row {
    actor_kind kind;
    std::string key;
    std::uint32_t handled, failed;
    std::int64_t last_ms;
    const char* state;
  };
  /// At most `limit` rows of that kind, the busiest first.
  std::vector<row> top(std::optional<actor_kind> kind, std::size_t limit) const;
  /// Living actors by kind. Costs the same however many there are.
  std::array<std::size_t, actor_kinds> counts() const;

 private:
  struct stripe {
    mutable std::mutex lock;
    std::unordered_map<const actor_probe*, std::string> entries;
    std::array<std::size_t, actor_kinds> by_kind{};
  };
  std::array<stripe, 64> stripes_;
  stripe& stripe_of(const actor_probe* p) {
    return stripes_[(reinterpret_cast<std::uintptr_t>(p) >> 7) % 64];
  }
};

}  // namespace switchboard
