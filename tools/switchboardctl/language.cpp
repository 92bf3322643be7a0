#include "tools/switchboardctl/language.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <unordered_map>
#include <vector>

#include "tools/switchboardctl/phrases.hpp"

namespace switchboard::ctl {
namespace {

language in_use = language::english;

using index = std::unordered_map<std::string_view, std::string_view>;
const index& by_english() {
  static const index all = [] {
    index out;
    for (auto& p : phrases()) out.emplace(p.english, p.chinese);
    return out;
  }();
  return all;
}

/// What stands between the values.
std::vector<std::string_view> pieces_of(std::string_view pattern) {
  std::vector<std::string_view> out;
  std::size_t from = 0;
  for (auto at = pattern.find("{}"); at != pattern.npos; at = pattern.find("{}", from)) {
    out.push_back(pattern.substr(from, at - from));
    from = at + 2;
  }
  out.push_back(pattern.substr(from));
  return out;
}

std::string filled(std::string_view pattern, std::span<const std::string_view> values) {
  std::string out;
  std::size_t next = 0;
  auto value = [&](std::size_t n) { return n < values.size() ? values[n] : std::string_view(); };
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern.substr(at, 2) == "{}") {
      out += value(next++);
      ++at;
    } else if (pattern[at] == '{' && at + 2 < pattern.size() && pattern[at + 2] == '}' &&
               pattern[at + 1] >= '1' && pattern[at + 1] <= '9') {
      out += value(static_cast<std::size_t>(pattern[at + 1] - '1'));
      at += 2;
    } else {
      out += pattern[at];
    }
  }
  return out;
}

/// The values of a sentence that the pattern fits; each as short as it can be, the last one takes
/// the rest. What stands in quotation marks has none inside.
std::optional<std::vector<std::string_view>> values_in(
    std::string_view sentence, const std::vector<std::string_view>& pieces) {
  std::vector<std::string_view> out;
  if (!sentence.starts_with(pieces.front())) return {};
  sentence.remove_prefix(pieces.front().size());
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const bool last = i + 1 == pieces.size();
    const auto at = last && pieces[i].empty() ? sentence.size()
                    : last                    ? sentence.rfind(pieces[i])
                                              : sentence.find(pieces[i]);
    if (at == sentence.npos || (last && at + pieces[i].size() != sentence.size())) return {};
    const auto value = sentence.substr(0, at);
    if (pieces[i - 1].ends_with('"') && value.find('"') != value.npos) return {};
    out.push_back(value);
    sentence.remove_prefix(at + pieces[i].size());
  }
  return out;
}

struct pattern {
  std::vector<std::string_view> pieces;
  std::string_view chinese;
  std::size_t letters = 0;
  bool joined = false;
};
/// The most telling first.
const std::vector<pattern>& patterns() {
  static const auto all = [] {
    std::vector<pattern> out;
    for (auto some : {phrases_of_daemon(), phrases_of_help()}) {
      for (auto& p : some) {
        if (p.english.find("{}") == p.english.npos) continue;
        pattern one{pieces_of(p.english), p.chinese, 0, p.english.find("; ") != p.english.npos};
        for (auto piece : one.pieces) one.letters += piece.size();
        out.push_back(std::move(one));
      }
    }
    std::ranges::stable_sort(out, std::greater{}, &pattern::letters);
    return out;
  }();
  return all;
}

/// Sentences that were joined.
std::string each_translated(std::string_view joined, std::string_view by) {
  std::string out;
  for (std::size_t from = 0; from <= joined.size();) {
    const auto at = std::min(joined.find(by, from), joined.size());
    out += (out.empty() ? "" : std::string(by)) + translated(joined.substr(from, at - from));
    from = at + by.size();
  }
  return out;
}

}  // namespace

language language_of_environment() {
  for (auto* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (!value || !*value) continue;
    return std::string_view(value).starts_with("zh") ? language::chinese : language::english;
  }
  return language::english;
}

void speak(language in) {
  in_use = in;
}
language spoken() {
  return in_use;
}

std::string tr(std::string_view english) {
  if (in_use == language::english) return std::string(english);
  const auto at = by_english().find(english);
  return std::string(at == by_english().end() ? english : at->second);
}

std::string tr(std::string_view english, std::initializer_list<std::string_view> values) {
  const auto at = by_english().find(english);
  const bool known = in_use != language::english && at != by_english().end();
  return filled(known ? at->second : english, {values.begin(), values.size()});
}

std::string translated(std::string_view sentence) {
  if (in_use == language::english) return std::string(sentence);
  if (const auto at = by_english().find(sentence); at != by_english().end())
    return std::string(at->second);
  const bool joined = sentence.find("; ") != sentence.npos;
  for (auto& p : patterns()) {
    // Of sentences that were joined each is one, but where the pattern itself is of two.
    if (joined && !p.joined) continue;
    const auto values = values_in(sentence, p.pieces);
    if (!values) continue;
    std::vector<std::string> own;
    for (auto v : *values) own.push_back(translated(v));
    return filled(p.chinese, std::vector<std::string_view>(own.begin(), own.end()));
  }
  for (std::string_view by : {"; ", ", "}) {
    if (sentence.find(by) != sentence.npos) return each_translated(sentence, by);
  }
  return std::string(sentence);
}

}  // namespace switchboard::ctl
