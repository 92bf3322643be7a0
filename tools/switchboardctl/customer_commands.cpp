#include "tools/switchboardctl/customer_commands.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>

#include "tools/switchboardctl/field_text.hpp"
#include "tools/switchboardctl/live_commands.hpp"
#include "tools/switchboardctl/session_commands.hpp"
#include "tools/switchboardctl/text_table.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::ctl {
namespace {

using terminal::count_text;
using terminal::text_table;
using side = text_table::align;

std::string customers_text(const json& customers, bool more) {
  text_table table({{"CUSTOMER", side::left, 36},
                    {"NAME", side::left, 24},
                    {"PHONE", side::left, 20},
                    {"EMAIL", side::left, 30},
                    {"TAGS", side::left, 24},
                    {"LEADS", side::right},
                    {"BLOCKED", side::left, 20}});
  for (auto& c : customers) {
    table.add({shown(c, "customer_id"), shown(c, "name"), shown(c, "phone"), shown(c, "email"),
               shown(c, "tags"), shown(c, "leads"), shown(c, "blocked")});
  }
  return table.text() + count_text(static_cast<long long>(table.rows())) +
         (more ? " customers, and more\n" : " customers\n");
}

std::string titled_line(std::string_view title, const std::string& text) {
  return terminal::padded(title, 14) + terminal::printable(text) + '\n';
}

std::string profile_text(const json& profile) {
  std::string out;
  auto add = [&](const std::string& name, const json& value) {
    if (!value.is_object() || shown(value, "value") == "-") return;
    out += titled_line(name, shown(value, "value") + "  (" + shown(value, "source") + ", " +
                                 moment_text(number(value, "at")) + ")");
  };
  for (auto& [name, value] : profile.items()) {
    if (name != "extra") add(name, value);
  }
  for (auto& [name, value] : part(profile, "extra").items()) add(name, value);
  return out;
}

std::string customer_text(const json& c) {
  auto out = titled_line("customer", shown(c, "customer_id"));
  if (c.contains("blocked")) out += titled_line("BLOCKED", shown(c["blocked"], "reason"));
  out += profile_text(part(c, "profile"));
  for (auto& i : part(c, "identities")) {
    out += titled_line("identity", shown(i, "channel") + ' ' + shown(i, "id") +
                                       (i.value("verified", false) ? ", verified" : ""));
  }
  for (auto& t : part(c, "tags"))
    out += titled_line("tag", shown(t, "tag") + "  (" + shown(t, "source") + ")");
  for (auto& [name, words] : part(c, "conflicts").items()) {
    std::string said;
    for (auto& w : words)
      said += (said.empty() ? "" : "; ") + shown(w, "value") + " says " + shown(w, "source");
    out += titled_line("conflict", name + ": " + said);
  }
  for (auto& m : part(c, "merged"))
    out += titled_line("merged", shown(m, "customer_id") + " by " + shown(m, "by"));
  for (auto& s : part(c, "same_as"))
    out += titled_line("perhaps", shown(s, "customer_id") + ' ' + shown(s, "name") + ", the same " +
                                      shown(s, "by"));
  for (auto& s : part(c, "suggestions"))
    out += titled_line("suggested",
                       shown(s, "kind") + ": " + shown(s, "reason") + " (" + shown(s, "id") + ")");
  out += titled_line("leads", count_text(number(c, "leads")));
  return out;
}

std::string trail_text(const json& answer) {
  text_table table({{"AT"},
                    {"WHAT"},
                    {"ID", side::left, 32},
                    {"CHANNEL", side::left, 14},
                    {"OUTCOME", side::left, 14},
                    {"AGENT", side::left, 16},
                    {"ENTRY", side::left, 20}});
  for (auto& e : part(answer, "entries")) {
    auto kind = shown(e, "kind");
    if (kind == "session") {
      table.add({moment_text(number(e, "opened_at")), kind, shown(e, "session"),
                 shown(e, "channel"), shown(e, "outcome"), shown(e, "agent"), shown(e, "entry")});
    } else {
      auto& what = part(e, kind);
      table.add({moment_text(number(e, "at")), kind, shown(what, kind + "_id"), "-",
                 shown(what, kind == "lead" ? "stage" : "state"), shown(what, "owner"), "-"});
    }
  }
  auto out = table.text();
  if (answer.contains("trouble")) out += shown(answer, "trouble") + '\n';
  if (answer.value("more", false)) out += "and more\n";
  return out;
}

/// A customer's id has a colon in it; else it is a session's, or how that begins or ends.
tl::expected<std::string, failure> find_customer(control_client& daemon, const std::string& named) {
  if (named.find(':') != named.npos) return named;
  return find_session(daemon, named);
}

outcome simply(control_client& daemon, const char* method, const json& params, std::string text) {
  auto answer = daemon.call(method, params);
  if (!answer) return tl::unexpected(answer.error());
  return report{std::move(*answer), std::move(text)};
}

void show_progress(const json& p) {
  std::fprintf(stderr, "%lld of %lld\n", static_cast<long long>(number(p, "looked_at")),
               static_cast<long long>(number(p, "of")));
}

json conditions(const customer_filter& which) {
  json params = json::object();
  if (!which.condition.empty()) params["condition"] = which.condition;
  if (!which.segment.empty()) params["segment"] = which.segment;
  return params;
}

tl::unexpected<failure> cannot_write(const std::string& file) {
  return tl::unexpected(failure{exit_code::failed, "unavailable", "cannot write " + file, {}, {}});
}

outcome search_by_condition(control_client& daemon, const customer_filter& which) {
  json found = json::array();
  bool more = false;
  auto done =
      daemon.follow("customer.search", conditions(which), [&](const auto& method, const json& p) {
        if (method == "customer.progress") show_progress(p);
        for (auto& c : part(p, "customers")) {
          more = found.size() >= static_cast<std::size_t>(which.limit);
          if (!more) found.push_back(c);
        }
      });
  if (!done) return tl::unexpected(done.error());
  auto text = customers_text(found, more);
  return report{{{"customers", found}, {"found", number(*done, "found")}, {"more", more}}, text};
}

}  // namespace

outcome search_customers(control_client& daemon, const customer_filter& which) {
  if (!which.condition.empty() || !which.segment.empty()) return search_by_condition(daemon, which);
  json params{{"limit", std::min<std::int64_t>(which.limit, 200)}};
  for (auto& [name, value] : {std::pair("name", which.name), std::pair("phone", which.phone),
                              std::pair("email", which.email), std::pair("tag", which.tag)}) {
    if (!value.empty()) params[name] = value;
  }
  auto answer = daemon.call("customer.search", params);
  if (!answer) return tl::unexpected(answer.error());
  auto text = customers_text(part(*answer, "customers"), answer->value("more", false));
  return report{std::move(*answer), std::move(text)};
}

outcome show_customer(control_client& daemon, const std::string& named) {
  auto id = find_customer(daemon, named);
  if (!id) return tl::unexpected(id.error());
  auto answer = daemon.call("customer.get", {{"customer_id", *id}});
  if (!answer) return tl::unexpected(answer.error());
  auto text = customer_text(*answer);
  return report{std::move(*answer), std::move(text)};
}

outcome show_trail(control_client& daemon, const std::string& named, std::int64_t limit) {
  auto id = find_customer(daemon, named);
  if (!id) return tl::unexpected(id.error());
  auto answer = daemon.call("customer.history", {{"customer_id", *id}, {"limit", limit}});
  if (!answer) return tl::unexpected(answer.error());
  auto text = trail_text(*answer);
  return report{std::move(*answer), std::move(text)};
}

outcome merge_customers(control_client& daemon, const std::string& id, const std::string& into) {
  return simply(daemon, "customer.merge", {{"customer_id", id}, {"into", into}},
                id + " is shown as " + into + " from now on\n");
}

outcome unmerge_customer(control_client& daemon, const std::string& id) {
  return simply(daemon, "customer.unmerge", {{"customer_id", id}},
                id + " stands for itself again\n");
}

outcome block_customer(control_client& daemon, const std::string& id, const std::string& reason,
                       std::int64_t span_ms) {
  json params{{"customer_id", id}, {"reason", reason}};
  auto now =
      std::chrono::duration_cast<millis>(std::chrono::system_clock::now().time_since_epoch());
  if (span_ms > 0) params["until"] = now.count() + span_ms;
  return simply(daemon, "customer.block", params, id + " is blocked\n");
}

outcome unblock_customer(control_client& daemon, const std::string& id) {
  return simply(daemon, "customer.unblock", {{"customer_id", id}}, id + " is let in again\n");
}

outcome export_customers(control_client& daemon, const customer_filter& which,
                         const std::string& file) {
  std::ofstream out(file, std::ios::binary);
  if (!out) return cannot_write(file);
  // Without a byte order mark spreadsheets in China read it as GBK.
  out << "\xef\xbb\xbf";
  auto done =
      daemon.follow("customer.export", conditions(which), [&](const auto& method, const json& p) {
        if (method == "customer.progress") show_progress(p);
        if (method == "customer.rows") out << p.value("csv", std::string{});
      });
  if (!done) return tl::unexpected(done.error());
  if (!out.flush()) return cannot_write(file);
  auto text = file + ": " + count_text(number(*done, "found")) + " customers\n";
  return report{std::move(*done), std::move(text)};
}

outcome write_dossier(control_client& daemon, const std::string& id, const std::string& file) {
  json all{{"customers", json::array()}, {"changes", json::array()}, {"sessions", json::array()}};
  auto done =
      daemon.follow("customer.dossier", {{"customer_id", id}}, [&](const auto&, const json& p) {
        auto what = p.value("part", std::string{});
        auto& data = part(p, "data");
        if (what == "customer") all["customers"].push_back(data);
        if (what == "change") all["changes"].push_back(data);
        if (what == "session") {
          all["sessions"].push_back(data);
          all["sessions"].back()["events"] = json::array();
        }
        for (auto& e : what == "events" ? data : json::array())
          all["sessions"].back()["events"].push_back(e);
      });
  if (!done) return tl::unexpected(done.error());
  std::ofstream out(file, std::ios::binary);
  out << all.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
  if (!out.flush()) return cannot_write(file);
  auto sessions = static_cast<long long>(all["sessions"].size());
  return report{{{"file", file}, {"sessions", sessions}},
                file + ": " + count_text(sessions) + " sessions\n"};
}

outcome erase_customer(control_client& daemon, const std::string& id, bool dry_run) {
  auto done = daemon.follow("customer.erase", {{"customer_id", id}, {"dry_run", dry_run}},
                            [](const auto&, const json& p) {
                              if (number(p, "found") > 0)
                                std::fprintf(stderr, "waiting for %lld sessions to leave memory\n",
                                             static_cast<long long>(number(p, "found")));
                            });
  if (!done) return tl::unexpected(done.error());
  auto text = std::string(dry_run ? "would erase " : "erased ") + shown(*done, "customers") + ": " +
              count_text(number(*done, "sessions")) + " sessions, " +
              count_text(number(*done, "leads")) + " leads";
  if (!dry_run) {
    text += ", " + count_text(number(*done, "files_removed")) + " files, " +
            count_text(number(*done, "records_rewritten")) +
            " journal records rewritten; the files are made anew at the daemon's next start";
  }
  return report{std::move(*done), text + '\n'};
}

}  // namespace switchboard::ctl
