#include "actors/skill_group/weight_class.hpp"

namespace switchboard::dispatcher {

const weight_class::tree& weight_class::heads(std::uint32_t profiles) {
  heads_.grow(profiles);
  if (!keeps_heads_) {
    keeps_heads_ = true;
    for (std::uint32_t p = 0; p < fronts_.size(); ++p) set_head(p);
  }
  return heads_;
}

void weight_class::put(std::uint32_t profile, std::uint32_t seat, const choice_key& key,
                       std::span<const std::uint32_t> slots) {
  if (seats_.size() <= profile) {
    seats_.resize(profile + 1, tree(rule_->cyclic));
    fronts_.resize(profile + 1);
  }
  bool newly = !seats_[profile].has(seat);
  seats_[profile].set(seat, key);
  if (newly) {
    ++fronts_[profile].count;
    if (rule_->drawn) add_member(slots[seat]);
  }
  front_changed(profile, slots);
}

void weight_class::take(std::uint32_t profile, std::uint32_t seat,
                        std::span<const std::uint32_t> slots) {
  seats_[profile].clear(seat);
  --fronts_[profile].count;
  if (rule_->drawn) drop_member(slots[seat]);
  front_changed(profile, slots);
}

void weight_class::front_changed(std::uint32_t profile, std::span<const std::uint32_t> slots) {
  auto& seats = seats_[profile];
  auto& front = fronts_[profile];
  front.best_slot = front.next_slot = nothing;
  if (!seats.empty()) {
    front.best = seats.root().key;
    front.best_slot = slots[seats.root().leaf];
    if (rule_->cyclic) {
      front.next = seats.greatest(1);
    } else if (auto next = seats.runner_up(); !next.empty()) {
      front.next = next.key;
      front.next_slot = slots[next.leaf];
    }
  }
  if (keeps_heads_) set_head(profile);
}

void weight_class::set_head(std::uint32_t profile) {
  auto& front = fronts_[profile];
  if (front.best_slot == nothing) {
    heads_.clear(profile);
  } else {
    heads_.set(profile, front.best, rule_->cyclic ? front.next : front.best);
  }
}

void weight_class::add_member(std::uint32_t slot) {
  if (member_at_.size() <= slot) member_at_.resize(slot + 1, nothing);
  member_at_[slot] = static_cast<std::uint32_t>(members_.size());
  members_.push_back(slot);
}

void weight_class::drop_member(std::uint32_t slot) {
  auto last = members_.back();
  members_[member_at_[slot]] = last;
  member_at_[last] = member_at_[slot];
  members_.pop_back();
}

}  // namespace switchboard::dispatcher
