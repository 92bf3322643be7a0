#include "actors/session/session_screening.hpp"

#include <algorithm>

#include "actors/session/session_speech.hpp"
#include "runtime/base/text.hpp"

namespace switchboard::session_screening {

using session_machine::payloads;

std::optional<error> judge(const session_state& s, const reception_rules& rules,
                           const participant& from, payloads& events) {
  if (from.role == "system" || events.empty()) return {};
  const auto side = side_of(from.role);
  auto& m = std::get<event::message>(events.front());
  const auto group = group_in_charge(s);
  if (auto wrong = rules.refusal(side, s.channel, group.value, m.type, m.body.bytes)) {
    events.clear();
    return wrong;
  }
  if (!rules.looks_for_words(side)) return {};
  auto verdict = rules.words(side, s.channel, group.value, m.body.bytes);
  if (verdict.lists == 0) return {};
  auto lists = rules.list_names(verdict.lists);
  if (verdict.blocked) {
    const auto rule = "word_lists." + lists.front();
    events.clear();
    events.emplace_back(
        event::filtered{from, "block", {}, std::move(lists), std::move(verdict.words)});
    const auto field = "body." + verdict.field;
    return error{
        errc::invalid_argument, field + ": holds a word that is not allowed", field, {}, 0, rule};
  }
  const bool masked = !verdict.body.empty();
  if (masked) m.body.bytes = std::move(verdict.body);
  events.push_back(event::filtered{from, masked ? "mask" : "flag", s.seq + 1, std::move(lists),
                                   std::move(verdict.words)});
  return {};
}

void mask_opening(const session_state& s, const reception_rules& rules, payloads& events) {
  if (!rules.looks_for_words(input_side::customer)) return;
  const auto channel = s.seq == 0 ? std::get<event::opened>(events.front()).channel : s.channel;
  for (std::size_t i = 0, n = events.size(); i < n; ++i) {
    auto* m = std::get_if<event::message>(&events[i]);
    if (!m || m->from.role != "customer") continue;
    auto verdict =
        rules.words(input_side::customer, channel, group_in_charge(s).value, m->body.bytes, true);
    if (verdict.lists == 0) continue;
    const bool masked = !verdict.body.empty();
    event::filtered f{m->from, masked ? "mask" : "flag", s.seq + i + 1,
                      rules.list_names(verdict.lists), std::move(verdict.words)};
    if (masked) m->body.bytes = std::move(verdict.body);
    events.push_back(std::move(f));
  }
}

std::optional<error> wrong_disposition(const session_state& s, const reception_rules& rules,
                                       const group_id& group, const std::string& given) {
  const auto* g = rules.group(group.value);
  if (!g) return {};
  const auto& policy = g->wrap_up.dispositions;
  const auto rule = "groups." + group.value + ".wrap_up.dispositions";
  std::string choices;
  for (auto& c : policy.choices) choices += (choices.empty() ? "" : ", ") + c;
  const bool has_one = !given.empty() || (s.reception && !s.reception->disposition.empty());
  if (policy.required && !has_one) {
    const auto what = "disposition: is required" + (choices.empty() ? "" : "; one of " + choices);
    return error{errc::failed_precondition, what, "disposition", {}, 0, rule};
  }
  if (given.empty() || policy.choices.empty() ||
      std::ranges::find(policy.choices, given) != policy.choices.end())
    return {};
  const auto near = nearest_name(given, policy.choices);
  const auto what = "disposition: there is no \"" + given + "\"; " +
                    (near.empty() ? "one of " + choices : "did you mean \"" + near + "\"?");
  return error{errc::invalid_argument, what, "disposition", {}, 0, rule};
}

}  // namespace switchboard::session_screening
