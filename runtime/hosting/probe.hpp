#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/hosting/message_names.hpp"
#include "runtime/hosting/tick_clock.hpp"

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

/// What an actor lets be seen of itself without being asked, read by anybody, no locks. The shell
/// counts (hosted_actor.hpp); the body sets `state`. CAF 0.17 has neither metrics nor a look into a
/// mailbox, hence our own.
struct actor_probe {
  std::atomic<std::uint32_t> arrived{0};        // messages; written by whoever sends
  std::atomic<std::uint32_t> handled{0};        // of these; by the actor alone, as all below
  std::atomic<std::uint32_t> failed{0};         // that ended in an error
  std::atomic<std::uint32_t> stopped_at{0};     // the arrival whose wait is measured; 0: none
  std::atomic<std::uint64_t> stopped_since{0};  // when that one came, in ticks
  std::atomic<std::uint64_t> last{0};           // when the last one was handled, in ticks
  std::atomic<std::uint64_t> work{0};           // spent in handlers, in ticks
  std::atomic<const char*> state{""};           // a word, of static storage
  const std::string* key = nullptr;             // of who is in the registry, while it is
  actor_kind kind = actor_kind::session;
  std::atomic<message_names::number> last_message{message_names::others};

  /// Messages that came and are not handled. What is being handled counts as waiting.
  std::uint32_t waiting() const {
    const auto done = handled.load(std::memory_order_relaxed);
    return arrived.load(std::memory_order_relaxed) - done;
  }

  /// Every `sampled`th arrival leaves the tick at which it came, for its wait to be measured.
  static constexpr std::uint32_t sampled = 16;
  void note_arrival() {
    const auto n = arrived.fetch_add(1, std::memory_order_relaxed) + 1;
    if (n % sampled == 1 && stopped_at.load(std::memory_order_relaxed) == 0) {
      stopped_since.store(ticks_now(), std::memory_order_relaxed);
      stopped_at.store(n, std::memory_order_release);
    }
  }
  /// How long the message that is about to be handled has waited, in ticks, where it is one whose
  /// wait is measured.
  std::optional<std::uint64_t> take_wait(std::uint64_t now) {
    const auto at = stopped_at.load(std::memory_order_acquire);
    if (at == 0) return std::nullopt;
    const auto before = at - 1 - handled.load(std::memory_order_relaxed);
    if (before != 0 && before < ~std::uint32_t{0} / 2) return std::nullopt;
    const auto since = stopped_since.load(std::memory_order_relaxed);
    stopped_at.store(0, std::memory_order_relaxed);
    // Others, urgent ones, may have been taken out of turn: then this is not that message.
    if (before != 0) return std::nullopt;
    return now > since ? now - since : 0;
  }
  void note_handled(message_names::number what, std::uint64_t ended, std::uint64_t took) {
    handled.store(handled.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    work.store(work.load(std::memory_order_relaxed) + took, std::memory_order_relaxed);
    last.store(ended, std::memory_order_relaxed);
    last_message.store(what, std::memory_order_relaxed);
  }
  void note_failure() {
    failed.store(failed.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
};

/// The probes of all living actors but sessions, by kind and business key. Thread-safe; striped.
class probe_registry {
 public:
  /// One actor's entry; it goes with this.
  class enrolment {
   public:
    enrolment(probe_registry& in, actor_probe& of) : in_(&in), of_(&of) {}
    enrolment(enrolment&& other) noexcept
        : in_(std::exchange(other.in_, nullptr)), of_(other.of_) {}
    enrolment(const enrolment&) = delete;
    enrolment& operator=(const enrolment&) = delete;
    enrolment& operator=(enrolment&&) = delete;
    ~enrolment() {
      if (in_) in_->leave(*of_);
    }
    actor_probe* operator->() const { return of_; }
    const std::string& key() const { return *of_->key; }

   private:
    probe_registry* in_;
    actor_probe* of_;
  };
  /// `probe` must outlive the enrolment.
  enrolment enrol(actor_probe& probe, actor_kind kind, std::string key);

  struct row {
    actor_kind kind;
    std::string key;
    std::uint32_t handled, failed, waiting;
    std::uint64_t last, work;  // in ticks
    message_names::number last_message;
    const char* state;

    static row of(const actor_probe& p, std::string key);
  };
  /// At most `limit` rows of that kind, the busiest first.
  std::vector<row> top(std::optional<actor_kind> kind, std::size_t limit) const;
  std::optional<row> find(actor_kind kind, const std::string& key) const;
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
  void leave(actor_probe& p);
};

}  // namespace switchboard
