#include "actors/configuration/configuration_actor.hpp"

#include <algorithm>

#include "actors/configuration/configuration_body.hpp"
#include "actors/configuration/configuration_parts.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/hosting/hosted_actor.hpp"
#include "runtime/hosting/unless_known.hpp"

namespace switchboard {

configuration_body::configuration_body(configuration_actor::pointer self, actor_probe& probe,
                                       const configuration_services& services,
                                       configuration_inheritance inherited)
    : self_(self),
      services_(services),
      probe_(
          services.probes.enrol(probe, actor_kind::configuration, std::string(configuration_key))),
      record_(std::move(inherited.record)),
      active_(std::move(inherited.active)),
      others_(std::move(inherited.others)) {
  recent_.push_back(active_.version);
  if (inherited.fresh) commit(events_of(active_.version, std::move(inherited.accounts)));
  if (inherited.settle != 0) commit({file_settled{inherited.settle, "file", wall()}});
  disagree(std::move(inherited.conflict));
  probe_->state = "ready";
}

configuration_actor::behavior_type configuration_body::make_behavior() {
  return {
      [this](configuration_call& m) { on_call(m); },
      [this](const dispatch_is& m) { on_dispatch(m); },
      [this](const group_report& m) { on_report(m); },
      [this](const agent_retired& m) { on_agent_retired(m); },
      [this](const group_retired& m) { on_group_retired(m); },
      [this](const timer_fired& m) { on_timer(m); },
      [this](const status_request& m) { on_status(m); },
  };
}

void configuration_body::on_call(configuration_call& m) {
  auto before = answered_before(record_.answered, m.known_by, wall());
  if (!before) return m.reply.fail(services_.journal.last(), before.error());
  if (*before) return m.reply.again(services_.journal.last(), std::move(**before));
  if (refused_as_new(m.reply)) return;
  switch (m.method) {
    case configuration_method::apply:
      return apply(m, {std::move(m.text), std::move(m.comment)});
    case configuration_method::reload:
      return m.path == conflicts_part ? keep(m) : reload(m);
    case configuration_method::edit:
      return edit(m);
    case configuration_method::rollback:
      return rollback(m);
    case configuration_method::order:
      return carry_out(m);
    case configuration_method::switch_group:
      return switch_group(m);
    case configuration_method::check:
      return check(m);
    case configuration_method::diff:
      return begin_diff(m);
    case configuration_method::history:
      return history(m);
    case configuration_method::show:
      if (m.path == accounts_part) return export_accounts(m);
      if (m.path == conflicts_part) return conflicts(m);
      return show(m);
  }
}

void configuration_body::on_dispatch(const dispatch_is& m) {
  auto it = trials_.all.find(m.ticket);
  if (it == trials_.all.end()) return;
  if (m.waiting)
    it->second.trial.take({m.session, m.request, m.found, m.weight}, board_, wall(), m.groups);
  if (--it->second.awaited == 0) end_diff(m.ticket);
}

void configuration_body::on_report(const group_report& m) {
  if (!active_.rules->groups().find(m.group.value)) return;
  board_.put(m.group, {m.waiting, m.online, m.available, m.oldest, m.service_level, m.eta, m.open});
}

void configuration_body::on_agent_retired(const agent_retired& m) {
  const auto& agents = active_.dispatch->agents;
  // Configured again while it said good-bye: it has been told so, and stays.
  if (std::ranges::find(agents, m.agent, &config::agent_config::id) != agents.end()) return;
  agent_record r;
  if (codec::unpack(m.record, r)) others_.insert_or_assign(m.agent, std::move(r));
  if (auto who = services_.directory.erase_agent(m.agent)) {
    // An exit by the reason `normal` would end nobody.
    self_->send_exit(caf::actor_cast<caf::actor>(who), caf::exit_reason::user_shutdown);
  }
}

void configuration_body::on_group_retired(const group_retired&) {
  auto who = caf::actor_cast<group_actor>(self_->current_sender());
  if (!who) return;
  services_.directory.forget_retiring(who);
  self_->send_exit(caf::actor_cast<caf::actor>(who), caf::exit_reason::user_shutdown);
}

store::position configuration_body::commit(const std::vector<configuration_event>& events) {
  store::record r;
  const auto at = wall();
  for (auto& e : events) {
    fold_into(record_, e, at);
    r.events += encode(e);
  }
  r.kind = store::entity_kind::rules;
  r.shard = entity_shard('r', configuration_key);
  r.entity_seq = record_.seq;
  r.at = at;
  r.key = std::string(configuration_key);
  return written_ = services_.journal.append(std::move(r));
}

std::vector<configuration_event> configuration_body::events_of(
    config_version v, std::vector<config::stored_account> accounts) {
  std::vector<configuration_event> events;
  for (auto& a : accounts) events.emplace_back(std::move(a));
  // The same text is not written twice.
  if (v.same_text_as != 0) v.text.clear();
  events.emplace_back(std::move(v));
  return events;
}

store::position configuration_body::settle(const configuration_call& m,
                                           std::vector<configuration_event> events,
                                           const std::string& answer) {
  const auto& key = m.known_by.key;
  if (key.key != 0) events.emplace_back(answer_recorded{key.key, key.content, {answer}});
  return events.empty() ? services_.journal.last() : commit(events);
}

void configuration_body::arm() {
  if (trials_.all.empty()) return timer_.cancel();
  timer_.arm(std::ranges::min_element(trials_.all, {}, [](auto& t) {
               return t.second.until;
             })->second.until);
}

void configuration_body::on_timer(const timer_fired& m) {
  if (!timer_.rang(m.generation)) return;
  std::vector<std::uint64_t> due;
  for (auto& [ticket, t] : trials_.all) {
    if (t.until <= now()) due.push_back(ticket);
  }
  for (auto ticket : due) end_diff(ticket);
  arm();
}

void configuration_body::on_status(const status_request& m) {
  codec::packer p;
  p.map(6);
  field(p, "version", static_cast<std::int64_t>(record_.latest));
  field(p, "by", active_.version.by);
  field(p, "at", active_.version.at);
  field(p, "rules", static_cast<std::int64_t>(active_.rules->size()));
  field(p, "closed_by_hand", static_cast<std::int64_t>(record_.closed.size()));
  field(p, "comparisons", static_cast<std::int64_t>(trials_.all.size()));
  m.reply.ok(written_, p.take());
}

configuration_actor spawn_configuration(caf::actor_system& system,
                                        const configuration_services& services,
                                        configuration_inheritance inherited) {
  return system.spawn<hosted_actor<configuration_actor, configuration_body>>(std::cref(services),
                                                                             std::move(inherited));
}

}  // namespace switchboard
