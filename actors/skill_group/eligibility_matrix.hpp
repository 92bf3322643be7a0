#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "actors/router/requirement.hpp"
#include "actors/skill_group/node_mask.hpp"
#include "actors/skill_group/slot_table.hpp"
#include "runtime/base/shared_list.hpp"

namespace switchboard::dispatcher {

/// What an agent offers for good, so that agents with equal profiles are interchangeable to the
/// index.
struct profile {
  shared_list<skill_level> skills;  // by skill
  int capacity = 0;
  bool operator==(const profile&) const = default;
};

/// Who can take what, as far as skills and capacity go: all requirement signatures in the queue
/// against all profiles among the agents. Both are numbered (numbers are reused) and are leaves of
/// winner trees; for each signature there is a mask over the profiles and the other way round,
/// brought up to date when it is next used.
class eligibility_matrix {
 public:
  /// Signatures nobody waits with are kept for reuse up to this many.
  static constexpr std::size_t max_idle_signatures = 1024;

  /// `graded`: masks of signatures carry skill_grade.
  explicit eligibility_matrix(bool graded) : graded_(graded) {}
  void set_graded(bool graded) {
    graded_ = graded;
    profile_log_.restart();
  }

  /// The number of an equal signature; counted, so each needs its release.
  std::uint32_t acquire(const requirement& need);
  void release(std::uint32_t signature);
  std::uint32_t acquire(const profile& p);
  void release_profile(std::uint32_t profile);
  /// The next profiles get the least free numbers first.
  void tidy();

  const requirement& need_of(std::uint32_t signature) const { return signatures_[signature].what; }
  const profile& profile_of(std::uint32_t profile) const { return profiles_[profile].what; }
  std::uint32_t signature_count() const { return static_cast<std::uint32_t>(signatures_.size()); }
  std::uint32_t profile_count() const { return static_cast<std::uint32_t>(profiles_.size()); }

  bool fits(std::uint32_t signature, std::uint32_t profile);
  /// Valid until the next call. Masks have the capacity of a winner_tree grown to profile_count,
  /// signature_count.
  const node_mask& profiles_for(std::uint32_t signature);
  const node_mask& signatures_for(std::uint32_t profile);

  /// Agents online by profile; online_for sums what fits a signature, remembered until something
  /// changes.
  void came_online(std::uint32_t profile, int change);
  std::size_t online_for(std::uint32_t signature);
  /// Agents online who fit at least one of `signatures`, each counted once.
  std::size_t online_for_any(std::span<const std::uint32_t> signatures);
  /// Changes whenever an answer of online_for may.
  std::uint64_t online_epoch() const { return online_epoch_; }

 private:
  template <class What> struct side {
    What what;
    std::uint32_t users = 0;
    std::uint32_t idle_at = nothing;  // place in the ring of idle signatures
    node_mask mask;
    std::uint64_t epoch = 0;
    std::size_t seen = 0;
    std::int64_t online = 0;  // of a profile: agents; of a signature: the remembered sum
    std::uint64_t online_epoch = 0;
  };
  using signature_side = side<requirement>;
  using profile_side = side<profile>;

  void drop_oldest_idle();
  void catch_up(signature_side& s);
  void catch_up(profile_side& p);
  void judge(signature_side& s, std::uint32_t profile);
  void judge(profile_side& p, std::uint32_t signature);
  static bool qualifies(const requirement& need, const profile& p);

  bool graded_;
  std::vector<signature_side> signatures_;
  std::vector<profile_side> profiles_;
  slot_table signature_numbers_, profile_numbers_;
  std::vector<std::uint32_t> free_signatures_, free_profiles_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> idle_;  // (signature, stamp), oldest first
  std::size_t idle_from_ = 0, idle_count_ = 0;
  std::uint32_t idle_stamp_ = 0;
  leaf_log signature_log_, profile_log_;
  std::uint64_t online_epoch_ = 1;
  std::vector<std::uint64_t> any_;  // of online_for_any: profiles as bits
};

}  // namespace switchboard::dispatcher
