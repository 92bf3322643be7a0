#include "tools/switchboardctl/operations_commands.hpp"

#include <cctype>
#include <random>

#include "tools/switchboardctl/field_text.hpp"
#include "tools/switchboardctl/language.hpp"
#include "tools/switchboardctl/session_commands.hpp"
#include "tools/switchboardctl/text_table.hpp"

namespace switchboard::ctl {

namespace {

constexpr std::size_t shown_end = 4;

std::string ending(const std::string& id) {
  return id.size() > shown_end ? id.substr(id.size() - shown_end) : id;
}

std::string folded(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// Sessions that left a message are over, so that they are found among those messages.
tl::expected<std::string, failure> find_left_message(control_client& daemon,
                                                     const std::string& named) {
  constexpr std::size_t whole_id = 29;
  if (named.size() >= whole_id) return named;
  std::string found;
  json params{{"limit", 200}};
  for (bool more = true; more;) {
    auto page = daemon.call("message.list", params);
    if (!page) return tl::unexpected(page.error());
    for (auto& m : part(*page, "messages")) {
      auto id = shown(m, "session_id");
      if (!folded(id).starts_with(folded(named)) && !folded(id).ends_with(folded(named))) continue;
      if (!found.empty()) {
        return tl::unexpected(failure{
            exit_code::failed,
            "invalid_argument",
            tr("{} is the beginning or end of several sessions' ids: {}", named, found + ", " + id),
            {},
            {}});
      }
      found = std::move(id);
    }
    more = page->value("more", false);
    params["after"] = shown(*page, "cursor");
  }
  if (!found.empty()) return found;
  return tl::unexpected(failure{exit_code::failed,
                                "not_found",
                                tr("no message was left in a session of that name: {}", named),
                                {},
                                {}});
}

}  // namespace

outcome bump_session(control_client& daemon, const bump_options& what) {
  auto id = find_session(daemon, what.session);
  if (!id) return tl::unexpected(id.error());
  auto answer =
      daemon.call("admin.bump",
                  json{{"session_id", *id}, {"priority", what.priority}, {"reason", what.reason}});
  if (!answer) return tl::unexpected(answer.error());
  return report{std::move(*answer),
                tr("session {} has priority {} now", *id, std::to_string(what.priority)) + '\n'};
}

outcome force_agent_state(control_client& daemon, const agent_order& what) {
  auto answer =
      daemon.call("admin.agent_state",
                  json{{"agent", what.agent}, {"state", what.state}, {"reason", what.reason}});
  if (!answer) return tl::unexpected(answer.error());
  return report{std::move(*answer), tr("agent {} is {} now", what.agent, tr(what.state)) + '\n'};
}

outcome move_agent_sessions(control_client& daemon, const agent_order& what) {
  json params{{"agent", what.agent}, {"reason", what.reason}};
  if (!what.to_group.empty()) params["to_group"] = what.to_group;
  if (!what.to_agent.empty()) params["to_agent"] = what.to_agent;
  auto answer = daemon.call("admin.agent_move", params);
  if (!answer) return tl::unexpected(answer.error());
  const auto n = number(*answer, "sessions"), asked = number(*answer, "asked");
  auto text =
      tr("{} of {} sessions of {} moved", std::to_string(n), std::to_string(asked), what.agent) +
      '\n';
  for (auto& s : part(*answer, "stayed"))
    text += tr("{} stays: {}", shown(s, "session_id"), translated(shown(s, "message"))) + '\n';
  return report{std::move(*answer), std::move(text)};
}

std::string messages_text(const json& answer) {
  using side = terminal::text_table::align;
  terminal::text_table table({{tr("ID")},
                              {tr("GROUP"), side::left, 14},
                              {tr("CHANNEL"), side::left, 12},
                              {tr("AGE"), side::right},
                              {tr("CUSTOMER"), side::left, 14},
                              {tr("HAS IT"), side::left, 10},
                              {tr("ABOUT"), side::left, 40}});
  for (auto& m : part(answer, "messages")) {
    auto name = shown(m, "customer_name");
    table.add({ending(shown(m, "session_id")), shown(m, "group"), shown(m, "channel"),
               shown_age(m, "left_at"), name == "-" ? shown(m, "customer") : name,
               shown(part(m, "claimed_by"), "id"), shown(m, "subject")});
  }
  const auto rows = static_cast<std::int64_t>(table.rows());
  const auto open = number(answer, "open");
  auto text = table.text();
  // The first page says how many there are; a later one knows only of itself.
  if (!answer.contains("open"))
    text += tr("{} more", terminal::count_text(rows));
  else if (open > rows)
    text += tr("{} of {} open", terminal::count_text(rows), terminal::count_text(open));
  else
    text += tr("{} open", terminal::count_text(rows));
  text += '\n';
  if (answer.value("more", false)) text += tr("more: --after {}", shown(answer, "cursor")) + '\n';
  return text;
}

outcome answer_message(control_client& daemon, const message_order& what) {
  auto id = find_left_message(daemon, what.session);
  if (!id) return tl::unexpected(id.error());
  std::random_device chance;
  const auto key = "ctl-" + std::to_string(chance()) + '-' + std::to_string(chance());
  auto answer = daemon.call("message.answer", json{{"session_id", *id},
                                                   {"client_msg_id", key},
                                                   {"type", "text"},
                                                   {"body", {{"text", what.text}}}});
  if (!answer) return tl::unexpected(answer.error());
  return report{std::move(*answer), tr("the message left in {} is answered", *id) + '\n'};
}

outcome dismiss_message(control_client& daemon, const message_order& what) {
  auto id = find_left_message(daemon, what.session);
  if (!id) return tl::unexpected(id.error());
  auto answer = daemon.call("message.dismiss", json{{"session_id", *id}, {"reason", what.text}});
  if (!answer) return tl::unexpected(answer.error());
  return report{std::move(*answer), tr("the message left in {} is dismissed", *id) + '\n'};
}

outcome list_messages(control_client& daemon, const message_filter& which) {
  json params{{"limit", which.limit}};
  if (!which.group.empty()) params["group"] = which.group;
  if (!which.after.empty()) params["after"] = which.after;
  auto answer = daemon.call("message.list", params);
  if (!answer) return tl::unexpected(answer.error());
  auto text = messages_text(*answer);
  return report{std::move(*answer), std::move(text)};
}

}  // namespace switchboard::ctl
