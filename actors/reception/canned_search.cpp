#include "actors/reception/canned_search.hpp"

#include <algorithm>

#include "runtime/codec/pack.hpp"
#include "runtime/text/fold.hpp"

namespace switchboard {
namespace {

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  auto all = folded(text);
  for (std::size_t at = 0; at < all.size();) {
    auto end = std::min(all.find(' ', at), all.size());
    if (end > at) out.push_back(all.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

bool is_of(const config::canned_reply& r, const std::vector<group_id>& groups) {
  return r.groups.empty() || std::ranges::any_of(r.groups, [&](auto& g) {
           return std::ranges::find(groups, g) != groups.end();
         });
}

bool holds_all(std::string_view text, const std::vector<std::string>& words) {
  return std::ranges::all_of(words,
                             [&](auto& w) { return text.find(w) != std::string_view::npos; });
}

/// 0 is best; past 2 it does not match.
int rank_of(const config::canned_reply& r, const std::string& text,
            const std::vector<std::string>& words) {
  if (words.empty()) return 2;
  auto shortcut = folded(r.shortcut);
  if (words.size() == 1 && !shortcut.empty() && shortcut.starts_with(words.front())) return 0;
  auto title = folded(r.title);
  if (holds_all(title, words)) return 1;
  return holds_all(title + ' ' + folded(text) + ' ' + shortcut, words) ? 2 : 3;
}

}  // namespace

std::vector<canned_match> search_canned(const std::vector<config::canned_reply>& all,
                                        const canned_query& query) {
  auto words = words_of(query.text);
  auto languages = language_order(query.language, query.otherwise);
  std::vector<std::pair<int, canned_match>> found;
  for (auto& r : all) {
    if (!is_of(r, query.groups) || r.texts.empty()) continue;
    auto text = r.texts.end();
    for (auto& l : languages) {
      if (text == r.texts.end()) text = r.texts.find(l);
    }
    if (text == r.texts.end()) text = r.texts.begin();
    auto rank = rank_of(r, filled(text->second, {}, unknown_variable::dropped), words);
    if (rank <= 2) found.emplace_back(rank, canned_match{&r, text->first, text->second});
  }
  std::ranges::stable_sort(found, {}, &std::pair<int, canned_match>::first);
  std::vector<canned_match> out;
  for (auto& [rank, match] : found) {
    if (out.size() == query.limit) break;
    match.text = filled(match.text, query.values, unknown_variable::visible);
    out.push_back(std::move(match));
  }
  return out;
}

std::string packed_canned(const std::vector<canned_match>& found) {
  codec::packer p;
  p.map(1).str("replies").array(static_cast<std::uint32_t>(found.size()));
  for (auto& m : found) {
    field(p.map(6), "id", m.reply->id);
    field(p, "title", m.reply->title);
    field(p, "shortcut", m.reply->shortcut);
    field(p, "language", m.language);
    field(p, "text", m.text);
    p.str("groups").array(static_cast<std::uint32_t>(m.reply->groups.size()));
    for (auto& g : m.reply->groups) p.str(g.value);
  }
  return p.take();
}

}  // namespace switchboard
