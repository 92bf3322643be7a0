#pragma once

#include <functional>
#include <memory>
#include <string>

#include "adapters/client/json_client.hpp"
#include "tools/demo/demo_stage.hpp"

namespace switchboard::demo {

/// One channel's back end: a connection on which all its customers come, speak and go. What it
/// sees goes to the stage. Lives as long as the stage's run.
class demo_channel {
 public:
  demo_channel(demo_stage& stage, std::string channel, client::connection_options where,
               std::string token);

  /// `done` is called once, with the reason where it could not log in; `lost` when the line breaks
  /// later.
  void start(std::function<void(const error*)> done, std::function<void(const error&)> lost);
  void stop() { line_.close(); }

  /// Opens the session with the customer's first turn as its message.
  void open(conversation& c);
  void speak(conversation& c, std::size_t turn);
  void close(conversation& c);
  void rate(conversation& c);
  /// Reads back what the daemon kept, and settles the account.
  void check(conversation& c);

 private:
  void on_push(std::string_view method, const json& params);
  void on_event(conversation& c, const pushed_event& e);
  void on_message(conversation& c, const pushed_event& e);
  void on_assigned(conversation& c, const pushed_event& e);
  void look_at(conversation& c, const std::string& id);
  void start_over(conversation& c, const std::string& old);
  void begin(conversation& c, const std::string& id);
  void subscribe(conversation& c);
  void fetch(conversation& c, std::uint64_t after, std::shared_ptr<std::vector<seen_event>> kept);
  /// Calls for a conversation; an error fails it.
  void call(conversation& c, const char* method, json params,
            std::function<void(const json&)> done);

  demo_stage& stage_;
  std::string channel_;
  std::string reader_;
  client::json_client line_;
};

}  // namespace switchboard::demo
