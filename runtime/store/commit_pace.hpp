#pragma once

#include <chrono>
#include <cstddef>

namespace switchboard::store {

/// When the journal's writer begins its next commit. A commit costs a sync, whatever its size:
/// where records come from many at once, a short wait lets them share one. A client that is alone,
/// with one request after another, must not pay for that, so the wait is asked for only while
/// commits are crowded. A value of the writer's; time comes in as an argument.
class commit_pace {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::microseconds;

  /// From here on, on average, commits count as crowded: more records than one request of one
  /// client makes.
  static constexpr std::size_t crowd = 5;
  /// After so many gaps without a commit the crowd is over.
  static constexpr int memory_gaps = 8;

  /// `gap` from the beginning of one commit to that of the next, at least; 0 for no wait ever.
  explicit commit_pace(duration gap) : gap_(gap) {}

  /// How long to let records pile up before a commit begins. 0 to the gap.
  duration wait(time_point now) const {
    if (average_ < crowd * scale) return duration{0};
    const auto since = now - began_;
    return since >= gap_ ? duration{0} : std::chrono::ceil<duration>(gap_ - since);
  }

  /// A commit of so many records begins now.
  void note(time_point now, std::size_t records) {
    if (now - began_ > memory_gaps * gap_) average_ = 0;
    average_ = (3 * average_ + scale * records) / 4;
    began_ = now;
  }

 private:
  /// The average is kept in so many parts of a record.
  static constexpr std::size_t scale = 16;

  duration gap_;
  time_point began_{};
  std::size_t average_ = 0;
};

}  // namespace switchboard::store
