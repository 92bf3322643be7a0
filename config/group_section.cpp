#include <algorithm>

#include "config/dispatch_sections.hpp"
#include "config/reception_section.hpp"
#include "config/spans.hpp"

namespace switchboard::config {
namespace {

constexpr name_entry<strategy> strategies[] = {{"longest_idle", strategy::longest_idle},
                                               {"least_loaded", strategy::least_loaded},
                                               {"round_robin", strategy::round_robin},
                                               {"fewest_today", strategy::fewest_today},
                                               {"best_skill", strategy::best_skill},
                                               {"top_down", strategy::top_down},
                                               {"random", strategy::random}};
constexpr name_entry<queue_order> orders[] = {{"aged", queue_order::aged},
                                              {"strict", queue_order::strict}};
constexpr name_entry<accept_mode> accepts[] = {{"auto", accept_mode::automatic},
                                               {"manual", accept_mode::manual},
                                               {"claim", accept_mode::claim}};
constexpr name_entry<when_full> fulls[] = {{"overflow", when_full::overflow},
                                           {"refuse", when_full::refuse},
                                           {"leave_message", when_full::leave_message}};
constexpr name_entry<offer_failure> failures[] = {{"miss", offer_failure::miss},
                                                  {"remember", offer_failure::remember},
                                                  {"ask_again", offer_failure::ask_again}};
constexpr name_entry<missed_state> missed_states[] = {
    {"away", missed_state::away}, {"busy", missed_state::busy}, {"offline", missed_state::offline}};
constexpr name_entry<wrap_up_mode> wrap_ups[] = {
    {"none", wrap_up_mode::none}, {"timed", wrap_up_mode::timed}, {"manual", wrap_up_mode::manual}};

void read_service_level(const yaml_value& value, group_config& out) {
  yaml_map map(value);
  if (auto v = map.find("target")) v->number(out.service_level_target, 0.0, 1.0);
  if (auto v = map.find("within")) v->duration(out.service_level_within, second, 24 * hour);
  map.finish();
}

void read_offer(const yaml_value& value, offer_policy& out) {
  yaml_map map(value);
  if (auto v = map.find("accept")) v->choice<accept_mode>(out.accept, "way to accept", accepts);
  if (auto v = map.find("timeout")) v->duration(out.timeout, second, hour);
  if (auto v = map.find("missed_limit")) v->integer(out.missed_limit, 0, 100);
  if (auto v = map.find("then")) v->choice<missed_state>(out.then, "state", missed_states);
  auto cause = [&](std::string_view key, offer_failure& field) {
    if (auto v = map.find(key)) v->choice<offer_failure>(field, "consequence", failures);
  };
  cause("on_timeout", out.on_timeout);
  cause("on_decline", out.on_decline);
  cause("on_disconnect", out.on_disconnect);
  map.finish();
}

void read_wrap_up(const yaml_value& value, wrap_up_policy& out) {
  yaml_map map(value);
  if (auto v = map.find("mode")) v->choice<wrap_up_mode>(out.mode, "wrap-up mode", wrap_ups);
  if (auto v = map.find("time")) v->duration(out.time, second, hour);
  if (auto v = map.find("holds_capacity")) v->flag(out.holds_capacity);
  read_dispositions(map, out.dispositions);
  map.finish();
}

void read_queue(const yaml_value& value, group_config& out) {
  yaml_map map(value);
  if (auto v = map.find("max")) v->integer(out.queue_max, 0, 1'000'000);
  if (auto v = map.find("on_full"))
    v->choice<when_full>(out.on_full, "answer to a full queue", fulls);
  if (auto v = map.find("fill_after")) v->duration(out.fill_after, second, 24 * hour);
  map.finish();
}

void read_ramp(const yaml_value& value, group_config& out) {
  yaml_map map(value);
  if (auto v = map.find("per_agent_per_minute")) {
    v->integer(out.ramp_per_agent_per_minute, 0, 10'000);
  }
  if (auto v = map.find("for")) v->duration(out.ramp_for, millis{0}, 24 * hour);
  map.finish();
}

std::vector<std::string> calendar_names(const dispatch_config& c) {
  std::vector<std::string> out;
  for (const auto& one : c.calendars) out.push_back(one.id);
  return out;
}

group_config read_group(const yaml_value& value, declared_ids& ids,
                        const std::vector<std::string>& calendars, const dispatch_config& all) {
  group_config out;
  out.where = value.where();
  yaml_map map(value);
  out.id = group_id(ids.read(map));
  out.name = out.id.value;
  if (auto v = map.find("name")) v->text(out.name);
  if (auto v = map.find("strategy")) v->choice<strategy>(out.strategy, "strategy", strategies);
  if (auto v = map.find("order")) v->choice<queue_order>(out.order, "order", orders);
  if (auto v = map.find("service_level")) read_service_level(*v, out);
  if (auto v = map.find("offer")) read_offer(*v, out.offer);
  if (auto v = map.find("wrap_up")) read_wrap_up(*v, out.wrap_up);
  if (auto v = map.find("queue")) read_queue(*v, out);
  if (auto v = map.find("calendar")) v->reference(out.calendar, "calendar", calendars);
  if (auto v = map.find("serves")) {
    v->condition(out.serves);
    out.serves_where = v->where();
  }
  if (auto v = map.find("ramp")) read_ramp(*v, out);
  if (auto v = map.find("recall_window")) v->duration(out.recall_window, millis{0}, 24 * hour);
  if (auto v = map.find("input")) read_input(*v, all, out.input);
  if (auto v = map.find("alerts")) read_alerts(*v, out.alerts);
  if (auto v = map.find("formerly")) {
    for (const auto& one : v->list(1000)) {
      if (std::string id; one.text(id, 64)) out.formerly.emplace_back(id);
    }
  }
  map.finish();
  return out;
}

/// An old name means one group, or nobody knows where who stands under it is meant to go.
void check_old_names(const std::vector<group_config>& groups, error_list& errors) {
  std::map<group_id, const group_config*> owner;
  for (auto& g : groups) owner.emplace(g.id, &g);
  for (auto& g : groups) {
    for (auto& old : g.formerly) {
      const auto [at, fresh] = owner.emplace(old, &g);
      if (fresh) continue;
      errors.add(g.where.line, "groups",
                 "\"" + g.id.value + "\" was formerly \"" + old.value + "\", but " +
                     (at->second->id == old ? "there is a group of that name"
                                            : "so was \"" + at->second->id.value + "\""));
    }
  }
}

}  // namespace

void read_groups(const yaml_value& section, dispatch_config& out) {
  declared_ids ids;
  auto calendars = calendar_names(out);
  for (const auto& one : section.list(1000)) {
    out.groups.push_back(read_group(one, ids, calendars, out));
  }
  check_old_names(out.groups, *section.errors());
}

const group_config* group_now(const dispatch_config& c, const group_id& id) {
  const group_config* merged = nullptr;
  for (const auto& g : c.groups) {
    if (g.id == id) return &g;
    if (std::find(g.formerly.begin(), g.formerly.end(), id) != g.formerly.end()) merged = &g;
  }
  return merged;
}

std::vector<std::string> group_names(const dispatch_config& c) {
  std::vector<std::string> out;
  for (const auto& group : c.groups) {
    // An id that was refused is no name to offer to others.
    if (!group.id.empty()) out.push_back(group.id.value);
  }
  return out;
}

}  // namespace switchboard::config
