#include "tools/switchboardctl/rules_commands.hpp"

#include <fstream>
#include <optional>
#include <sstream>

#include "actors/configuration/configuration_advice.hpp"
#include "actors/configuration/loaded_configuration.hpp"
#include "config/dispatch_loader.hpp"
#include "tools/switchboardctl/field_text.hpp"
#include "tools/switchboardctl/live_commands.hpp"
#include "tools/switchboardctl/text_table.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::ctl {
namespace {

using terminal::count_text;
using terminal::printable;
using terminal::text_table;

std::string name_of(const std::string& path) {
  return path.substr(path.find_last_of('/') + 1);
}

tl::expected<std::string, failure> text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  if (!in || !(out << in.rdbuf())) {
    return tl::unexpected(
        failure{exit_code::failed, "not_found", path + ": cannot be read", {}, {}});
  }
  return out.str();
}

std::string lines(const json& list, const char* indent) {
  std::string out;
  for (auto& l : list)
    out += indent + printable(l.is_string() ? l.get<std::string>() : l.dump()) + '\n';
  return out;
}

std::string advice_text(const json& answer) {
  auto& advice = part(answer, "advice");
  return advice.empty() ? "" : "advice\n" + lines(advice, "  ");
}

/// Where the next field begins in "queue.max 50 → 60, name VIP → Vips"; its end where there is
/// none. A value may hold commas, so that what follows one must look like a field that changes.
std::size_t next_field(std::string_view fields, std::size_t from) {
  constexpr std::string_view
      arrow = " → ",
      letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.[]-";
  for (auto at = fields.find(", ", from); at != fields.npos; at = fields.find(", ", at + 2)) {
    const auto rest = fields.substr(at + 2);
    const auto name = std::min(rest.find_first_not_of(letters), rest.size());
    const bool changes =
        name > 0 && rest.substr(name).starts_with(' ') && rest.find(arrow) != rest.npos;
    if (changes || rest.starts_with("and ") || rest.starts_with("another ")) return at;
  }
  return fields.size();
}

}  // namespace

std::string changes_text(const json& answer) {
  auto& changes = part(answer, "changes");
  if (changes.empty()) return "changes nothing\n";
  std::string out = "changes\n";
  for (auto& c : changes) {
    const auto line = printable(c.is_string() ? c.get<std::string>() : c.dump());
    const auto colon = line.find(": ");
    const auto fields = colon == line.npos ? std::string() : line.substr(colon + 2);
    if (next_field(fields, 0) == fields.size()) {
      out += "  " + line + '\n';
      continue;
    }
    out += "  " + line.substr(0, colon) + '\n';
    for (std::size_t from = 0; from < fields.size();) {
      const auto end = next_field(fields, from);
      out += "      " + fields.substr(from, end - from) + '\n';
      from = end + 2;
    }
  }
  return out;
}

namespace {

std::string sessions_text(std::int64_t n) {
  return count_text(n) + (n == 1 ? " waiting session" : " waiting sessions");
}

std::string diff_text(const json& a) {
  const auto moving = number(a, "would_move");
  auto out = changes_text(a) + advice_text(a);
  out += sessions_text(moving) + " would move" + (moving > 0 ? ":" : "") + " (of " +
         count_text(number(a, "waiting")) + ")\n";
  for (auto& m : part(a, "moves")) {
    out += "  " + count_text(number(m, "sessions")) + "  " + printable(shown(m, "from")) +
           "\n     -> " + printable(shown(m, "to")) + "\n     such as " +
           printable(shown(m, "examples")) + '\n';
  }
  if (auto silent = number(a, "unanswered"); silent > 0) {
    out += count_text(silent) + " sessions did not answer in time\n";
  }
  if (moving > 0) out += "They stay with their rules unless it is applied with --reevaluate.\n";
  return out;
}

std::string applied_text(const json& a) {
  const auto version = "version " + count_text(number(a, "version"));
  const bool applied = a.is_object() && a.value("applied", false);
  if (!applied) return version + " is active already and says the same\n";
  return version + " is active\n" + changes_text(a) + advice_text(a);
}

std::string history_text(const json& a) {
  text_table table({{"VERSION", text_table::align::right},
                    {"AT"},
                    {"BY", text_table::align::left, 20},
                    {""},
                    {"REASON", text_table::align::left, 60}});
  for (auto& v : part(a, "versions")) {
    const bool active = v.value("active", false), kept = v.value("text_kept", true);
    table.add({shown(v, "version"), moment_text(number(v, "at")), shown(v, "by"),
               active ? "active"
               : kept ? ""
                      : "text not kept",
               shown(v, "comment")});
  }
  auto out = table.text();
  for (auto& s : part(a, "closed_by_hand")) {
    out += "group " + shown(s, "group") + " is closed by " + shown(s, "by") + " since " +
           moment_text(number(s, "at")) + ": " + shown(s, "reason") + '\n';
  }
  return out;
}

void add_reasons(json& params, const rules_change& what) {
  if (!what.comment.empty()) params["comment"] = what.comment;
  if (what.reevaluate) params["reevaluate"] = true;
  if (what.expected > 0) params["expected_version"] = what.expected;
}

std::string group_text(const json& a) {
  const bool closed = a.is_object() && a.value("closed_by_hand", false);
  return "group " + shown(a, "group") +
         (closed ? " is closed by hand\n" : " is open, as far as its calendar says so\n");
}

}  // namespace

outcome check_rules(const std::string& file) {
  auto text = text_of(file);
  if (!text) return tl::unexpected(text.error());
  config_version v;
  v.version = 1;
  v.file = name_of(file);
  v.text = std::move(*text);
  auto loaded = load_configuration(std::move(v), config::folder_of(file));
  report out;
  if (!loaded) {
    json details;
    for (auto& e : loaded.error()) details["errors"].push_back(config::to_string(e));
    auto count =
        std::to_string(loaded.error().size()) + (loaded.error().size() == 1 ? " error" : " errors");
    return tl::unexpected(failure{
        exit_code::failed, "invalid_argument", file + ": " + count, std::move(details), {}});
  }
  out.data["advice"] = json::array();
  for (auto& a : advice_on(*loaded->dispatch)) out.data["advice"].push_back(config::to_string(a));
  out.data["rules"] = loaded->rules->size();
  out.text = file + ": valid, " + count_text(static_cast<long long>(loaded->rules->size())) +
             " rules\n" + advice_text(out.data);
  return out;
}

outcome diff_rules(control_client& daemon, const rules_change& with) {
  json params = json::object();
  if (with.version > 0) {
    params["version"] = with.version;
  } else {
    auto text = text_of(with.file);
    if (!text) return tl::unexpected(text.error());
    params["text"] = *text;
    params["file"] = name_of(with.file);
  }
  return ask(daemon, "admin.rules_diff", params, diff_text);
}

outcome apply_rules(control_client& daemon, const rules_change& what) {
  auto text = text_of(what.file);
  if (!text) return tl::unexpected(text.error());
  json params{{"text", *text}, {"file", name_of(what.file)}};
  add_reasons(params, what);
  return ask(daemon, "admin.rules_apply", params, applied_text);
}

outcome rollback_rules(control_client& daemon, const rules_change& what) {
  json params{{"version", what.version}};
  add_reasons(params, what);
  return ask(daemon, "admin.rules_rollback", params, applied_text);
}

outcome list_rules(control_client& daemon, std::int64_t limit) {
  return ask(daemon, "admin.rules_history", json{{"limit", limit}}, history_text);
}

outcome show_rules(control_client& daemon, std::int64_t version) {
  json params = json::object();
  if (version > 0) params["version"] = version;
  return ask(daemon, "admin.rules_show", params, [](const json& a) { return shown(a, "text"); });
}

outcome show_conflicts(control_client& daemon) {
  return ask(daemon, "admin.rules_conflicts", json::object(), [](const json& a) {
    if (!a.value("conflict", false)) {
      return std::string("the dispatch file takes back nothing that was decided while running\n");
    }
    auto out = shown(a, "file") +
               " has changed, and would take back what was decided while running. Version " +
               count_text(number(a, "version")) + " goes on.\n";
    for (auto& d : part(a, "differences")) out += "  " + printable(shown(d, "text")) + '\n';
    return out +
           "`rules apply FILE` takes the file, `rules keep` what runs; or write both into the file "
           "and reload.\n";
  });
}

outcome keep_rules(control_client& daemon) {
  return ask(daemon, "admin.rules_keep", json::object(), [](const json& a) {
    const bool kept = a.value("kept", false);
    return kept ? "version " + count_text(number(a, "version")) + " stays as it runs\n"
                : std::string("there is no conflict\n");
  });
}

outcome set_rule(control_client& daemon, const rules_value& what) {
  json params{{"path", what.path}, {"value", what.value}};
  add_reasons(params, what.how);
  return ask(daemon, "admin.rules_edit", params, applied_text);
}

outcome close_group(control_client& daemon, const group_closing& what) {
  return ask(daemon, "admin.group_close", json{{"group", what.group}, {"reason", what.reason}},
             group_text);
}

outcome open_group(control_client& daemon, const group_closing& what) {
  return ask(daemon, "admin.group_open", json{{"group", what.group}, {"reason", what.reason}},
             group_text);
}

}  // namespace switchboard::ctl
