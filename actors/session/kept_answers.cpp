#include "actors/session/kept_answers.hpp"

namespace switchboard {

void keep_answer(std::vector<kept_answer>& all, const answer_recorded& x, timestamp at) {
  std::erase_if(all, [&](auto& a) { return a.at + answers_kept_for < at; });
  all.push_back({x.key, x.content, at, x.answer});
}

result<std::optional<std::string>> answered_before(const std::vector<kept_answer>& all,
                                                   const repeatable& asked, timestamp now,
                                                   const answer_limits& l) {
  const auto& key = asked.key;
  if (key.key == 0) return std::optional<std::string>{};
  std::size_t count = 0, bytes = 0;
  for (auto& a : all) {
    if (a.at + answers_kept_for < now) continue;
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
