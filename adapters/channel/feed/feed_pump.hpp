#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/channel/feed/feed_cursor.hpp"
#include "runtime/hosting/outbox.hpp"

namespace switchboard {

namespace channel {
class peer;
}

struct feed_limits {
  /// Of one reading of the journal.
  std::size_t live_records = 512;
  std::size_t slice_records = 1024;
  std::size_t slice_bytes = 64 * 1024;
  /// What all that catch up get together in a round, one slice after the other.
  std::size_t round_records = 16 * 1024;
  std::size_t round_bytes = 1024 * 1024;
  std::chrono::milliseconds round{20};
  /// A connection that holds this much unread gets no more of the past until it has read.
  std::size_t unread_bytes = 1024 * 1024;
};

/// What the feed counts; read by the metrics room at any time.
struct feed_counters {
  std::atomic<std::uint64_t> events{0}, bytes{0};
  std::atomic<std::uint64_t> live{0}, catching_up{0};
  /// Lost their place while catching up, for the journal was trimmed; records nobody can read.
  std::atomic<std::uint64_t> outrun{0}, unreadable{0};
};

/// Reads the durable journal once for all live consumers of all channels, and again from its place
/// for each that is behind. One thread steps it, so that a consumer that has caught up goes live
/// between two records and nothing can come in between. `attach` and `detach`: any thread.
class feed_pump {
 public:
  using clock = std::chrono::steady_clock;

  /// `wake` (any thread, after attach or detach) must bring about a `step`.
  feed_pump(const store::journal& journal, std::function<void()> wake, feed_limits limits = {});
  ~feed_pump();

  /// Whoever catches up does not get what was taken back meanwhile; set before the first step.
  /// Without it everything goes out.
  using recall_check = std::function<bool(const session_id& session, std::uint64_t message_seq)>;
  void leave_out(recall_check recalled) { recalled_ = std::move(recalled); }

  /// Events behind `after` go to `out`, in order, each once. Takes the place of the consumer's
  /// earlier connection, if there is one, which hears nothing more.
  void attach(std::string channel, std::string consumer, feed_cursor after, outbox_ptr out);
  /// Forgets what goes to that outbox.
  void detach(std::uint64_t outbox);
  /// From now on nothing is attached.
  void close();

  /// A bounded piece of work. Answers when the next is due; nothing: when something happens.
  std::optional<clock::time_point> step(clock::time_point now);
  const feed_counters& counters() const { return counters_; }

 private:
  struct line {
    std::string channel, consumer;
    feed_cursor sent;
    outbox_ptr out;
    /// The same connection, where it can say how much of its output is unread.
    channel::peer* connection = nullptr;
    /// While it catches up: the next record to read.
    store::position next = 0;
  };
  using line_ptr = std::unique_ptr<line>;
  using lines = std::vector<line_ptr>;
  struct order {
    line_ptr attach;
    std::uint64_t detach = 0;
  };

  void take_orders();
  void admit(line_ptr fresh);
  void remove_if(const std::function<bool(const line&)>& gone);
  void feed_live();
  /// journal.read, but a record that cannot be read is passed over: said in the log with its place,
  /// and counted. Its consumers see the gap by their events' `prev`; to end their line would end it
  /// for ever.
  result<store::position> read_on(store::position from, std::size_t limit,
                                  const std::function<bool(const store::placed_record&)>& visit);
  bool live_is_behind() const;
  std::size_t deliver(const store::placed_record& r, line* const* to, std::size_t count,
                      bool past = false);
  void lose_live();
  void break_off(line& lost);
  void note_sizes();

  // feed_catch_up.cpp
  std::optional<clock::time_point> catch_up(clock::time_point now);
  bool feed_slice(line& behind);

  const store::journal& journal_;
  const std::function<void()> wake_;
  const feed_limits limits_;
  feed_counters counters_;
  recall_check recalled_;

  std::mutex lock_;
  std::vector<order> orders_;
  bool closed_ = false;

  // Of the feeding thread. Everything before `next_` has gone to all live lines.
  store::position next_ = 0;
  std::unordered_map<std::string, lines> live_;
  std::deque<line_ptr> behind_;
  clock::time_point round_ends_{};
  std::size_t round_bytes_ = 0, round_records_ = 0;
  std::vector<line*> scratch_;
};

}  // namespace switchboard
