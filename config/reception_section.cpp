#include "config/reception_section.hpp"

#include <algorithm>
#include <set>

#include "config/quantity.hpp"
#include "config/spans.hpp"

namespace switchboard::config {
namespace {

constexpr int longest_customer_text = 16'384;
constexpr std::int64_t largest_file = 1ll << 30;

bool size(const yaml_value& value, std::int64_t& out, std::int64_t least, std::int64_t most) {
  auto bytes = parse_size(value.scalar());
  if (!bytes) return value.refuse("expected a size such as 512, 64KiB or 20MiB");
  if (*bytes < least || *bytes > most) {
    return value.refuse("expected a size from " + format_size(least) + " to " + format_size(most));
  }
  out = *bytes;
  return true;
}

/// "image/png" or "image/*".
bool well_formed_kind(std::string_view kind) {
  auto slash = kind.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == kind.size()) return false;
  return std::ranges::all_of(kind, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("/.+-*").find(c) != std::string_view::npos;
  });
}

void read_kinds(const yaml_value& value, std::vector<std::string>& out) {
  for (const auto& one : value.one_or_list(100)) {
    std::string kind;
    if (!one.text(kind, 128)) continue;
    if (!well_formed_kind(kind))
      one.refuse("expected a media type such as image/* or application/pdf");
    out.push_back(std::move(kind));
  }
}

input_settings read_side(const yaml_value& value, const std::vector<std::string>& forms) {
  input_settings out;
  yaml_map map(value);
  if (auto v = map.find("types")) {
    std::uint16_t bits = 0;
    auto& names = message_type_names();
    for (const auto& one : v->one_or_list(names.size())) {
      std::string name;
      if (!one.reference(name, "message type", names)) continue;
      bits |= static_cast<std::uint16_t>(1u << (std::ranges::find(names, name) - names.begin()));
    }
    out.types = bits;
  }
  if (int n = 0; auto v = map.find("text_length")) {
    if (v->integer(n, 1, longest_customer_text)) out.text_length = n;
  }
  if (std::int64_t n = 0; auto v = map.find("file_size")) {
    if (size(*v, n, 1, largest_file)) out.file_size = n;
  }
  if (auto v = map.find("file_kinds")) read_kinds(*v, out.file_kinds);
  if (auto v = map.find("forms")) {
    for (const auto& one : v->one_or_list(1000)) {
      std::string form;
      if (one.reference(form, "form", forms)) out.forms.push_back(form);
    }
  }
  map.finish();
  return out;
}

void read_unanswered(const yaml_value& value, alert_settings& out) {
  yaml_map map(value);
  millis span{};
  if (auto v = map.find("after"); v && v->duration(span, none, day)) out.unanswered_after = span;
  if (auto v = map.find("every"); v && v->duration(span, second, day)) out.unanswered_every = span;
  if (auto v = map.find("escalate_after"); v && v->duration(span, none, day))
    out.escalate_after = span;
  int times = 0;
  if (auto v = map.find("at_most"); v && v->integer(times, 1, 1000)) out.at_most = times;
  map.finish();
}

void read_waiting(const yaml_value& value, alert_settings& out) {
  yaml_map map(value);
  millis span{};
  if (auto v = map.find("after"); v && v->duration(span, none, day)) out.waiting_after = span;
  if (auto v = map.find("every"); v && v->duration(span, second, day)) out.waiting_every = span;
  map.finish();
}

/// Those declared; where none is, what agents say of themselves.
std::set<std::string> team_names(const dispatch_config& all) {
  std::set<std::string> out;
  for (const auto& t : all.teams) out.insert(t.id);
  for (const auto& a : all.agents) {
    if (all.teams.empty() && !a.team.empty()) out.insert(a.team);
  }
  return out;
}

void read_alert_fields(yaml_map& map, alert_settings& out) {
  if (auto v = map.find("new_message")) {
    bool on = false;
    if (v->flag(on)) out.new_message = on;
  }
  if (auto v = map.find("unanswered")) read_unanswered(*v, out);
  if (auto v = map.find("waiting")) read_waiting(*v, out);
}

}  // namespace

const std::vector<std::string>& message_type_names() {
  static const std::vector<std::string> names{"text",  "emoji", "image",   "file",  "voice",
                                              "video", "link",  "product", "order", "form"};
  return names;
}

void read_input(const yaml_value& section, const dispatch_config& all, input_policy& out) {
  std::vector<std::string> forms;
  for (const auto& f : all.reception.forms) forms.push_back(f.id);
  yaml_map map(section);
  if (auto v = map.find("customer")) out.customer = read_side(*v, forms);
  if (auto v = map.find("agent")) out.agent = read_side(*v, forms);
  map.finish();
}

void read_alerts(const yaml_value& section, alert_settings& out) {
  yaml_map map(section);
  read_alert_fields(map, out);
  map.finish();
}

void read_general_alerts(const yaml_value& section, dispatch_config& all) {
  yaml_map map(section);
  read_alert_fields(map, all.reception.alerts);
  if (auto v = map.find("teams")) {
    auto known = team_names(all);
    yaml_map teams(*v);
    for (const auto& [team, settings] : teams.entries()) {
      if (!known.contains(team))
        settings.refuse_unknown("team", team, {known.begin(), known.end()});
      read_alerts(settings, all.reception.team_alerts[team]);
    }
  }
  map.finish();
}

void read_attachments(const yaml_value& section, attachment_policy& out) {
  yaml_map map(section);
  if (auto v = map.find("size")) size(*v, out.size, 1, largest_file);
  if (auto v = map.find("kinds")) read_kinds(*v, out.kinds);
  if (auto v = map.find("per_session")) v->integer(out.per_session, 0, 10'000);
  if (auto v = map.find("channel_quota")) size(*v, out.channel_quota, 0, 1ll << 50);
  if (auto v = map.find("unreferenced_for")) v->duration(out.unreferenced_for, second, 30 * day);
  map.finish();
}

void read_rating(const yaml_value& section, rating_policy& out) {
  yaml_map map(section);
  if (auto v = map.find("ask")) v->flag(out.ask);
  if (auto v = map.find("remind_after")) v->duration(out.remind_after, none, day);
  map.finish();
}

void read_dispositions(yaml_map& wrap_up, disposition_policy& out) {
  if (auto v = wrap_up.find("dispositions")) {
    for (const auto& one : v->one_or_list(200)) {
      std::string name;
      if (!one.text(name, 128)) continue;
      if (name.empty()) one.refuse("must not be empty");
      if (std::ranges::find(out.choices, name) != out.choices.end())
        one.refuse("\"" + name + "\" is named twice");
      out.choices.push_back(std::move(name));
    }
  }
  if (auto v = wrap_up.find("disposition_required")) v->flag(out.required);
}

}  // namespace switchboard::config
