#include "actors/skill_group/eligibility_matrix.hpp"

#include <algorithm>
#include <bit>
#include <functional>

#include "actors/skill_group/strategy.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/hash.hpp"

namespace switchboard::dispatcher {
namespace {

std::uint64_t hash_of(const std::vector<skill_level>& skills, int number) {
  std::uint64_t h = static_cast<unsigned>(number);
  for (auto& s : skills) {
    h = (h ^ std::hash<std::string>{}(s.skill)) * fnv1a_offset + static_cast<unsigned>(s.level);
  }
  return h;
}
std::uint64_t hash_of(const requirement& r) {
  return hash_of(r.skills, r.weight);
}
std::uint64_t hash_of(const profile& p) {
  return hash_of(p.skills, p.capacity);
}

// Room for one more leaf: true if masks must be laid out anew because the trees' capacity grows.
bool outgrows(std::size_t leaves) {
  return std::bit_ceil(leaves) != std::bit_ceil(leaves + 1);
}

}  // namespace

bool eligibility_matrix::qualifies(const requirement& need, const profile& p) {
  return p.capacity >= need.weight && has_skills(need, p.skills);
}

std::uint32_t eligibility_matrix::acquire(const requirement& need) {
  auto hash = hash_of(need);
  auto number =
      signature_numbers_.find(hash, [&](std::uint32_t n) { return signatures_[n].what == need; });
  if (number != nothing) {
    auto& s = signatures_[number];
    if (s.users++ == 0) {
      s.idle_at = nothing;
      --idle_count_;
    }
    return number;
  }
  if (!free_signatures_.empty()) {
    number = free_signatures_.back();
    free_signatures_.pop_back();
    signatures_[number] = {};
  } else {
    if (outgrows(signatures_.size())) signature_log_.restart();
    number = signature_count();
    signatures_.emplace_back();
  }
  auto& s = signatures_[number];
  s.what = need;
  s.users = 1;
  signature_numbers_.insert(hash, number);
  signature_log_.note(number);
  return number;
}

void eligibility_matrix::release(std::uint32_t signature) {
  auto& s = signatures_[signature];
  SB_INVARIANT(s.users > 0);
  if (--s.users > 0) return;
  s.idle_at = ++idle_stamp_;
  idle_.emplace_back(signature, s.idle_at);
  if (++idle_count_ > max_idle_signatures) drop_oldest_idle();
  if (idle_from_ > 2 * max_idle_signatures) {
    idle_.erase(idle_.begin(), idle_.begin() + static_cast<std::ptrdiff_t>(idle_from_));
    idle_from_ = 0;
  }
  // Entries of signatures that came back into use are skipped by their stamp; they must not pile up
  // behind a quiet oldest.
  if (idle_.size() - idle_from_ > 4 * max_idle_signatures) {
    std::erase_if(idle_, [&](auto& e) { return signatures_[e.first].idle_at != e.second; });
    idle_from_ = 0;
  }
}

void eligibility_matrix::drop_oldest_idle() {
  while (idle_from_ < idle_.size()) {
    auto [number, stamp] = idle_[idle_from_++];
    auto& s = signatures_[number];
    if (s.idle_at != stamp) continue;
    signature_numbers_.erase(hash_of(s.what), number);
    s = {};
    free_signatures_.push_back(number);
    --idle_count_;
    return;
  }
}

std::uint32_t eligibility_matrix::acquire(const profile& p) {
  auto hash = hash_of(p);
  auto number =
      profile_numbers_.find(hash, [&](std::uint32_t n) { return profiles_[n].what == p; });
  if (number != nothing) {
    ++profiles_[number].users;
    return number;
  }
  if (!free_profiles_.empty()) {
    number = free_profiles_.back();
    free_profiles_.pop_back();
    profiles_[number] = {};
  } else {
    if (outgrows(profiles_.size())) profile_log_.restart();
    number = profile_count();
    profiles_.emplace_back();
  }
  profiles_[number].what = p;
  profiles_[number].users = 1;
  profile_numbers_.insert(hash, number);
  profile_log_.note(number);
  ++online_epoch_;
  return number;
}

void eligibility_matrix::release_profile(std::uint32_t profile) {
  auto& p = profiles_[profile];
  SB_INVARIANT(p.users > 0);
  if (--p.users > 0) return;
  SB_INVARIANT(p.online == 0);
  profile_numbers_.erase(hash_of(p.what), profile);
  p = {};
  free_profiles_.push_back(profile);
}

void eligibility_matrix::tidy() {
  std::sort(free_profiles_.begin(), free_profiles_.end(), std::greater<>{});
}

void eligibility_matrix::judge(signature_side& s, std::uint32_t number) {
  auto& p = profiles_[number];
  bool fit = p.users > 0 && qualifies(s.what, p.what);
  s.mask.set(number, fit, fit && graded_ ? skill_grade(s.what, p.what.skills) : 0);
}

void eligibility_matrix::judge(profile_side& p, std::uint32_t number) {
  auto& s = signatures_[number];
  p.mask.set(number, qualifies(s.what, p.what));
}

void eligibility_matrix::catch_up(signature_side& s) {
  if (s.epoch == profile_log_.epoch && s.seen == profile_log_.changed.size()) return;
  if (s.epoch != profile_log_.epoch) {
    s.mask.reset(profile_count(), graded_);
    for (std::uint32_t p = 0; p < profile_count(); ++p) judge(s, p);
  } else {
    for (auto i = s.seen; i < profile_log_.changed.size(); ++i) judge(s, profile_log_.changed[i]);
  }
  s.epoch = profile_log_.epoch;
  s.seen = profile_log_.changed.size();
}

void eligibility_matrix::catch_up(profile_side& p) {
  if (p.epoch == signature_log_.epoch && p.seen == signature_log_.changed.size()) return;
  if (p.epoch != signature_log_.epoch) {
    p.mask.reset(signature_count(), false);
    for (std::uint32_t s = 0; s < signature_count(); ++s) judge(p, s);
  } else {
    for (auto i = p.seen; i < signature_log_.changed.size(); ++i)
      judge(p, signature_log_.changed[i]);
  }
  p.epoch = signature_log_.epoch;
  p.seen = signature_log_.changed.size();
}

bool eligibility_matrix::fits(std::uint32_t signature, std::uint32_t profile) {
  catch_up(signatures_[signature]);
  return signatures_[signature].mask.has(profile);
}
const node_mask& eligibility_matrix::profiles_for(std::uint32_t signature) {
  catch_up(signatures_[signature]);
  return signatures_[signature].mask;
}
const node_mask& eligibility_matrix::signatures_for(std::uint32_t profile) {
  catch_up(profiles_[profile]);
  return profiles_[profile].mask;
}

void eligibility_matrix::came_online(std::uint32_t profile, int change) {
  profiles_[profile].online += change;
  ++online_epoch_;
}

std::size_t eligibility_matrix::online_for_any(std::span<const std::uint32_t> signatures) {
  any_.assign((profile_count() + 63) / 64, 0);
  for (auto number : signatures) {
    auto& s = signatures_[number];
    catch_up(s);
    for (std::uint32_t i = 0; i < any_.size(); ++i) any_[i] |= s.mask.leaf_word(i);
  }
  std::int64_t online = 0;
  for (std::uint32_t i = 0; i < any_.size(); ++i) {
    for (auto word = any_[i]; word != 0; word &= word - 1) {
      online += profiles_[64 * i + static_cast<std::uint32_t>(std::countr_zero(word))].online;
    }
  }
  return static_cast<std::size_t>(online);
}

std::size_t eligibility_matrix::online_for(std::uint32_t signature) {
  auto& s = signatures_[signature];
  catch_up(s);
  if (s.online_epoch != online_epoch_) {
    s.online = 0;
    s.mask.each_leaf([&](std::uint32_t p) {
      s.online += profiles_[p].online;
      return true;
    });
    s.online_epoch = online_epoch_;
  }
  return static_cast<std::size_t>(s.online);
}

}  // namespace switchboard::dispatcher
