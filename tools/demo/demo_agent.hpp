#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/client/json_client.hpp"
#include "tools/demo/demo_stage.hpp"

namespace switchboard::demo {

/// An agent at a desk: logs in, takes offers, answers by the script. Offers that ask for an answer
/// get one after a moment, now and then a decline. Lives as long as the stage's run.
class demo_agent {
 public:
  demo_agent(demo_stage& stage, const cast_agent& who, client::connection_options where,
             std::string token);

  /// Logs in and goes online. `done` is called once, with the reason where that failed.
  void start(std::function<void(const error*)> done, std::function<void(const error&)> lost);
  void stop() { line_.close(); }

  void type(const conversation& c);
  void speak(conversation& c, std::size_t turn);
  /// Says something wrong and takes it back; the turn itself is still to come.
  void slip(conversation& c, std::size_t turn);
  /// Leaves a note and hands the session on, to {"group": ...} or {"agent": ...}.
  void transfer(conversation& c, const json& to, const std::string& why);
  void close(conversation& c);

  const cast_agent& who() const { return who_; }
  const std::string& state() const { return state_; }

 private:
  void arrive(std::function<void(const error*)> done);
  void on_push(std::string_view method, const json& params);
  void on_offer(const json& offer);
  void on_event(const pushed_event& e);
  void play(conversation& c, const pushed_event& e);
  void on_assigned(conversation& c);
  void hear(conversation& c, const pushed_event& e);
  void fetch(conversation& c, std::uint64_t after);
  /// A session this run knows nothing of, from an earlier one: it is closed.
  void see_off(const std::string& session);
  void say(conversation& c, const std::string& key, const std::string& text,
           std::function<void(std::uint64_t seq)> done);
  void call(conversation& c, const char* method, json params,
            std::function<void(const json&)> done);

  demo_stage& stage_;
  const cast_agent& who_;
  std::string reader_;
  std::string state_ = "offline";
  client::json_client line_;
  /// Sessions whose live events are being read.
  std::set<std::string> reading_;
  std::set<std::string> declined_;
  /// Events of sessions whose opening has not been answered yet.
  std::map<std::string, std::vector<pushed_event>> unknown_;
};

}  // namespace switchboard::demo
