#include "actors/session/transcript_tail.hpp"

namespace switchboard {

void transcript_tail::add(std::uint64_t seq, store::position at, std::string encoded) {
  entries_.push_back({seq, at, std::move(encoded)});
}

void transcript_tail::trim(store::position projected, std::size_t spare) {
  if (entries_.size() <= spare) return;
  std::size_t drop = 0;
  while (entries_.size() - drop > spare && entries_[drop].at <= projected) ++drop;
  if (drop == 0) return;
  first_ = entries_[drop - 1].seq + 1;
  entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(drop));
  if (spare == 0) entries_.shrink_to_fit();
}

const answered_requests::answer* answered_requests::find(std::uint64_t key) const {
  for (auto& r : few_) {
    if (r.key == key) return &r.a;
  }
  auto it = answers_.find(key);
  return it == answers_.end() ? nullptr : &it->second;
}

result<const answered_requests::answer*> answered_requests::find(const repeatable& r,
                                                                 std::string_view field) const {
  if (r.key.key == 0) return nullptr;
  if (auto* known = find(r.key.key)) {
    if (known->content == r.key.content) return known;
    return fail(errc::already_exists, std::string(field) + ": used before with other content",
                std::string(field));
  }
  return find(r.older);
}

std::string_view answered_requests::said(const answer& a) const {
  for (auto& s : said_) {
    if (s.seq == a.seq) return s.packed;
  }
  return {};
}

void answered_requests::add(const request_key& k, std::uint64_t seq, timestamp at,
                            std::string_view said) {
  if (k.key == 0) return;
  if (!said.empty()) said_.push_back({seq, std::string(said)});
  if (few_.size() < few && answers_.empty()) {
    few_.push_back({k.key, {k.content, seq, at}});
    return;
  }
  for (auto& r : few_) answers_.emplace(r.key, r.a);
  few_.clear();
  answers_.emplace(k.key, answer{k.content, seq, at});
}

}  // namespace switchboard
