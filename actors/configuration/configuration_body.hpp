#pragma once

#include <deque>
#include <map>

#include <caf/typed_event_based_actor.hpp>

#include "actors/configuration/configuration_actor.hpp"
#include "actors/configuration/configuration_trial.hpp"
#include "actors/configuration/file_decision.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/codec/pack.hpp"

/// The inside of the configuration's owner, shared by its sources; nobody else includes it.
namespace switchboard {

inline void pack_lines(codec::packer& p, std::string_view key,
                       const std::vector<std::string>& lines) {
  p.str(key).array(static_cast<std::uint32_t>(lines.size()));
  for (auto& l : lines) p.str(l);
}

class configuration_body {
 public:
  static inline const char* name = "configuration";

  configuration_body(configuration_actor::pointer self, actor_probe& probe,
                     const configuration_services& services, configuration_inheritance inherited);

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
  void on_timer(const timer_fired& m);
  void on_status(const status_request& m);
  /// One record: all of it, or nothing.
  store::position commit(const std::vector<configuration_event>& events);
  static std::vector<configuration_event> events_of(config_version v,
                                                    std::vector<config::stored_account> accounts);
  /// One record of what a call did and what it is answered, if it can be repeated.
  store::position settle(const configuration_call& m, std::vector<configuration_event> events,
                         const std::string& answer);
  void arm();

  /// A configuration somebody wants: a text, and what is stored of accounts beside it.
  struct wanted {
    std::string text, comment;
    config::text_origin origin = config::text_origin::written;
    std::vector<config::stored_account> accounts;
  };

  // Changes (configuration_apply.cpp)
  void apply(configuration_call& m, wanted w);
  void edit(configuration_call& m);
  void rollback(configuration_call& m);
  void switch_group(configuration_call& m);
  static std::string applied_answer(const configuration_call& m, int version, bool applied,
                                    const std::vector<std::string>& changes,
                                    const std::vector<std::string>& advice);
  configuration_change take_up(loaded_configuration next);
  void change_groups(const changed_names& groups, const config::dispatch_config& now_valid);
  void change_agents(const changed_names& agents, const config::dispatch_config& now_valid);
  void tell_who_leads(const config::dispatch_config& now_valid);
  void reroute_all(const std::string& reason);
  void complete(wanted& w) const;
  config::checked<loaded_configuration> load_next(const configuration_call& m,
                                                  const wanted& w) const;

  // The dispatch file and what is decided while running (configuration_files.cpp)
  void reload(configuration_call& m);
  void conflicts(const configuration_call& m);
  void keep(const configuration_call& m);
  void disagree(std::optional<file_conflict> about);
  /// After a change of what runs: the file may take nothing back any more.
  void review_conflict();
  file_decision decide(std::string_view file) const;
  std::uint64_t settled() const;

  // Orders about accounts and groups (configuration_orders.cpp, configuration_accounts.cpp)
  void carry_out(configuration_call& m);
  result<wanted> ordered(const configuration_call& m) const;
  result<std::string> ordered_text(const configuration_call& m) const;
  result<wanted> created_account(const configuration_call& m) const;
  result<wanted> changed_account(const configuration_call& m) const;
  result<wanted> imported_accounts(const configuration_call& m) const;
  result<void> update_account(const configuration_call& m, config::stored_account& a,
                              wanted& w) const;
  std::optional<config::stored_account> stored(const std::string& id) const;
  bool strays(const configuration_call& m, const config::dispatch_config& next) const;
  void refuse_order(const configuration_call& m, const config::config_errors& errors) const;
  void export_accounts(const configuration_call& m);
  void log_change(const configuration_call& m) const;

  // Questions (configuration_reports.cpp)
  void check(const configuration_call& m);
  void begin_diff(configuration_call& m);
  void end_diff(std::uint64_t ticket);
  void history(const configuration_call& m);
  void show(const configuration_call& m);
  std::optional<config_version> find_version(int version) const;
  /// The same for who can do without: one that is damaged is none.
  std::optional<config_version> find_whole_version(int version) const;
  std::optional<config_version> find_recent(int version) const;
  std::vector<std::string> new_advice(const config::dispatch_config& next) const;
  void refuse(const reply_to& to, const config::config_errors& errors) const;

  timestamp now() const { return services_.clock.now(); }
  /// What versions are stamped with, and conditions read.
  timestamp wall() const { return wall_time(services_.clock); }

  configuration_actor::pointer self_;
  const configuration_services& services_;
  probe_registry::enrolment probe_;
  configuration_record record_;
  /// Its latest record: what is told of it waits for this, and not for others' records.
  store::position written_ = 0;
  loaded_configuration active_;
  /// Of this run: the state environment may not have them yet.
  std::deque<config_version> recent_;
  std::unordered_map<agent_id, agent_record> others_;
  /// The dispatch file, where a person has to decide.
  std::optional<file_conflict> conflict_;
  queue_snapshot board_;
  struct {
    std::map<std::uint64_t, running_trial> all;
    std::uint64_t next = 1;
  } trials_;
  actor_timer timer_{*services_.directory.timers, self_};
};

}  // namespace switchboard
