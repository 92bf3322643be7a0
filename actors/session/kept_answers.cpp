#include "actors/session/kept_answers.hpp"

#include <algorithm>

namespace switchboard {

namespace {

timestamp kept_at(const kept_answer& a) {
  return a.kept_at == timestamp{} ? a.at : a.kept_at;
}

/// The keeper's record time at a moment of the wall's. The latest answer tells where it stands.
timestamp record_time_at(const std::vector<kept_answer>& all, timestamp wall) {
  if (all.empty()) return wall;
  const auto& last = all.back();
  return kept_at(last) + std::clamp(wall - last.at, millis{0}, longest_answer_step);
}

}  // namespace

void keep_answer(std::vector<kept_answer>& all, const answer_recorded& x, timestamp at) {
  const auto now = record_time_at(all, at);
  all.push_back({x.key, x.content, at, x.answer, now});
  std::erase_if(all, [&](auto& a) { return kept_at(a) + answers_kept_for < now; });
}

result<std::optional<std::string>> answered_before(const std::vector<kept_answer>& all,
                                                   const repeatable& asked, timestamp now,
                                                   const answer_limits& l) {
  const auto& key = asked.key;
  if (key.key == 0) return std::optional<std::string>{};
  const auto record_now = record_time_at(all, now);
  std::size_t count = 0, bytes = 0;
  for (auto& a : all) {
    if (kept_at(a) + answers_kept_for < record_now) continue;
    ++count;
    bytes += a.answer.bytes.size();
    // Of what an older version recorded the content cannot be compared.
    if (a.key != key.key && a.key != asked.older) continue;
    if (a.content == key.content || a.key == asked.older) return std::optional(a.answer.bytes);
    return fail(errc::already_exists, "op_id: used before with other content", "op_id");
  }
  if (count >= l.count || bytes >= l.bytes) {
    return fail(
        errc::resource_exhausted,
        "op_id: as many changes with a key as are remembered in a day; without one it is taken",
        "op_id");
  }
  return std::optional<std::string>{};
}

}  // namespace switchboard
