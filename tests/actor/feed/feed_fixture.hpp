#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "actors/session/session_codec.hpp"
#include "adapters/channel/feed/consumer_projection.hpp"
#include "adapters/channel/feed/feed_pump.hpp"
#include "runtime/store/memory_journal.hpp"
#include "runtime/store/memory_state.hpp"

namespace switchboard {

/// Remembers what it is given. Thread-safe.
class kept_output final : public outbox {
 public:
  struct answer {
    std::uint32_t msgid = 0;
    store::position after = 0;
    std::optional<error> why;
    /// How many notifications had come before.
    std::size_t notified = 0;
  };
  struct notification {
    store::position after = 0;
    std::string session;
    std::uint64_t seq = 0;
    feed_cursor cursor;
    std::string cursor_text;
    std::size_t bytes = 0;
  };

  void reply(std::uint32_t msgid, store::position after, std::string) override {
    keep({msgid, after, {}, 0});
  }
  void fail(std::uint32_t msgid, store::position after, const error& why) override {
    keep({msgid, after, why, 0});
  }
  void notify(store::position after, std::string frame) override;
  std::uint64_t id() const override { return id_; }
  bool open() const override { return open_; }
  void close() { open_ = false; }

  std::vector<notification> notifications() const;
  std::size_t count() const;
  std::size_t bytes() const;
  /// Waits; fails the test when it does not come.
  answer answer_to(std::uint32_t msgid) const;
  bool await(std::size_t notifications) const;

 private:
  void keep(answer a);
  static std::atomic<std::uint64_t> next_id;
  const std::uint64_t id_ = ++next_id;
  std::atomic<bool> open_{true};
  mutable std::mutex lock_;
  mutable std::condition_variable came_;
  std::vector<answer> answers_;
  std::vector<notification> notifications_;
  std::size_t bytes_ = 0;
};

/// Writes sessions' records as their actors would.
class session_scribe {
 public:
  explicit session_scribe(store::journal& journal) : journal_(journal) {}

  /// One record of that many messages.
  store::position say(const std::string& channel, std::uint64_t session, int messages = 1,
                      std::size_t text_bytes = 10);
  /// A record with a note, which customers do not see, before a message.
  store::position note_and_say(const std::string& channel, std::uint64_t session);
  /// A record that is no session's.
  store::position other(const std::string& channel);

 private:
  store::position append(const std::string& channel, std::uint64_t session, std::string events,
                         std::uint64_t seq);
  session_event next(std::uint64_t session, session_payload what);
  store::journal& journal_;
  std::map<std::uint64_t, std::uint64_t> seqs_;
};

/// The journal's customer-visible events of a channel behind `after`, read plainly: what a feed
/// must come to.
std::vector<feed_cursor> expected_feed(const store::journal& journal, const std::string& channel,
                                       feed_cursor after = {});
std::vector<feed_cursor> cursors_of(const std::vector<kept_output::notification>& all);

}  // namespace switchboard
