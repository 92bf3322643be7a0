#include <algorithm>
#include <cctype>

#include "tools/switchboardctl/field_text.hpp"
#include "tools/switchboardctl/inspection/inspection_commands.hpp"
#include "tools/switchboardctl/text_table.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::ctl {
namespace {

constexpr std::size_t most = 20;

/// Collects what was found: what it is, its key, what stands there now, the command that shows
/// more.
struct findings {
  terminal::text_table table{{{"WHAT"},
                              {"KEY", terminal::text_table::align::left, 40},
                              {"NOW", terminal::text_table::align::left, 44},
                              {"LOOK INSIDE", terminal::text_table::align::left, 60}}};
  json data = json::array();

  void add(const char* what, const std::string& key, const std::string& now,
           const std::string& command) {
    if (data.size() == most) return;
    table.add({what, key, now, command});
    data.push_back({{"what", what}, {"key", key}, {"now", now}, {"command", command}});
  }
};

void add_session(findings& to, const json& s) {
  const auto id = shown(s, "session_id");
  auto now = shown(s, "state") + ' ' + shown_age(s, "since");
  if (shown(s, "agent") != "-") now += ", " + shown(s, "agent");
  if (shown(s, "group") != "-") now += ", " + shown(s, "group");
  to.add("session", id, now, "switchboardctl actor session:" + id);
}

bool starts(const std::string& text, const std::string& with) {
  return text.compare(0, with.size(), with) == 0;
}

/// By what the key looks like: an address, a telephone number, else a name or an id.
void add_customers(control_client& daemon, const std::string& key, findings& found) {
  constexpr std::ptrdiff_t digits_of_a_phone = 5;
  const auto digits = std::ranges::count_if(key, [](unsigned char c) { return std::isdigit(c); });
  const char* field = key.find('@') != std::string::npos ? "email"
                      : digits >= digits_of_a_phone      ? "phone"
                                                         : "name";
  auto add = [&](const json& c) {
    const auto id = shown(c, "customer_id");
    found.add("customer", id, shown(c, "name"), "switchboardctl customer show " + id);
  };
  if (auto people = daemon.call("customer.search", {{field, key}, {"limit", 10}})) {
    for (auto& c : part(*people, "customers")) add(c);
  }
  if (auto one = daemon.call("customer.get", {{"customer_id", key}})) {
    if (shown(*one, "customer_id") != "-") add(*one);
  }
}

tl::expected<void, failure> look_for(control_client& daemon, const std::string& key,
                                     findings& found) {
  if (auto one = daemon.call("admin.session", {{"session_id", key}})) add_session(found, *one);
  auto sessions = daemon.call("admin.sessions", {{"limit", 10'000}});
  if (!sessions) return tl::unexpected(sessions.error());
  for (auto& s : part(*sessions, "sessions")) {
    const auto id = shown(s, "session_id");
    const bool known = !found.data.empty() && found.data[0]["key"] == id;
    if (!known && (starts(id, key) || shown(s, "customer") == key)) add_session(found, s);
  }
  if (auto agents = daemon.call("admin.agents", json::object())) {
    for (auto& a : part(*agents, "agents")) {
      if (shown(a, "id") != key && shown(a, "name") != key) continue;
      found.add("agent", shown(a, "id"),
                shown(a, "state") + ", " + shown(a, "used") + '/' + shown(a, "capacity"),
                "switchboardctl actor agent:" + shown(a, "id"));
    }
  }
  if (auto groups = daemon.call("admin.groups", json::object())) {
    for (auto& g : part(*groups, "groups")) {
      if (shown(g, "id") != key && shown(g, "name") != key) continue;
      found.add("group", shown(g, "id"),
                shown(g, "waiting") + " wait, " + shown(g, "online") + " online",
                "switchboardctl actor group:" + shown(g, "id"));
    }
  }
  if (daemon.call("admin.actor", {{"kind", "adapter"}, {"key", "channel:" + key}}))
    found.add("channel", key, "", "switchboardctl actor adapter:channel:" + key);
  add_customers(daemon, key, found);
  return {};
}

}  // namespace

outcome find_key(control_client& daemon, const std::string& key) {
  findings found;
  if (auto ok = look_for(daemon, key, found); !ok) return tl::unexpected(ok.error());
  if (found.data.empty()) {
    return tl::unexpected(failure{exit_code::failed,
                                  "not_found",
                                  "nothing here is called \"" + terminal::printable(key) + "\"",
                                  {},
                                  {}});
  }
  auto text = found.table.text();
  return report{{{"found", std::move(found.data)}}, std::move(text)};
}

}  // namespace switchboard::ctl
