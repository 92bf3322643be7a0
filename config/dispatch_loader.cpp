#include "config/dispatch_loader.hpp"

#include <exception>

#include "config/dispatch_sections.hpp"

namespace switchboard::config {
namespace {

constexpr millis none{0};
constexpr millis second{1000};
constexpr millis hour{3'600'000};
constexpr millis day = 24 * hour;

void read_sections(const yaml_value& root, dispatch_config& out) {
  yaml_map top(root);
  if (auto v = top.find("calendars")) read_calendars(*v, out);
  if (auto v = top.need("groups")) read_groups(*v, out);
  if (auto v = top.find("channels")) read_channels(*v, out);
  if (auto v = top.find("agents")) read_agents(*v, out);
  if (auto v = top.find("admin_tokens")) read_admin_tokens(*v, out);
  if (auto v = top.need("rules")) read_rules(*v, out);
  if (auto v = top.find("texts")) read_texts(*v, out.texts);
  if (auto v = top.find("session")) read_session_policy(*v, out.session);
  if (auto v = top.find("profile_fields")) read_profile_fields(*v, out);
  if (auto v = top.find("lead_stages")) read_lead_stages(*v, out);
  if (auto v = top.find("mining")) read_mining(*v, out);
  top.finish();
}

checked<dispatch_config> parse(std::string_view text, error_list& errors) {
  dispatch_config out;
  // The readers ask before they convert, so that yaml-cpp has nothing to throw; should it find
  // something, that too is an error of this file and not the end of the daemon.
  try {
    if (auto root = parse_yaml(text, errors)) read_sections(*root, out);
  } catch (const std::exception& e) {
    errors.add(0, {}, e.what());
  }
  if (!errors.empty()) return tl::unexpected(errors.take());
  return out;
}

}  // namespace

void read_session_policy(const yaml_value& section, session_policy& out) {
  yaml_map map(section);
  if (auto v = map.find("continue_within")) v->duration(out.continue_within, none, 30 * day);
  if (auto v = map.find("identification_deadline")) {
    v->duration(out.identification_deadline, millis{10}, 10 * second);
  }
  if (auto v = map.find("reconnect_grace")) v->duration(out.reconnect_grace, none, hour);
  if (auto v = map.find("idle_close")) v->duration(out.idle_close, none, 7 * day);
  if (auto v = map.find("closed_key_retention")) {
    v->duration(out.closed_key_retention, hour, 30 * day);
  }
  map.finish();
}

checked<dispatch_config> load_dispatch(const std::string& path) {
  error_list errors(path.substr(path.find_last_of('/') + 1));
  auto text = read_file(path, errors);
  if (!text) return tl::unexpected(errors.take());
  return parse(*text, errors);
}

checked<dispatch_config> parse_dispatch(std::string_view text, std::string file) {
  error_list errors(std::move(file));
  return parse(text, errors);
}

bool always_holds(std::string_view condition) {
  auto first = condition.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return true;
  auto last = condition.find_last_not_of(" \t\r\n");
  return condition.substr(first, last - first + 1) == "true";
}

}  // namespace switchboard::config
