#include <algorithm>
#include <array>
#include <thread>

#include "tools/switchboardctl/field_text.hpp"
#include "tools/switchboardctl/inspection/activity_reading.hpp"
#include "tools/switchboardctl/inspection/inspection_commands.hpp"
#include "tools/switchboardctl/text_table.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::ctl {
namespace {

using terminal::count_text;
using terminal::text_table;
using side = text_table::align;

std::string line(std::string_view title, const std::string& text) {
  return terminal::padded(title, 18) + terminal::printable(text) + '\n';
}

/// "a=1, b=two" of the fields of a status.
std::string fields_text(const json& from) {
  std::string out;
  for (auto& [name, value] : from.items()) {
    if (value.is_array() && value.size() > 8) {
      out += line(name, count_text(static_cast<std::int64_t>(value.size())));
    } else if (!value.is_null()) {
      out += line(name, value.is_string()
                            ? value.get<std::string>()
                            : value.dump(-1, ' ', false, json::error_handler_t::replace));
    }
  }
  return out;
}

/// What the actor says of itself; null where its kind has no such answer.
json status_of(control_client& daemon, const std::string& kind, const std::string& key) {
  if (kind == "session") {
    auto one = daemon.call("admin.session", {{"session_id", key}});
    return one ? *one : json();
  }
  const auto [method, list] = kind == "agent"         ? std::pair("admin.agents", "agents")
                              : kind == "skill_group" ? std::pair("admin.groups", "groups")
                                                      : std::pair("", "");
  if (!*method) return {};
  auto all = daemon.call(method, json::object());
  if (!all) return {};
  for (auto& one : part(*all, list)) {
    if (shown(one, "id") == key) return one;
  }
  return {};
}

struct branch {
  const char *kind, *below, *when_it_fails;
};
// As tools/node/node.cpp starts them.
constexpr std::array tree{
    branch{"configuration", "node", "the process ends and recovers"},
    branch{"catalog", "node", "the process ends and recovers"},
    branch{"directory", "node", "the process ends and recovers"},
    branch{"session", "directory", "the process ends and recovers"},
    branch{"customer_directory", "node", "the process ends and recovers"},
    branch{"customer", "customer_directory", "the process ends and recovers"},
    branch{"agent", "node", "the process ends and recovers"},
    branch{"skill_group", "node", "the process ends and recovers"},
    branch{"router", "node", "the process ends and recovers"},
    branch{"identification", "node", "the process ends and recovers"},
    branch{"adapter", "node", "the process ends and recovers"},
    branch{"archive", "node", "the process ends and recovers"},
    branch{"miner", "node", "the process ends and recovers"},
};

}  // namespace

outcome show_actor(control_client& daemon, const std::string& which) {
  const auto colon = which.find(':');
  if (colon == std::string::npos || colon + 1 == which.size()) {
    return tl::unexpected(failure{exit_code::usage,
                                  "usage",
                                  "expected KIND:KEY, as session:s3f.., agent:lin or group:vip",
                                  {},
                                  {}});
  }
  auto kind = which.substr(0, colon);
  if (kind == "group") kind = "skill_group";
  const auto key = which.substr(colon + 1);
  auto probe = daemon.call("admin.actor", {{"kind", kind}, {"key", key}});
  if (!probe) return tl::unexpected(probe.error());
  auto text = line(kind, key);
  text += line("state", shown(*probe, "state"));
  text += line("handled", count_text(number(*probe, "handled")) + ", failed " +
                              count_text(number(*probe, "failed")) + ", waiting " +
                              count_text(number(*probe, "waiting")));
  text += line("work", latency_text(static_cast<double>(number(*probe, "work_us"))) + " in all");
  text +=
      line("last", shown(*probe, "last_message") + ", " + shown_age(*probe, "last_ms") + " ago");
  auto status = status_of(daemon, kind, key);
  if (!status.is_null()) text += "says of itself\n" + fields_text(status);
  return report{{{"actor", std::move(*probe)}, {"status", std::move(status)}}, std::move(text)};
}

outcome show_latency(control_client& daemon, const latency_options& options) {
  auto before = daemon.call("admin.activity", json::object());
  if (!before) return tl::unexpected(before.error());
  std::this_thread::sleep_for(options.window);
  auto after = daemon.call("admin.activity", json::object());
  if (!after) return tl::unexpected(after.error());
  const auto a = activity_between(*before, *after);
  text_table table({{"KIND"},
                    {"MESSAGE", side::left, 28},
                    {"MSG/S", side::right},
                    {"WAIT p50", side::right},
                    {"p99", side::right},
                    {"WORK p50", side::right},
                    {"p99", side::right},
                    {"CPU", side::right},
                    {"FAILED", side::right}});
  auto data = json::array();
  for (auto& r : a.messages) {
    if (!options.kind.empty() && r.kind != options.kind) continue;
    table.add({r.kind, r.message, count_text(static_cast<std::int64_t>(r.per_second + 0.5)),
               latency_text(r.wait.p50), latency_text(r.wait.p99), latency_text(r.work.p50),
               latency_text(r.work.p99),
               count_text(static_cast<std::int64_t>(r.share * 100 + 0.5)) + '%',
               count_text(r.failed)});
    data.push_back({{"kind", r.kind},
                    {"message", r.message},
                    {"per_second", r.per_second},
                    {"wait_p50_us", r.wait.p50},
                    {"wait_p99_us", r.wait.p99},
                    {"work_p50_us", r.work.p50},
                    {"work_p99_us", r.work.p99},
                    {"share", r.share},
                    {"failed", r.failed}});
  }
  auto text = table.text() + "over the last " + latency_text(a.seconds * 1e6) + "\n";
  return report{{{"seconds", a.seconds}, {"messages", std::move(data)}}, std::move(text)};
}

outcome show_tree(control_client& daemon) {
  auto answer = daemon.call("admin.activity", json::object());
  if (!answer) return tl::unexpected(answer.error());
  auto& living = part(*answer, "living");
  std::string text = "node\n";
  auto data = json::array();
  for (auto& b : tree) {
    const bool deep = std::string_view(b.below) != "node";
    text += std::string(deep ? "    " : "  ") + terminal::padded(b.kind, deep ? 22 : 24) +
            terminal::padded(count_text(number(living, b.kind)), 10, true) + "  " +
            b.when_it_fails + '\n';
    data.push_back({{"kind", b.kind},
                    {"below", b.below},
                    {"living", number(living, b.kind)},
                    {"when_it_fails", b.when_it_fails}});
  }
  return report{{{"tree", std::move(data)}}, std::move(text)};
}

}  // namespace switchboard::ctl
