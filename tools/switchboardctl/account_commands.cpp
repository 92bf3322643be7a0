#include "tools/switchboardctl/account_commands.hpp"

#include <chrono>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>

#include "adapters/password/password_hash.hpp"
#include "tools/switchboardctl/field_text.hpp"
#include "tools/switchboardctl/text_table.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::ctl {
namespace {

using terminal::count_text;
using terminal::text_table;

tl::unexpected<failure> wrong_usage(std::string why) {
  return tl::unexpected(failure{exit_code::usage, "usage", std::move(why), {}, {}});
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const auto end = std::min(text.find(at, begin), text.size());
    if (end > begin) out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

json value_of(const std::string& text) {
  auto value = json::parse(text, nullptr, false);
  return value.is_discarded() ? json(text) : value;
}

/// "offer.timeout=30s" becomes {"offer": {"timeout": "30s"}}.
std::optional<std::string> set_one(json& fields, const std::string& written) {
  const auto equals = written.find('=');
  if (equals == std::string::npos || equals == 0)
    return "--set " + written + ": expected KEY=VALUE";
  auto* at = &fields;
  for (auto& key : split(written.substr(0, equals), '.')) at = &(*at)[key];
  *at = value_of(written.substr(equals + 1));
  return std::nullopt;
}

tl::expected<json, failure> fields_of(const written_fields& w) {
  json out = json::object();
  if (!w.name.empty()) out["name"] = w.name;
  if (!w.role.empty()) out["role"] = w.role;
  if (!w.team.empty()) out["team"] = w.team;
  if (!w.strategy.empty()) out["strategy"] = w.strategy;
  if (w.capacity > 0) out["capacity"] = w.capacity;
  if (!w.groups.empty()) out["groups"] = split(w.groups, ',');
  for (auto& one : split(w.skills, ',')) {
    const auto equals = one.find('=');
    if (equals == std::string::npos)
      return wrong_usage("--skills " + one + ": expected SKILL=LEVEL");
    out["skills"][one.substr(0, equals)] = value_of(one.substr(equals + 1));
  }
  for (auto& one : w.set) {
    if (auto wrong = set_one(out, one)) return wrong_usage(*wrong);
  }
  return out;
}

std::string version_text(const json& a, const std::string& done) {
  const bool applied = a.is_object() && a.value("applied", false);
  auto text = applied ? done + "; version " + count_text(number(a, "version")) + " is active\n"
                      : "it is so already\n";
  for (auto& line : part(a, "changes"))
    text += "  " + terminal::printable(line.get<std::string>()) + '\n';
  for (auto& line : part(a, "advice"))
    text += "  advice: " + terminal::printable(line.get<std::string>()) + '\n';
  return text;
}

/// "account lin: created"
std::string done_text(const change_order& what) {
  const auto dot = what.method.find('.');
  auto verb = what.method.substr(dot + 1);
  verb += verb.back() == 'e' ? "d" : "ed";
  return what.method.substr(0, dot) + " " + what.id + ": " + verb +
         (what.into.empty() ? "" : " into " + what.into);
}

outcome send(control_client& daemon, const change_order& what, json params) {
  if (!what.why.empty()) params["why"] = what.why;
  auto answer = daemon.call(what.method, params);
  if (!answer) return tl::unexpected(answer.error());
  auto text = version_text(*answer, done_text(what));
  return report{std::move(*answer), std::move(text)};
}

tl::expected<std::string, failure> read_password() {
  std::string line;
  std::getline(std::cin, line);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.size() < password::least_length || line.size() > password::most_length) {
    return wrong_usage("expected a password of " + std::to_string(password::least_length) + " to " +
                       std::to_string(password::most_length) + " bytes on the standard input");
  }
  return line;
}

}  // namespace

outcome list_accounts(control_client& daemon, const account_page& which) {
  json params{{"limit", which.limit}};
  if (!which.after.empty()) params["after"] = which.after;
  auto answer = daemon.call("account.list", params);
  if (!answer) return tl::unexpected(answer.error());
  text_table table({{"ID"},
                    {"NAME", text_table::align::left, 20},
                    {"ROLE"},
                    {"TEAM"},
                    {"GROUPS"},
                    {"CAPACITY", text_table::align::right},
                    {"LOG-IN"},
                    {""}});
  for (auto& a : part(*answer, "accounts")) {
    const bool token = a.value("token", false), secret = a.value("password", false);
    table.add({shown(a, "id"), shown(a, "name"), shown(a, "role"), shown(a, "team"),
               shown(a, "groups"), shown(a, "capacity"),
               token && secret ? "token, password"
               : token         ? "token"
               : secret        ? "password"
                               : "-",
               a.value("disabled", false) ? "disabled" : ""});
  }
  auto text = table.text();
  if (answer->value("more", false)) text += "more: --after " + shown(*answer, "next") + '\n';
  return report{std::move(*answer), std::move(text)};
}

outcome export_accounts(control_client& daemon) {
  constexpr int page = 1'000;
  std::string text, after;
  std::int64_t accounts = 0;
  do {
    json params{{"limit", page}};
    if (!after.empty()) params["after"] = after;
    auto answer = daemon.call("account.export", params);
    if (!answer) return tl::unexpected(answer.error());
    auto part_of_it = answer->value("text", std::string{});
    // Every page is a list of its own.
    text += text.empty() ? part_of_it : part_of_it.substr(part_of_it.find('\n') + 1);
    accounts += number(*answer, "accounts");
    after = answer->value("next", std::string{});
  } while (!after.empty());
  return report{json{{"accounts", accounts}, {"text", text}}, text};
}

outcome import_accounts(control_client& daemon, const std::string& file, const std::string& why) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) {
    return tl::unexpected(
        failure{exit_code::failed, "not_found", file + ": cannot be read", {}, {}});
  }
  json params{{"text", text.str()}};
  if (!why.empty()) params["why"] = why;
  auto answer = daemon.call("account.import", params);
  if (!answer) return tl::unexpected(answer.error());
  auto said = version_text(*answer, "accounts imported");
  return report{std::move(*answer), std::move(said)};
}

outcome change_with_fields(control_client& daemon, const change_order& what) {
  auto fields = fields_of(what.fields);
  if (!fields) return tl::unexpected(fields.error());
  return send(daemon, what, json{{"id", what.id}, {"fields", std::move(*fields)}});
}

outcome change(control_client& daemon, const change_order& what) {
  json params = json::object();
  params[what.method == "group.merge" ? "from" : "id"] = what.id;
  if (!what.into.empty()) params["into"] = what.into;
  return send(daemon, what, std::move(params));
}

outcome set_account_password(control_client& daemon, const std::string& id,
                             std::optional<bool> end_connections) {
  auto secret = read_password();
  if (!secret) return tl::unexpected(secret.error());
  json params{{"id", id}, {"password", *secret}};
  if (end_connections) params["end_connections"] = *end_connections;
  auto answer = daemon.call("account.set_password", params);
  if (!answer) return tl::unexpected(answer.error());
  auto text = version_text(*answer, "account " + id + ": password set");
  return report{std::move(*answer), std::move(text)};
}

outcome new_account_token(control_client& daemon, const token_order& what) {
  json params{{"id", what.id}};
  if (what.overlap_ms >= 0) params["overlap_ms"] = what.overlap_ms;
  if (what.end_connections) params["end_connections"] = *what.end_connections;
  auto answer = daemon.call("account.new_token", params);
  if (!answer) return tl::unexpected(answer.error());
  auto text = shown(*answer, "token") + "\nIt is shown this once; only its SHA-256 is kept.\n";
  return report{std::move(*answer), std::move(text)};
}

outcome show_agent_times(control_client& daemon, const times_question& what) {
  json params{{"agent", what.agent}};
  if (what.days > 0) {
    const auto since = std::chrono::system_clock::now() - std::chrono::days{what.days - 1};
    params["from"] = std::chrono::duration_cast<millis>(since.time_since_epoch()).count();
  }
  auto answer = daemon.call("agent.times", params);
  if (!answer) return tl::unexpected(answer.error());
  text_table table({{"DAY"}, {"STATE"}, {"REASON"}, {"TIME", text_table::align::right}});
  auto add = [&](const std::string& day, const json& times) {
    for (auto& t : times)
      table.add({day, shown(t, "state"), shown(t, "reason"), shown_span(t, "spent_ms")});
  };
  for (auto& d : part(*answer, "days")) add(shown(d, "day"), part(d, "times"));
  add("all", part(*answer, "times"));
  auto text = table.text();
  return report{std::move(*answer), std::move(text)};
}

outcome hash_password() {
  auto secret = read_password();
  if (!secret) return tl::unexpected(secret.error());
  auto hash = password::hash_of(*secret);
  if (hash.empty())
    return tl::unexpected(failure{exit_code::failed, "internal", "no memory", {}, {}});
  return report{json{{"password_hash", hash}}, hash + '\n'};
}

}  // namespace switchboard::ctl
