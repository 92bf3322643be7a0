#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/session/request_key.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"
#include "runtime/codec/described.hpp"

/// What was answered to changes with an op_id, where there is no session: kept for a day by whoever
/// is the only writer of what was changed, in the same record as the change (docs/decisions/0035).
/// A change that was refused is not kept: it did nothing.
namespace switchboard {

/// How long an op_id is remembered where there is no session (protocol).
inline constexpr millis answers_kept_for{24 * 3'600'000};

struct kept_answer {
  std::uint64_t key = 0, content = 0;
  timestamp at;
  codec::packed_value answer;
  /// In the record time of whoever keeps it; 0 in rows of older versions, which have the wall's.
  timestamp kept_at{};
};
template <class V> void describe(V& v, kept_answer& x) {
  v("key", x.key);
  v("content", x.content);
  v("at", x.at);
  v("answer", x.answer);
  v("kept_at", x.kept_at);
}

/// The event: the change recorded beside it had this key, and was answered so.
struct answer_recorded {
  std::uint64_t key = 0, content = 0;
  codec::packed_value answer;
};
template <class V> void describe(V& v, answer_recorded& x) {
  v("key", x.key);
  v("content", x.content);
  v("answer", x.answer);
}

/// How many answers of one day are kept, and how many bytes of them.
struct answer_limits {
  std::size_t count = 20'000;
  std::size_t bytes = 4u << 20;
};

/// How much of a step from one answer to the next counts as time that has passed.
inline constexpr millis longest_answer_step{10 * 60'000};

/// Takes the answer in, stamped `at` by the wall; those older than a day before that leave.
///
/// A day is one of record time (docs/decisions/0036), which each keeper has of its own: from one
/// answer to the next it goes on by what lies between their stamps, by `longest_answer_step` at
/// most, and never back. A clock that is set forward forgets nothing, one that is set back keeps
/// nothing longer than what comes after it takes.
void keep_answer(std::vector<kept_answer>& all, const answer_recorded& x, timestamp at);

/// The answer given before to the same change: nothing if it is new or has no key, `already_exists`
/// naming op_id if the key came with other content, `resource_exhausted` if no more can be
/// remembered.
result<std::optional<std::string>> answered_before(const std::vector<kept_answer>& all,
                                                   const repeatable& asked, timestamp now,
                                                   const answer_limits& l = {});

}  // namespace switchboard
