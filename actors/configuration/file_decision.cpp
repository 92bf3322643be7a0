#include "actors/configuration/file_decision.hpp"

#include "actors/configuration/loaded_configuration.hpp"

namespace switchboard {

file_decision config_file_decision(std::string_view file, const file_history& history) {
  using kind = file_decision::kind;
  const auto hash = file_hash_of(file);
  if (hash == history.settled) return {kind::unchanged, 0, {}};
  const auto value = config::value_hash_of(file);
  for (auto& v : history.since) {
    // Versions of before have no hash of their value; of the file as it was it is found out.
    const bool unknown = v.value_hash == 0 && &v == &history.since.back();
    const auto known = unknown ? config::value_hash_of(v.text) : v.value_hash;
    const bool same_value = value != 0 && value == known;
    if (same_value || v.text == file) return {kind::unchanged, v.version, {}};
  }
  if (history.since.empty()) return {kind::take, 0, {}};
  const auto running = config::outline_of(history.since.front().text);
  config::outline base;
  if (history.has_base) base = config::outline_of(history.since.back().text);
  auto lost =
      config::lost_with(config::outline_of(file), running, history.has_base ? &base : nullptr);
  const auto what = lost.empty() ? kind::take : kind::conflict;
  return {what, 0, std::move(lost)};
}

file_history history_of(const config_version& active, std::uint64_t settled,
                        const version_finder& find) {
  file_history out{settled, {}, false};
  auto add = [&](const config_version& v) {
    if (v.same_text_as == 0 || out.since.empty()) out.since.push_back(v);
    return out.has_base = file_hash_of(v.text) == settled;
  };
  if (add(active)) return out;
  for (auto n = active.version - 1; n > 0 && out.since.size() < kept_texts; --n) {
    const auto v = find(n);
    // Of one whose text is an earlier one's, that one speaks.
    if (v && v->same_text_as != 0) continue;
    if (!v || v->text.empty() || add(*v)) break;
  }
  return out;
}

file_decision decide_on_file(std::string_view file, const config_version& active,
                             std::uint64_t settled, const version_finder& find) {
  if (file_hash_of(file) == settled) return {file_decision::kind::unchanged, 0, {}};
  return config_file_decision(file, history_of(active, settled, find));
}

}  // namespace switchboard
