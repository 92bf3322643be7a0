#include "actors/session/session_explanation.hpp"

namespace switchboard {

using codec::packer;

namespace {

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (auto& p : parts) out += (out.empty() ? "" : "; ") + p;
  return out;
}

std::string groups_text(const std::vector<group_id>& groups) {
  std::string out;
  for (auto& g : groups) out += (out.empty() ? "" : ", ") + g.value;
  return out;
}

/// "lin (林晓岚)".
std::string who(const participant& p) {
  return p.name.empty() || p.name == p.id ? p.id : p.id + " (" + p.name + ")";
}

std::string by_text(const participant& p) {
  return p.id.empty() ? p.role : who(p);
}

std::string plan_text(const routing_plan& p) {
  auto out = "rule \"" + p.rule + "\" of version " + std::to_string(p.rules_version);
  if (p.priority != 0) out += ", priority " + std::to_string(p.priority);
  return p.why.empty() ? out : out + ": " + joined(p.why);
}

std::string queued_text(const event::queued& q) {
  auto out =
      "step " + std::to_string(q.choice.step + 1) + ": waits in " + groups_text(q.choice.groups);
  return q.choice.why.empty() ? out : out + " (" + joined(q.choice.why) + ")";
}

}  // namespace

void session_explanation::add(timestamp at, const char* what, std::string text) {
  packer p;
  p.map(3);
  field(p, "at", at);
  field(p, "what", what);
  field(p, "text", text);
  lines_.push_back(p.take());
  if (lines_.size() > most) lines_.pop_front();
}

void session_explanation::take(const session_codec::stored_event& stored) {
  if (stored.seq <= last_) return;
  last_ = stored.seq;
  // Messages and the like, most of a transcript, are not even decoded.
  constexpr std::uint8_t message_kind = 10, read_kind = 12;
  if (stored.kind == message_kind || stored.kind == read_kind) return;
  auto e = session_codec::decode(stored);
  if (!e) return;
  if (auto* x = std::get_if<event::planned>(&e->what))
    return add(e->at, "planned", plan_text(x->plan));
  if (auto* x = std::get_if<event::queued>(&e->what)) return add(e->at, "queued", queued_text(*x));
  if (auto* x = std::get_if<event::bumped>(&e->what)) {
    return add(e->at, "bumped",
               "to priority " + std::to_string(x->priority) + " by " + by_text(x->by) +
                   (x->reason.empty() ? "" : ": " + x->reason));
  }
  if (auto* x = std::get_if<event::offered>(&e->what)) {
    decision_ = codec::pack(x->decision);
    return add(e->at, "offered", who(x->agent) + " in " + x->group.value + ": " + x->why);
  }
  if (auto* x = std::get_if<event::offer_ended>(&e->what)) {
    return add(
        e->at, "offer ended",
        x->agent.value + ": " + x->cause + (x->exclude ? ", not asked again in this round" : ""));
  }
  if (auto* x = std::get_if<event::assigned>(&e->what)) {
    // An offer that was accepted was decided when it was made.
    if (!x->decision.strategy.empty() || decision_.empty()) decision_ = codec::pack(x->decision);
    return add(e->at, "assigned", who(x->agent) + " in " + x->group.value + ": " + x->why);
  }
  if (auto* x = std::get_if<event::transferred>(&e->what)) {
    auto to = !x->to_group.empty()   ? "to the group " + x->to_group
              : !x->to_agent.empty() ? "to " + x->to_agent
                                     : "by the rules";
    return add(e->at, "transferred", to + " by " + by_text(x->by));
  }
  if (auto* x = std::get_if<event::left>(&e->what))
    return add(e->at, "left", who(x->who) + ": " + x->reason);
  if (auto* x = std::get_if<event::closed>(&e->what))
    return add(e->at, "over", x->outcome + ": " + x->reason);
}

std::uint32_t session_explanation::pack(packer& p) const {
  p.str("story").array(static_cast<std::uint32_t>(lines_.size()));
  for (auto& l : lines_) p.raw(l);
  if (decision_.empty()) return 1;
  p.str("decision").raw(decision_);
  return 2;
}

std::uint32_t pack_standing(packer& p, const session_state& s) {
  std::uint32_t pairs = 4;
  field(p, "session_id", s.id.text());
  field(p, "state", to_string(s.phase));
  field(p, "opened_at", s.opened_at);
  field(p, "since", s.phase_since);
  if (s.serving) {
    field(p, "agent", s.serving->agent.id);
    ++pairs;
  }
  if (!s.dispatch) return pairs;
  const auto& d = *s.dispatch;
  pairs += 6;
  field(p, "rule", d.plan.rule);
  field(p, "rules_version", static_cast<std::int64_t>(d.plan.rules_version));
  field(p, "priority", static_cast<std::int64_t>(d.plan.priority));
  field(p, "step", static_cast<std::int64_t>(d.step + 1));
  codec::pack_value(p.str("why"), d.plan.why, codec::audience::client);
  p.str("steps").array(static_cast<std::uint32_t>(d.plan.steps.size()));
  for (auto& step : d.plan.steps) codec::pack_value(p, step, codec::audience::client);
  if (d.step_until) {
    field(p, "step_until", *d.step_until);
    ++pairs;
  }
  if (!d.asked.empty()) {
    codec::pack_value(p.str("asked"), d.asked, codec::audience::client);
    ++pairs;
  }
  if (!d.plan.sticky.empty()) {
    field(p, "sticky", d.plan.sticky.value);
    ++pairs;
  }
  return pairs;
}

}  // namespace switchboard
