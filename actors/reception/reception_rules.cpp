#include "actors/reception/reception_rules.hpp"

#include <algorithm>

#include "actors/reception/alert_plan.hpp"
#include "actors/reception/form_check.hpp"

namespace switchboard {
namespace {

const config::input_settings& of_side(const config::input_policy& p, input_side side) {
  return side == input_side::customer ? p.customer : p.agent;
}

template <class Map> auto found(const Map& map, std::string_view id) {
  auto it = map.find(id);
  return it == map.end() ? nullptr : &it->second;
}

bool says_something(const config::alert_settings& s) {
  return s.new_message.value_or(false) || s.unanswered_after || s.escalate_after || s.waiting_after;
}

}  // namespace

input_side side_of(std::string_view role) {
  return role == "customer" ? input_side::customer : input_side::agent;
}

reception_rules::reception_rules(std::shared_ptr<const config::dispatch_config> source)
    : source_(std::move(source)) {
  auto& c = *source_;
  auto limits = [&](const config::input_policy& p) {
    for (auto side : {input_side::customer, input_side::agent}) {
      if (!is_silent(of_side(p, side))) limited_[static_cast<int>(side)] = true;
    }
  };
  limits(c.reception.input);
  for (auto& x : c.channels) {
    channels_[x.id.value] = {&x, "channels." + x.id.value + ".input", 0, {}};
    limits(x.input);
  }
  for (auto& x : c.groups) {
    groups_[x.id.value] = {&x, "groups." + x.id.value + ".input", 0, {}};
    limits(x.input);
  }
  for (auto& x : c.agents) agents_[x.id.value] = &x;
  for (auto& x : c.reception.forms) forms_[x.id] = &x;
  note_words();
  note_alerts();
  // A session served when its group was merged goes on under the old name.
  for (auto& x : c.groups) {
    for (auto& old : x.formerly) groups_[old.value] = groups_[x.id.value];
  }
}

void reception_rules::note_words() {
  std::vector<std::vector<std::string>> all;
  auto& lists = source_->reception.word_lists;
  for (std::size_t i = 0; i < std::min(lists.size(), word_filter::most_lists); ++i) {
    auto& list = lists[i];
    auto bit = std::uint64_t{1} << i;
    all.push_back(list.words);
    (list.action == config::word_action::block  ? block_
     : list.action == config::word_action::mask ? mask_
                                                : flag_) |= bit;
    if (list.from != config::word_direction::agent) side_lists_[0] |= bit;
    if (list.from != config::word_direction::customer) side_lists_[1] |= bit;
    for (auto& [id, place] : channels_) {
      if (list.channels.empty() ||
          std::ranges::find(list.channels, channel_id{id}) != list.channels.end())
        place.lists |= bit;
    }
    if (list.groups.empty()) everywhere_ |= bit;
    for (auto& g : list.groups) groups_[g.value].lists |= bit;
  }
  if (!all.empty()) filter_ = word_filter(all);
}

void reception_rules::note_alerts() {
  auto& c = *source_;
  bool any = says_something(c.reception.alerts);
  for (auto& [id, place] : groups_) {
    place.alerts = laid_over(c.reception.alerts, place.config->alerts);
    any = any || says_something(place.alerts);
  }
  for (auto& [team, settings] : c.reception.team_alerts) any = any || says_something(settings);
  for (auto& a : c.agents) any = any || says_something(a.alerts);
  alerts_anybody_ = any;
}

const config::group_config* reception_rules::group(std::string_view id) const {
  auto* p = found(groups_, id);
  return p ? p->config : nullptr;
}

const config::channel_config* reception_rules::channel(std::string_view id) const {
  auto* p = found(channels_, id);
  return p ? p->config : nullptr;
}

const config::agent_config* reception_rules::agent(std::string_view id) const {
  auto* p = found(agents_, id);
  return p ? *p : nullptr;
}

std::optional<error> reception_rules::check_all(input_side from, std::string_view channel,
                                                std::string_view group,
                                                const message_facts& m) const {
  auto side = from == input_side::customer ? "customer" : "agent";
  if (auto e = check_input({&of_side(source_->reception.input, from), "input", side}, m)) return e;
  if (auto* p = found(channels_, channel)) {
    if (auto e = check_input({&of_side(p->config->input, from), p->input_name, side}, m)) return e;
  }
  if (auto* p = found(groups_, group)) {
    if (auto e = check_input({&of_side(p->config->input, from), p->input_name, side}, m)) return e;
  }
  return {};
}

std::optional<error> reception_rules::refusal(input_side from, std::string_view channel,
                                              std::string_view group, std::string_view type,
                                              std::string_view packed_body) const {
  bool form = type == "form" && !forms_.empty();
  if (!limited_[static_cast<int>(from)] && !form) return {};
  auto m = facts_of(type, packed_body);
  if (auto e = check_all(from, channel, group, m)) return e;
  return form ? check_form_of(from, m, packed_body) : std::nullopt;
}

/// An agent asks for a form to be filled in, a customer hands it in.
std::optional<error> reception_rules::check_form_of(input_side from, const message_facts& m,
                                                    std::string_view packed_body) const {
  auto* form = found(forms_, m.form);
  if (!form) {
    auto what = m.form.empty() ? "is required" : "there is no form \"" + std::string(m.form) + "\"";
    return error{errc::invalid_argument, "body.form_id: " + what, "body.form_id", {}, 0, "forms"};
  }
  if (from == input_side::agent) return {};
  auto handle = msgpack::unpack(packed_body.data(), packed_body.size());
  auto& map = handle.get().via.map;
  static const msgpack::object nothing;
  const msgpack::object* values = &nothing;
  for (std::uint32_t i = 0; i < map.size; ++i) {
    auto& k = map.ptr[i].key;
    if (k.type == msgpack::type::STR && std::string_view(k.via.str.ptr, k.via.str.size) == "values")
      values = &map.ptr[i].val;
  }
  return check_form(**form, *values);
}

std::optional<error> reception_rules::file_refusal(input_side from, std::string_view channel,
                                                   std::string_view group, std::string_view type,
                                                   std::int64_t size, std::string_view kind) const {
  message_facts m;
  m.type = message_type_of(type);
  m.file_size = size;
  m.file_kind = kind;
  auto e = check_all(from, channel, group, m);
  // Of a file that is only announced there is no message yet: its fields are the call's own.
  constexpr std::string_view of_message = "body.";
  if (e && e->field.starts_with(of_message)) {
    e->field.erase(0, of_message.size());
    e->message.erase(0, of_message.size());
  }
  return e;
}

word_verdict reception_rules::words(input_side from, std::string_view channel,
                                    std::string_view group, std::string_view packed_body,
                                    bool masks_only) const {
  auto lists = side_lists_[static_cast<int>(from)];
  if (lists == 0) return {};
  auto* c = found(channels_, channel);
  auto* g = found(groups_, group);
  lists &= (c ? c->lists : 0) & (everywhere_ | (g ? g->lists : 0));
  if (lists == 0) return {};
  auto block = masks_only ? 0 : block_;
  auto mask = masks_only ? mask_ | block_ : mask_;
  return judge_words(filter_, {lists & block, lists & mask, lists & flag_}, packed_body);
}

std::vector<std::string> reception_rules::list_names(std::uint64_t lists) const {
  std::vector<std::string> out;
  auto& all = source_->reception.word_lists;
  for (std::size_t i = 0; i < std::min(all.size(), word_filter::most_lists); ++i) {
    if ((lists >> i & 1) != 0) out.push_back(all[i].id);
  }
  return out;
}

config::alert_settings reception_rules::alerts(std::string_view group,
                                               std::string_view agent) const {
  auto* g = found(groups_, group);
  auto s = g ? g->alerts : source_->reception.alerts;
  auto* a = this->agent(agent);
  if (!a) return s;
  auto& teams = source_->reception.team_alerts;
  if (auto t = teams.find(a->team); t != teams.end()) s = laid_over(s, t->second);
  return laid_over(s, a->alerts);
}

std::vector<agent_id> reception_rules::leaders_of(std::string_view agent) const {
  auto* who = this->agent(agent);
  std::vector<agent_id> leaders, supervisors;
  if (!who || who->team.empty()) return leaders;
  for (auto& a : source_->agents) {
    if (a.team != who->team || a.id == who->id) continue;
    if (a.role == "leader") leaders.push_back(a.id);
    if (a.role == "supervisor") supervisors.push_back(a.id);
  }
  return leaders.empty() ? supervisors : leaders;
}

std::vector<agent_id> reception_rules::leaders_of_group(const group_id& group) const {
  std::vector<agent_id> out;
  for (auto& a : source_->agents) {
    if (a.role != "leader" && a.role != "supervisor") continue;
    if (std::ranges::find(a.groups, group) != a.groups.end()) out.push_back(a.id);
  }
  return out;
}

}  // namespace switchboard
