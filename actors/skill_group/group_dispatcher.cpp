#include "actors/skill_group/group_dispatcher.hpp"

#include <utility>

#include "actors/skill_group/dispatcher_parts.hpp"

namespace switchboard {

using dispatcher::nothing;

group_dispatcher::parts::parts(config::group_config o)
    : options(std::move(o)),
      fits(dispatcher::rule_of(options.strategy).graded),
      agents(dispatcher::rule_of(options.strategy), fits),
      queue(options.order, fits) {}

group_dispatcher::group_dispatcher(config::group_config options)
    : p_(std::make_unique<parts>(std::move(options))) {}
group_dispatcher::~group_dispatcher() = default;
group_dispatcher::group_dispatcher(group_dispatcher&&) noexcept = default;
group_dispatcher& group_dispatcher::operator=(group_dispatcher&&) noexcept = default;

enter_outcome group_dispatcher::enter(const queue_entry& c, timestamp now, admission how) {
  return p_->enter(c, now, how);
}

bool group_dispatcher::update(const queue_entry& c, timestamp now) {
  auto slot = p_->queue.find(c.session);
  if (slot == nothing) return false;
  p_->update(slot, c, now);
  return true;
}

bool group_dispatcher::leave(const session_id& session, timestamp now) {
  auto slot = p_->queue.find(session);
  if (slot == nothing) return false;
  p_->leave(slot, now);
  return true;
}

bool group_dispatcher::contains(const session_id& session) const {
  return p_->queue.find(session) != nothing;
}

const queue_entry* group_dispatcher::find(const session_id& session) const {
  auto slot = p_->queue.find(session);
  return slot == nothing ? nullptr : &p_->queue.at(slot).what;
}

std::size_t group_dispatcher::size() const {
  return p_->queue.size();
}

std::optional<std::size_t> group_dispatcher::position(const session_id& session) const {
  auto slot = p_->queue.find(session);
  if (slot == nothing) return {};
  return p_->queue.position(slot) + 1;
}

std::optional<millis> group_dispatcher::oldest(timestamp now) const {
  auto opened = p_->queue.oldest();
  if (!opened) return {};
  return std::max(now - *opened, millis{0});
}

std::vector<session_id> group_dispatcher::first_waiting(std::size_t most) const {
  std::vector<session_id> out;
  out.reserve(std::min(most, p_->queue.size()));
  p_->queue.scan([&](const dispatcher::place_entry& e) {
    if (out.size() < most) out.push_back(e.at.session);
    return out.size() < most;
  });
  return out;
}

bool group_dispatcher::agent_changed(const agent_view& view, timestamp now) {
  return p_->agent_changed(view, now);
}

void group_dispatcher::agent_gone(const agent_id& agent, timestamp now) {
  if (auto slot = p_->agents.find(agent); slot != nothing) p_->agent_gone(slot, now);
}

const agent_view* group_dispatcher::find_agent(const agent_id& agent) const {
  auto slot = p_->agents.find(agent);
  return slot == nothing ? nullptr : &p_->agents.at(slot).view;
}

void group_dispatcher::set_roster(std::span<const agent_id> best_first) {
  p_->agents.set_roster(best_first);
}
void group_dispatcher::restore_round_robin(const agent_id& last) {
  p_->agents.set_cursor(last);
}

std::optional<match> group_dispatcher::next_match(timestamp now, std::mt19937_64& rng) {
  auto m = p_->next_match(now, rng);
  if (!m) untried_ = false;
  return m;
}

bool group_dispatcher::has_untried() const {
  return untried_ || !p_->fresh_waiters.empty();
}

std::optional<queue_entry> group_dispatcher::head_for(const agent_id& agent, timestamp now) {
  if (!p_->dispatching(now)) return {};
  untried_ = p_->advance(now) || untried_;
  auto slot = p_->agents.find(agent);
  if (slot == nothing) return {};
  p_->settle_fresh();
  auto head = p_->head_of(slot);
  if (head == nothing) return {};
  return p_->queue.at(head).what;
}

bool group_dispatcher::give_way(const session_id& session, const agent_id& agent, timestamp now) {
  if (!p_->dispatching(now)) return false;
  untried_ = p_->advance(now) || untried_;
  auto waiter = p_->queue.find(session);
  return p_->is_proposal(waiter, agent) && p_->give_way(waiter, now);
}

bool group_dispatcher::mark_proposed(const session_id& session, const agent_id& agent,
                                     timestamp now) {
  auto waiter = p_->queue.find(session);
  auto slot = p_->agents.find(agent);
  if (waiter == nothing || slot == nothing || p_->queue.at(waiter).bin == dispatcher::bin::none)
    return false;
  p_->propose(waiter, slot, now);
  return true;
}

bool group_dispatcher::in_new_round(const session_id& session) const {
  auto slot = p_->queue.find(session);
  return slot != nothing && p_->queue.at(slot).new_round;
}

bool group_dispatcher::proposal_taken(const session_id& session, const agent_id& agent,
                                      timestamp now, const std::optional<agent_view>& fresh) {
  auto waiter = p_->queue.find(session);
  if (!p_->is_proposal(waiter, agent)) return false;
  p_->taken(waiter, fresh, now);
  return true;
}

bool group_dispatcher::proposal_failed(const session_id& session, const agent_id& agent,
                                       proposal_failure why, timestamp now,
                                       const std::optional<agent_view>& fresh) {
  auto waiter = p_->queue.find(session);
  if (!p_->is_proposal(waiter, agent)) return false;
  p_->failed(waiter, why, fresh, now);
  return true;
}

std::optional<timestamp> group_dispatcher::next_deadline(timestamp now) {
  if (!p_->is_open) return {};
  if (!p_->dispatching(now)) return p_->wait_until;
  return p_->first_deadline();
}

void group_dispatcher::set_open(bool open) {
  p_->is_open = open;
}
void group_dispatcher::set_open(bool open, timestamp now) {
  if (open && !p_->is_open) p_->opened_at = now;
  p_->is_open = open;
}
bool group_dispatcher::open() const {
  return p_->is_open;
}

void group_dispatcher::expect(std::size_t waiters, timestamp until) {
  p_->expected += waiters;
  p_->wait_until = std::max(p_->wait_until, until);
}

void group_dispatcher::registered(std::size_t waiters) {
  p_->came += waiters;
}
bool group_dispatcher::ready(timestamp now) const {
  return p_->came >= p_->expected || now >= p_->wait_until;
}

void group_dispatcher::reconfigure(config::group_config options, timestamp now) {
  p_->reconfigure(std::move(options), now);
}
const config::group_config& group_dispatcher::options() const {
  return p_->options;
}

void group_dispatcher::note_accepted(millis wait, timestamp now) {
  p_->served.accepted(wait <= p_->options.service_level_within, now);
}

void group_dispatcher::note_abandoned(millis wait, timestamp now) {
  if (wait > p_->options.service_level_within) p_->served.abandoned_late(now);
}

group_stats group_dispatcher::stats(timestamp now) const {
  group_stats s;
  s.waiting = size();
  s.oldest = oldest(now);
  s.online = p_->agents.online();
  s.available = p_->agents.available();
  s.service_level = p_->served.level(now);
  s.eta = eta_at(size() + 1, now);
  return s;
}

std::optional<wait_estimate> group_dispatcher::eta(const session_id& session, timestamp now) const {
  auto slot = p_->queue.find(session);
  if (slot == nothing) return {};
  p_->tick(now);
  return p_->eta(slot);
}

std::optional<wait_estimate> group_dispatcher::eta_at(std::size_t position, timestamp now) const {
  p_->tick(now);
  if (p_->blocked == 0 && p_->agents.available() > 0) return wait_estimate{};
  return p_->rate.until(static_cast<double>(position), static_cast<double>(p_->agents.online()));
}

clause group_dispatcher::why_not(const session_id& session, const agent_id& agent, timestamp now) {
  untried_ = p_->advance(now) || untried_;
  auto waiter = p_->queue.find(session);
  auto slot = p_->agents.find(agent);
  if (waiter == nothing || slot == nothing) return clause::member;
  return p_->first_failing(p_->agents.at(slot), waiter, now);
}

std::optional<explanation> group_dispatcher::explain(const session_id& session,
                                                     timestamp now) const {
  auto slot = p_->queue.find(session);
  if (slot == nothing) return {};
  return p_->explain(slot, now);
}

}  // namespace switchboard
