#include "tools/demo/demo_script.hpp"

#include <algorithm>
#include <fstream>

#include "config/dispatch_loader.hpp"

namespace switchboard::demo {
namespace {

tl::expected<std::vector<visit>, std::string> load_visits(const std::string& path,
                                                          std::size_t limit) {
  std::ifstream in(path);
  if (!in) return tl::unexpected(path + ": cannot be read");
  std::vector<visit> visits;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty()) continue;
    auto read = parse_visit(line);
    if (!read) return tl::unexpected(path + ':' + std::to_string(number) + ": " + read.error());
    visits.push_back(std::move(*read));
    if (limit > 0 && visits.size() == limit) break;
  }
  if (visits.empty()) return tl::unexpected(path + ": holds no requests");
  return visits;
}

}  // namespace

std::string text_at(const json& from, const char* field) {
  if (!from.is_object()) return {};
  auto at = from.find(field);
  return at != from.end() && at->is_string() ? at->get<std::string>() : std::string();
}

tl::expected<visit, std::string> parse_visit(const std::string& line) {
  auto whole = json::parse(line, nullptr, false);
  if (!whole.is_object()) return tl::unexpected(std::string("no JSON object"));
  visit out;
  out.request_id = text_at(whole, "request_id");
  out.channel = text_at(whole, "channel");
  out.intent = text_at(whole, "intent");
  auto customer = whole.find("customer");
  if (customer == whole.end() || !customer->is_object())
    return tl::unexpected(std::string("customer: missing"));
  out.customer_id = text_at(*customer, "id");
  out.customer_name = text_at(*customer, "name");
  if (out.customer_name.empty()) out.customer_name = out.customer_id;
  if (out.request_id.empty() || out.channel.empty() || out.customer_id.empty())
    return tl::unexpected(std::string("request_id, channel or customer.id: missing"));
  if (auto turns = whole.find("turns"); turns != whole.end() && turns->is_array()) {
    for (auto& t : *turns) out.turns.push_back({text_at(t, "from") == "agent", text_at(t, "text")});
  }
  if (out.turns.empty() || out.turns.front().by_agent)
    return tl::unexpected(std::string("turns: expected to begin with the customer's"));
  if (auto rating = whole.find("rating"); rating != whole.end() && rating->is_number_integer())
    out.rating = rating->get<int>();
  for (auto* played : {"turns", "rating", "channel"}) whole.erase(played);
  out.request = std::move(whole);
  return out;
}

tl::expected<demo_script, std::string> load_script(const std::string& folder, std::size_t limit) {
  auto dispatch = config::load_dispatch(folder + "/dispatch.yaml");
  if (!dispatch) return tl::unexpected(config::to_string(dispatch.error()));
  auto visits = load_visits(folder + "/requests.jsonl", limit);
  if (!visits) return tl::unexpected(visits.error());
  demo_script out;
  out.visits = std::move(*visits);
  for (auto& g : dispatch->groups) out.groups.emplace_back(g.id.value, g.name);
  for (auto& c : dispatch->channels) out.channels.push_back(c.id.value);
  for (auto& a : dispatch->agents) {
    // A leader looks after people and takes nobody.
    if (a.role == "leader") continue;
    cast_agent agent{a.id.value, a.name, a.capacity, {}};
    for (auto& g : a.groups) agent.groups.push_back(g.value);
    out.agents.push_back(std::move(agent));
  }
  for (auto& v : out.visits) {
    if (std::ranges::find(out.channels, v.channel) == out.channels.end())
      return tl::unexpected(v.request_id + ": channel " + v.channel + " is not configured");
  }
  return out;
}

}  // namespace switchboard::demo
