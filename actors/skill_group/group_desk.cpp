#include "actors/skill_group/group_desk.hpp"

#include <utility>

#include "actors/skill_group/desk_parts.hpp"

namespace switchboard {

using desk::nothing;

group_desk::parts::parts(config::group_config o)
    : options(std::move(o)),
      fits(desk::rule_of(options.strategy).graded),
      agents(desk::rule_of(options.strategy), fits),
      queue(options.order, fits) {}

group_desk::group_desk(config::group_config options)
    : p_(std::make_unique<parts>(std::move(options))) {}
group_desk::~group_desk() = default;
group_desk::group_desk(group_desk&&) noexcept = default;
group_desk& group_desk::operator=(group_desk&&) noexcept = default;

enter_outcome group_desk::enter(const claim& c, timestamp now, admission how) {
  return p_->enter(c, now, how);
}

bool group_desk::update(const claim& c, timestamp now) {
  auto slot = p_->queue.find(c.session);
  if (slot == nothing) return false;
  p_->update(slot, c, now);
  return true;
}

bool group_desk::leave(const session_id& session, timestamp now) {
  auto slot = p_->queue.find(session);
  if (slot == nothing) return false;
  p_->leave(slot, now);
  return true;
}

bool group_desk::contains(const session_id& session) const {
  return p_->queue.find(session) != nothing;
}

const claim* group_desk::find(const session_id& session) const {
  auto slot = p_->queue.find(session);
  return slot == nothing ? nullptr : &p_->queue.at(slot).what;
}

std::size_t group_desk::size() const {
  return p_->queue.size();
}

std::optional<std::size_t> group_desk::position(const session_id& session) const {
  auto slot = p_->queue.find(session);
  if (slot == nothing) return {};
  return p_->queue.position(slot) + 1;
}

std::optional<millis> group_desk::oldest(timestamp now) const {
  auto opened = p_->queue.oldest();
  if (!opened) return {};
  return std::max(now - *opened, millis{0});
}

bool group_desk::agent_changed(const agent_view& view, timestamp now) {
  return p_->agent_changed(view, now);
}

void group_desk::agent_gone(const agent_id& agent, timestamp now) {
  if (auto slot = p_->agents.find(agent); slot != nothing) p_->agent_gone(slot, now);
}

const agent_view* group_desk::find_agent(const agent_id& agent) const {
  auto slot = p_->agents.find(agent);
  return slot == nothing ? nullptr : &p_->agents.at(slot).view;
}

void group_desk::set_roster(std::span<const agent_id> best_first) {
  p_->agents.set_roster(best_first);
}
void group_desk::restore_round_robin(const agent_id& last) {
  p_->agents.set_cursor(last);
}

std::optional<match> group_desk::next_match(timestamp now, std::mt19937_64& rng) {
  return p_->next_match(now, rng);
}

std::optional<claim> group_desk::head_for(const agent_id& agent, timestamp now) {
  if (!p_->dispatching(now)) return {};
  p_->advance(now);
  auto slot = p_->agents.find(agent);
  if (slot == nothing) return {};
  p_->settle_fresh();
  auto head = p_->head_of(slot);
  if (head == nothing) return {};
  return p_->queue.at(head).what;
}

bool group_desk::give_way(const session_id& session, const agent_id& agent, timestamp now) {
  if (!p_->dispatching(now)) return false;
  p_->advance(now);
  auto waiter = p_->queue.find(session);
  return p_->is_proposal(waiter, agent) && p_->give_way(waiter, now);
}

bool group_desk::mark_proposed(const session_id& session, const agent_id& agent, timestamp now) {
  auto waiter = p_->queue.find(session);
  auto slot = p_->agents.find(agent);
  if (waiter == nothing || slot == nothing || p_->queue.at(waiter).bin == desk::bin::none)
    return false;
  p_->propose(waiter, slot, now);
  return true;
}

bool group_desk::in_new_round(const session_id& session) const {
  auto slot = p_->queue.find(session);
  return slot != nothing && p_->queue.at(slot).new_round;
}

bool group_desk::proposal_taken(const session_id& session, const agent_id& agent, timestamp now,
                                const std::optional<agent_view>& fresh) {
  auto waiter = p_->queue.find(session);
  if (!p_->is_proposal(waiter, agent)) return false;
  p_->taken(waiter, fresh, now);
  return true;
}

bool group_desk::proposal_failed(const session_id& session, const agent_id& agent,
                                 proposal_failure why, timestamp now,
                                 const std::optional<agent_view>& fresh) {
  auto waiter = p_->queue.find(session);
  if (!p_->is_proposal(waiter, agent)) return false;
  p_->failed(waiter, why, fresh, now);
  return true;
}

std::optional<timestamp> group_desk::next_deadline(timestamp now) {
  if (!p_->is_open) return {};
  if (!p_->dispatching(now)) return p_->wait_until;
  return p_->first_deadline();
}

void group_desk::set_open(bool open) {
  p_->is_open = open;
}
void group_desk::set_open(bool open, timestamp now) {
  if (open && !p_->is_open) p_->opened_at = now;
  p_->is_open = open;
}
bool group_desk::open() const {
  return p_->is_open;
}

void group_desk::expect(std::size_t waiters, timestamp until) {
  p_->expected += waiters;
  p_->wait_until = std::max(p_->wait_until, until);
}

void group_desk::registered(std::size_t waiters) {
  p_->came += waiters;
}
bool group_desk::ready(timestamp now) const {
  return p_->came >= p_->expected || now >= p_->wait_until;
}

void group_desk::reconfigure(config::group_config options, timestamp now) {
  p_->reconfigure(std::move(options), now);
}
const config::group_config& group_desk::options() const {
  return p_->options;
}

void group_desk::note_accepted(millis wait, timestamp now) {
  p_->served.accepted(wait <= p_->options.service_level_within, now);
}

void group_desk::note_abandoned(millis wait, timestamp now) {
  if (wait > p_->options.service_level_within) p_->served.abandoned_late(now);
}

group_stats group_desk::stats(timestamp now) const {
  group_stats s;
  s.waiting = size();
  s.oldest = oldest(now);
  s.online = p_->agents.online();
  s.available = p_->agents.available();
  s.service_level = p_->served.level(now);
  s.eta = eta_at(size() + 1, now);
  return s;
}

std::optional<wait_estimate> group_desk::eta(const session_id& session, timestamp now) const {
  auto slot = p_->queue.find(session);
  if (slot == nothing) return {};
  p_->tick(now);
  return p_->eta(slot);
}

std::optional<wait_estimate> group_desk::eta_at(std::size_t position, timestamp now) const {
  p_->tick(now);
  if (p_->blocked == 0 && p_->agents.available() > 0) return wait_estimate{};
  return p_->rate.until(static_cast<double>(position), static_cast<double>(p_->agents.online()));
}

clause group_desk::why_not(const session_id& session, const agent_id& agent, timestamp now) {
  p_->advance(now);
  auto waiter = p_->queue.find(session);
  auto slot = p_->agents.find(agent);
  if (waiter == nothing || slot == nothing) return clause::member;
  return p_->first_failing(p_->agents.at(slot), waiter, now);
}

std::optional<explanation> group_desk::explain(const session_id& session, timestamp now) const {
  auto slot = p_->queue.find(session);
  if (slot == nothing) return {};
  return p_->explain(slot, now);
}

}  // namespace switchboard
