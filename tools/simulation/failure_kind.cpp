#include "tools/simulation/failure_kind.hpp"

#include <algorithm>
#include <cctype>

#include "runtime/base/ids.hpp"

namespace switchboard::simulation {
namespace {

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}
bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
}

template <class List> bool names(const List& list, std::string_view word) {
  return std::ranges::any_of(list, [&](auto& x) { return x.id.value == word; });
}

std::string general(std::string_view word, const config::dispatch_config& deployment) {
  if (word == "0") return "0";
  if (std::ranges::all_of(word, is_digit)) return "<n>";
  if (session_id::parse(word)) return "<session>";
  if (names(deployment.agents, word)) return "<agent>";
  if (names(deployment.groups, word)) return "<group>";
  // "customer7", "ann-m3-1"; the invariant's own name, which is first, never comes here.
  if (std::ranges::any_of(word, is_digit)) return "<id>";
  return std::string(word);
}

}  // namespace

std::string failure_kind(std::string_view breach, const config::dispatch_config& deployment) {
  auto at = std::min(breach.find(':'), breach.size());
  std::string kind(breach.substr(0, at));
  while (at < breach.size()) {
    auto end = at;
    while (end < breach.size() && in_word(breach[end])) ++end;
    if (end == at) {
      kind += breach[at++];
      continue;
    }
    kind += general(breach.substr(at, end - at), deployment);
    at = end;
  }
  return kind;
}

}  // namespace switchboard::simulation
