#pragma once

#include <deque>
#include <map>

#include <caf/typed_event_based_actor.hpp>

#include "actors/configuration/configuration_actor.hpp"
#include "actors/configuration/configuration_trial.hpp"

/// The inside of the configuration's owner, shared by its sources; nobody else includes it.
namespace switchboard {

class configuration_body {
 public:
  static inline const char* name = "configuration";

  configuration_body(configuration_actor::pointer self, const configuration_services& services,
                     configuration_inheritance inherited);

  configuration_actor::behavior_type make_behavior();

 private:
  /// A comparison with the live queues, while sessions say where they stand.
  struct running_trial {
    configuration_trial trial;
    std::vector<std::string> advice;
    std::size_t awaited = 0;
    timestamp until;
    reply_to reply;
  };

  // configuration_actor.cpp
  void on_call(configuration_call& m);
  void on_dispatch(const dispatch_is& m);
  void on_report(const group_report& m);
  void on_agent_retired(const agent_retired& m);
  void on_group_retired(const group_retired& m);
  void on_wake(const wake& m);
  void on_status(const status_request& m);
  store::position commit(configuration_event e);
  void arm();

  // Changes (configuration_apply.cpp)
  void apply_text(configuration_call& m, std::string text, std::string comment);
  void edit(configuration_call& m);
  void rollback(configuration_call& m);
  void switch_group(configuration_call& m);
  configuration_change take_up(loaded_configuration next);
  void change_groups(const changed_names& groups, const config::dispatch_config& now_valid);
  void change_agents(const changed_names& agents, const config::dispatch_config& now_valid);
  void tell_who_leads(const config::dispatch_config& now_valid);
  void reroute_all(const std::string& reason);
  config::checked<loaded_configuration> load_next(const configuration_call& m, std::string text,
                                                  std::string comment) const;

  // Orders about accounts and groups (configuration_orders.cpp)
  void carry_out(configuration_call& m);
  result<std::string> ordered_text(const configuration_call& m) const;
  bool strays(const configuration_call& m, const config::dispatch_config& next) const;
  void refuse_order(const configuration_call& m, const config::config_errors& errors) const;

  // Questions (configuration_reports.cpp)
  void check(const configuration_call& m);
  void begin_diff(configuration_call& m);
  void end_diff(std::uint64_t ticket);
  void history(const configuration_call& m);
  void show(const configuration_call& m);
  std::optional<config_version> find_version(int version) const;
  void refuse(const reply_to& to, const config::config_errors& errors) const;

  timestamp now() const { return services_.clock.now(); }

  configuration_actor::pointer self_;
  const configuration_services& services_;
  std::shared_ptr<actor_probe> probe_;
  configuration_record record_;
  loaded_configuration active_;
  /// Of this run: the state environment may not have them yet.
  std::deque<config_version> recent_;
  std::unordered_map<agent_id, agent_record> others_;
  queue_board board_;
  std::map<std::uint64_t, running_trial> trials_;
  std::uint64_t next_ticket_ = 1;
  timestamp armed_for_{};
  std::uint64_t generation_ = 0;
};

}  // namespace switchboard
