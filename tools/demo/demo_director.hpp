#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tools/demo/demo_agent.hpp"
#include "tools/demo/demo_channel.hpp"

namespace switchboard::demo {

struct director_options {
  client::connection_options where;
  /// An account's token is this and its id (see config/demo/dispatch.yaml: public, for the demo).
  std::string token_prefix = "demo-";
  /// Tells this run's requests from those of others.
  std::string run_id;
};

/// Plays one run: lets everybody log in, customers arrive, and each conversation take its turns by
/// what has really arrived at the other side. One thread, the stage's.
class demo_director {
 public:
  demo_director(demo_stage& stage, director_options options);
  ~demo_director();

  /// `finished` is called once, when every conversation is over; its text is empty, or says why the
  /// run could not go on.
  void start(std::function<void(std::string trouble)> finished);
  /// Gives up what is not over yet.
  void abandon(const std::string& why);

  const std::vector<std::unique_ptr<demo_agent>>& agents() const { return agents_; }

 private:
  void log_in();
  void on_logged_in(const std::string& who, const error* why);
  void cast();
  void let_customers_in(std::size_t from);
  void arrive(conversation& c);
  bool is_here_already(const conversation& c) const;

  void advance(conversation& c);
  void customer_turn(conversation& c);
  void agent_turn(conversation& c);
  void part(conversation& c);
  void after_close(conversation& c);
  void on_over();
  bool heard_before(const conversation& c, std::size_t turn, bool by_agent) const;
  json somebody_else(const conversation& c);
  demo_agent* agent_of(const conversation& c);

  demo_stage& stage_;
  director_options options_;
  std::map<std::string, std::unique_ptr<demo_channel>> channels_;
  std::vector<std::unique_ptr<demo_agent>> agents_;
  std::map<std::string, demo_agent*> by_id_;
  /// Same customer as one who is still here.
  std::vector<conversation*> in_the_hall_;
  std::function<void(std::string)> finished_;
  std::size_t to_log_in_ = 0;
};

}  // namespace switchboard::demo
