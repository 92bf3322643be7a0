#include <algorithm>

#include "actors/configuration/configuration_advice.hpp"
#include "actors/configuration/configuration_body.hpp"
#include "config/dispatch_loader.hpp"
#include "config/yaml_edit.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/log/log.hpp"

namespace switchboard {

using codec::packer;

/// What the text says of log-in comes to what is wanted of accounts.
void configuration_body::complete(wanted& w) const {
  if (w.text == active_.version.text) return;
  auto known = *active_.accounts;
  for (auto& a : w.accounts) known.insert_or_assign(a.id, a);
  auto more = config::accounts_after(known, config::written_logins(active_.version.text),
                                     config::written_logins(w.text), w.origin);
  for (auto& a : more) {
    std::erase_if(w.accounts, [&](auto& x) { return x.id == a.id; });
    w.accounts.push_back(std::move(a));
  }
}

config::checked<loaded_configuration> configuration_body::load_next(const configuration_call& m,
                                                                    const wanted& w) const {
  config_version v;
  v.version = record_.latest + 1;
  v.at = wall();
  v.by = m.by.id;
  v.comment = w.comment;
  v.file = m.file.empty() ? active_.version.file : m.file;
  // Only the daemon's own reading of its file says what that file holds; or somebody applies what
  // it is known to hold.
  const auto hash = file_hash_of(w.text);
  const bool of_file = m.method == configuration_method::reload ||
                       (conflict_ && file_hash_of(conflict_->text) == hash);
  const bool same_text = w.text == active_.version.text;
  v.file_hash = of_file && !same_text ? hash : settled();
  v.value_hash = same_text ? active_.version.value_hash : config::value_hash_of(w.text);
  if (same_text) {
    const auto& before = active_.version;
    v.same_text_as = before.same_text_as != 0 ? before.same_text_as : before.version;
  }
  v.text = w.text;
  v.reevaluate = m.reevaluate;
  auto accounts = active_.accounts;
  if (!w.accounts.empty()) {
    auto changed = *accounts;
    for (auto& a : w.accounts) changed.insert_or_assign(a.id, a);
    accounts = std::make_shared<const config::account_index>(std::move(changed));
  }
  // What changes accounts alone must not fail for a list of words: their files are taken as they
  // were.
  config::kept_words as_before{&active_.dispatch->reception, {}};
  return load_configuration(std::move(v), services_.folder(), std::move(accounts),
                            same_text && !w.accounts.empty() ? &as_before : nullptr);
}

void configuration_body::apply(configuration_call& m, wanted w) {
  const auto at = services_.journal.last();
  if (m.expected != 0 && m.expected != record_.latest) {
    return m.reply.fail(at, error{errc::aborted,
                                  "expected_version: version " + std::to_string(record_.latest) +
                                      " is active by now, applied by " + active_.version.by,
                                  "expected_version", "version", record_.latest});
  }
  complete(w);
  auto next = load_next(m, w);
  const bool ordered = m.method == configuration_method::order;
  if (!next) return ordered ? refuse_order(m, next.error()) : refuse(m.reply, next.error());
  if (ordered && strays(m, *next->dispatch)) {
    return m.reply.fail(at, error{errc::failed_precondition,
                                  "id: what is written of " + m.id +
                                      " is shared with others in the file; apply a whole file",
                                  "id",
                                  {},
                                  0});
  }
  const auto change = change_between(*active_.dispatch, *next->dispatch);
  // The same text may say something new: a word list's file is read each time.
  const bool same =
      change.empty() && w.accounts.empty() && next->version.text == active_.version.text;
  std::vector<std::string> changes, advice;
  std::vector<configuration_event> events;
  if (!same) {
    changes = lines_of(change, active_, *next);
    advice = new_advice(*next->dispatch);
    events = events_of(next->version, std::move(w.accounts));
  }
  // Who applies the file that was in conflict has decided, whatever it says by now.
  const bool takes_file =
      conflict_ && m.method == configuration_method::apply && m.file == conflict_->file;
  if (takes_file) {
    const auto holds = file_hash_of(same ? active_.version.text : next->version.text);
    if ((same ? settled() : next->version.file_hash) != holds)
      events.emplace_back(file_settled{holds, m.by.id, wall()});
  }
  auto answer =
      applied_answer(m, same ? record_.latest : next->version.version, !same, changes, advice);
  const auto after = settle(m, std::move(events), answer);
  if (!same) {
    recent_.push_back(next->version);
    constexpr std::size_t most_recent = 16;
    if (recent_.size() > most_recent) recent_.pop_front();
    take_up(std::move(*next));
    log_change(m);
  }
  if (takes_file) {
    disagree(std::nullopt);
  } else if (!same) {
    review_conflict();
  }
  if (m.reevaluate) reroute_all("rules version " + std::to_string(record_.latest));
  m.reply.ok(after, std::move(answer));
}

std::string configuration_body::applied_answer(const configuration_call& m, int version,
                                               bool applied,
                                               const std::vector<std::string>& changes,
                                               const std::vector<std::string>& advice) {
  packer p;
  p.map(4 + (m.id.empty() ? 0 : 1) + (m.sealed.empty() ? 0 : 1));
  if (!m.id.empty()) field(p, "id", m.id);
  if (!m.sealed.empty()) p.str("sealed").bin(m.sealed);
  field(p, "version", static_cast<std::int64_t>(version));
  p.str("applied").boolean(applied);
  pack_lines(p, "changes", changes);
  pack_lines(p, "advice", advice);
  return p.take();
}

void configuration_body::edit(configuration_call& m) {
  auto text = config::with_value(active_.version.text, m.path, m.text);
  if (!text) {
    return m.reply.fail(services_.journal.last(),
                        error{errc::invalid_argument, "path: " + text.error(), "path", {}, 0});
  }
  m.file = active_.version.file;
  apply(m,
        {std::move(*text), m.path + " = " + m.text + (m.comment.empty() ? "" : ": " + m.comment)});
}

void configuration_body::rollback(configuration_call& m) {
  const auto old = find_version(m.version);
  const auto name = "version " + std::to_string(m.version);
  if (!old) {
    return m.reply.fail(services_.journal.last(),
                        error{errc::not_found, "version: there is no " + name, "version", {}, 0});
  }
  if (old->text.empty()) {
    return m.reply.fail(services_.journal.last(),
                        error{errc::failed_precondition,
                              "version: the text of " + name + " is not kept any more",
                              "version",
                              {},
                              0});
  }
  m.file = old->file;
  apply(m, {old->text, "back to " + name + (m.comment.empty() ? "" : ": " + m.comment),
            config::text_origin::earlier});
}

void configuration_body::switch_group(configuration_call& m) {
  const auto& groups = active_.dispatch->groups;
  const group_id id{m.group};
  if (std::ranges::find(groups, id, &config::group_config::id) == groups.end()) {
    return m.reply.fail(services_.journal.last(),
                        error{errc::not_found, "group: there is no such group", "group", {}, 0});
  }
  const bool is_closed =
      std::ranges::find(record_.closed, id, &group_switch::group) != record_.closed.end();
  packer p;
  p.map(3);
  field(p, "group", m.group);
  p.str("closed_by_hand").boolean(m.closed);
  p.str("changed").boolean(is_closed != m.closed);
  auto answer = p.take();
  std::vector<configuration_event> events;
  if (is_closed != m.closed)
    events.emplace_back(group_switch{id, m.closed, m.by.id, m.comment, wall()});
  const auto at = settle(m, std::move(events), answer);
  if (is_closed != m.closed) {
    log::info(m.closed ? "group_closed" : "group_opened",
              {{"group", id}, {"by", agent_id{m.by.id}}});
    services_.close(record_.closed);
    if (auto group = services_.directory.find_group(id))
      self_->send(group, configuration_changed{record_.latest});
  }
  m.reply.ok(at, std::move(answer));
}

/// Everybody sees the new version before anybody is told; groups hear before agents, who tell their
/// groups of themselves.
configuration_change configuration_body::take_up(loaded_configuration next) {
  auto change = change_between(*active_.dispatch, *next.dispatch);
  active_ = std::move(next);
  services_.activate(active_);
  change_groups(change.groups, *active_.dispatch);
  change_agents(change.agents, *active_.dispatch);
  if (!change.agents.empty() || !change.teams.empty()) tell_who_leads(*active_.dispatch);
  board_.keep_only(
      [&](std::string_view group) { return active_.rules->groups().find(group) != nullptr; });
  return change;
}

void configuration_body::change_groups(const changed_names& groups,
                                       const config::dispatch_config& now_valid) {
  auto& directory = services_.directory;
  for (auto& id : groups.added) {
    const auto g = std::ranges::find(now_valid.groups, group_id{id}, &config::group_config::id);
    directory.put_group(g->id, services_.spawn_group(*g));
  }
  for (auto& id : groups.removed) {
    if (auto group = directory.retire_group(group_id{id}))
      self_->send(group, configuration_changed{record_.latest});
  }
  for (auto& id : groups.changed) {
    if (auto group = directory.find_group(group_id{id}))
      self_->send(group, configuration_changed{record_.latest});
  }
}

void configuration_body::change_agents(const changed_names& agents,
                                       const config::dispatch_config& now_valid) {
  auto& directory = services_.directory;
  auto tell = [&](const std::string& id) {
    auto agent = directory.find_agent(agent_id{id});
    if (agent) self_->send(agent, configuration_changed{record_.latest});
    return agent != nullptr;
  };
  for (auto& id : agents.added) {
    // Gone a moment ago, and still at the last session: it only stays.
    if (tell(id)) continue;
    const auto a = std::ranges::find(now_valid.agents, agent_id{id}, &config::agent_config::id);
    auto record = others_.extract(a->id);
    directory.put_agent(
        a->id,
        services_.spawn_agent(*a, record.empty() ? agent_record{} : std::move(record.mapped())));
  }
  for (auto& id : agents.changed) tell(id);
  for (auto& id : agents.removed) tell(id);
}

/// Whose people are others now need not have changed itself.
void configuration_body::tell_who_leads(const config::dispatch_config& now_valid) {
  for (auto& a : now_valid.agents) {
    if (a.role == "agent") continue;
    if (auto agent = services_.directory.find_agent(a.id))
      self_->send(agent, configuration_changed{record_.latest});
  }
}

void configuration_body::reroute_all(const std::string& reason) {
  services_.directory.sessions.for_each([&](const session_id&, const session_actor& session) {
    self_->send(session, reroute{reason});
    return true;
  });
}

}  // namespace switchboard
