#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>

#include "tools/demo/delivery_checker.hpp"
#include "tools/demo/demo_script.hpp"
#include "tools/demo/pushed_event.hpp"

namespace boost::asio {
class io_context;
}

namespace switchboard::demo {

using steady = std::chrono::steady_clock;

enum class phase { to_come, opening, waiting, offered, active, closed, done, failed };
std::string_view to_string(phase p);

/// One visit being played. The stage's parts fill in what they saw; the director decides by it.
struct conversation {
  const visit* script = nullptr;
  /// Its place in the script, from 0.
  std::size_t number = 0;
  /// Of this run: daemon and demo may be started again on the same data.
  std::string request_id;
  std::string session_id;
  demo::phase phase = demo::phase::to_come;
  steady::time_point begun;
  steady::time_point waiting_since;
  std::int64_t opened_ms = 0;
  /// Who serves, or is asked; the group it waits in, or was accepted by.
  std::string agent;
  std::string group;
  /// Everybody who served, in order.
  std::vector<std::string> served_by;
  std::size_t next_turn = 0;
  /// Turns that have reached the other side.
  std::set<std::size_t> heard;
  /// Somebody is typing, or a call is under way.
  bool busy = false;
  /// Turns before which this happens; none: never.
  std::optional<std::size_t> transfer_at, slip_at;
  /// Handed on, and nobody has it yet.
  bool handing_on = false;
  bool closing = false;
  bool close_seen_by_agent = false;
  bool rated = false;
  std::string trouble;

  bool over() const { return phase == demo::phase::done || phase == demo::phase::failed; }
};

struct demo_counts {
  std::uint64_t opened = 0, assigned = 0, assigned_again = 0, closed = 0;
  std::uint64_t customer_messages = 0, agent_messages = 0, automatic_messages = 0;
  std::uint64_t transfers = 0, recalls = 0, ratings = 0, declined = 0;
  std::int64_t longest_wait_ms = 0;
};

struct stage_options {
  /// 2: twice as fast.
  double pace = 1;
  std::uint64_t seed = 1;
};

/// What all parts of one run share: the conversations, what was counted, and the clock they act by.
/// Everything happens on the io_context's thread.
class demo_stage {
 public:
  demo_stage(boost::asio::io_context& io, const demo_script& script, stage_options options);

  boost::asio::io_context& io() { return io_; }
  const demo_script& script() const { return script_; }
  std::deque<conversation>& conversations() { return conversations_; }
  const std::deque<conversation>& conversations() const { return conversations_; }
  delivery_checker& book() { return book_; }
  const delivery_checker& book() const { return book_; }
  demo_counts& counts() { return counts_; }
  const demo_counts& counts() const { return counts_; }

  /// Null for a session this run did not open, or has given up.
  conversation* find(const std::string& session_id);
  void opened(conversation& c, std::string session_id);
  void fail(conversation& c, std::string why);

  /// Something happened to the conversation: whoever directs it looks again.
  std::function<void(conversation&)> on_progress;
  /// A session got its id: agents may have heard of it before.
  std::vector<std::function<void(conversation&)>> on_opened;

  /// Calls after about `ms` of the demo's time: shorter at a higher pace, a little uneven.
  void after(int ms, std::function<void()> call);
  double random();

  /// A line for the live view: who said what to whom.
  void say(std::string line);
  const std::deque<std::string>& feed() const { return feed_; }
  const std::string& agent_name(const std::string& id) const;
  const std::string& group_name(const std::string& id) const;

 private:
  boost::asio::io_context& io_;
  const demo_script& script_;
  stage_options options_;
  std::mt19937_64 random_;
  std::deque<conversation> conversations_;
  std::map<std::string, conversation*> by_session_;
  std::map<std::string, std::string> agent_names_, group_names_;
  delivery_checker book_;
  demo_counts counts_;
  std::deque<std::string> feed_;
};

}  // namespace switchboard::demo
