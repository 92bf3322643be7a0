#include "config/dispatch_loader.hpp"

#include <algorithm>
#include <exception>

#include "config/dispatch_sections.hpp"
#include "config/reception_section.hpp"
#include "config/spans.hpp"

namespace switchboard::config {
namespace {

void read_sections(const yaml_value& root, const account_index& accounts, dispatch_config& out) {
  yaml_map top(root);
  if (auto v = top.find("calendars")) read_calendars(*v, out);
  if (auto v = top.find("forms")) read_forms(*v, out.reception);
  if (auto v = top.need("groups")) read_groups(*v, out);
  if (auto v = top.find("channels")) read_channels(*v, out);
  if (auto v = top.find("admin_tokens")) read_admin_tokens(*v, out);
  if (auto v = top.find("agents")) read_agents(*v, out);
  add_stored_accounts(accounts, out, *root.errors());
  if (auto v = top.find("teams")) read_teams(*v, out);
  set_disabled_aside(out);
  if (auto v = top.need("rules")) read_rules(*v, out);
  if (auto v = top.find("texts")) read_texts(*v, out.texts);
  if (auto v = top.find("session")) read_session_policy(*v, out.session);
  if (auto v = top.find("input")) read_input(*v, out, out.reception.input);
  if (auto v = top.find("word_lists")) read_word_lists(*v, out);
  if (auto v = top.find("canned_replies")) read_canned_replies(*v, out);
  if (auto v = top.find("alerts")) read_general_alerts(*v, out);
  if (auto v = top.find("attachments")) read_attachments(*v, out.reception.attachments);
  if (auto v = top.find("rating")) read_rating(*v, out.reception.rating);
  if (auto v = top.find("profile_fields")) read_profile_fields(*v, out);
  if (auto v = top.find("lead_stages")) read_lead_stages(*v, out);
  if (auto v = top.find("mining")) read_mining(*v, out);
  top.finish();
}

checked<dispatch_config> parse(std::string_view text, const std::string& folder,
                               const account_index& accounts, error_list& errors,
                               kept_words* kept = nullptr) {
  dispatch_config out;
  // The readers ask before they convert, so that yaml-cpp has nothing to throw; should it find
  // something, that too is an error of this file and not the end of the daemon.
  try {
    if (auto root = parse_yaml(text, errors)) read_sections(*root, accounts, out);
    read_word_files(folder, out.reception, errors, kept);
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
  if (auto v = map.find("idle_warning")) {
    v->duration(out.idle_warning, none, day);
    if (out.idle_warning > none && out.idle_warning >= out.idle_close)
      v->refuse("must be shorter than idle_close");
  }
  if (auto v = map.find("agent_silence")) v->duration(out.agent_silence, none, day);
  if (auto v = map.find("closed_key_retention")) {
    v->duration(out.closed_key_retention, hour, 30 * day);
  }
  if (auto v = map.find("away_reasons")) {
    for (const auto& one : v->list(100)) {
      std::string reason;
      if (one.text(reason, 64)) out.away_reasons.push_back(std::move(reason));
    }
  }
  if (auto v = map.find("transfer_limit")) v->duration(out.transfer_limit, second, day);
  if (auto v = map.find("joint_limit")) v->duration(out.joint_limit, second, day);
  if (auto v = map.find("snooze_limit")) v->duration(out.snooze_limit, second, 30 * day);
  map.finish();
}

checked<dispatch_config> load_dispatch(const std::string& path) {
  auto slash = path.find_last_of('/');
  error_list errors(path.substr(slash == std::string::npos ? 0 : slash + 1));
  auto text = read_file(path, errors);
  if (!text) return tl::unexpected(errors.take());
  return parse(*text, folder_of(path), {}, errors);
}

std::string folder_of(const std::string& path) {
  auto slash = path.find_last_of('/');
  // "/dispatch.yaml" lies in "/".
  return slash == std::string::npos ? "" : path.substr(0, std::max<std::size_t>(slash, 1));
}

checked<dispatch_config> parse_dispatch(std::string_view text, std::string file,
                                        const std::string& folder, const account_index& accounts,
                                        kept_words* kept) {
  error_list errors(std::move(file));
  return parse(text, folder, accounts, errors, kept);
}

bool always_holds(std::string_view condition) {
  auto first = condition.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return true;
  auto last = condition.find_last_not_of(" \t\r\n");
  return condition.substr(first, last - first + 1) == "true";
}

}  // namespace switchboard::config
