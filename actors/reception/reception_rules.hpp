#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "actors/reception/input_rules.hpp"
#include "actors/reception/message_words.hpp"
#include "config/dispatch_config.hpp"

namespace switchboard {

/// Who writes: their inputs have settings of their own.
enum class input_side : std::uint8_t { customer, agent };

/// A configuration's reception settings, made ready to be asked with every message. Immutable;
/// thread-safe.
class reception_rules {
 public:
  explicit reception_rules(std::shared_ptr<const config::dispatch_config> source);

  const config::dispatch_config& config() const { return *source_; }
  const config::group_config* group(std::string_view id) const;
  const config::channel_config* channel(std::string_view id) const;
  const config::agent_config* agent(std::string_view id) const;

  /// Why a message must not be sent there: the first rule it breaks, general ones first, then the
  /// channel's, then the group's (empty: none yet). Nothing where it may.
  std::optional<error> refusal(input_side from, std::string_view channel, std::string_view group,
                               std::string_view type, std::string_view packed_body) const;
  /// The same for a file before it is sent.
  std::optional<error> file_refusal(input_side from, std::string_view channel,
                                    std::string_view group, std::string_view type,
                                    std::int64_t size, std::string_view kind) const;

  /// Sensitive words of the lists that hold there. `masks_only`: what would be blocked is masked.
  word_verdict words(input_side from, std::string_view channel, std::string_view group,
                     std::string_view packed_body, bool masks_only = false) const;
  /// Whether any list can hold for that side at all.
  bool looks_for_words(input_side from) const { return side_lists_[static_cast<int>(from)] != 0; }
  std::vector<std::string> list_names(std::uint64_t lists) const;
  std::size_t word_count() const { return filter_.words(); }

  /// General settings, the group's over them, the team's, the agent's. Empty ids are left out.
  config::alert_settings alerts(std::string_view group, std::string_view agent) const;
  /// False where nobody is ever alerted.
  bool alerts_anybody() const { return alerts_anybody_; }
  /// The leaders of the agent's team; where it has none, its supervisors. Never the agent itself.
  std::vector<agent_id> leaders_of(std::string_view agent) const;
  /// Leaders and supervisors among the group's members.
  std::vector<agent_id> leaders_of_group(const group_id& group) const;

 private:
  struct text_hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  template <class T> using by_id = std::unordered_map<std::string, T, text_hash, std::equal_to<>>;
  template <class Config> struct place {
    const Config* config = nullptr;
    std::string input_name;
    std::uint64_t lists = 0;
    config::alert_settings alerts;
  };

  void note_words();
  void note_alerts();
  std::optional<error> check_all(input_side from, std::string_view channel, std::string_view group,
                                 const message_facts& m) const;
  std::optional<error> check_form_of(input_side from, const message_facts& m,
                                     std::string_view packed_body) const;

  std::shared_ptr<const config::dispatch_config> source_;
  by_id<place<config::channel_config>> channels_;
  by_id<place<config::group_config>> groups_;
  by_id<const config::agent_config*> agents_;
  by_id<const config::form_config*> forms_;
  bool limited_[2] = {false, false};  // by side
  word_filter filter_;
  std::uint64_t side_lists_[2] = {0, 0};
  std::uint64_t everywhere_ = 0;  // lists not bound to groups
  std::uint64_t block_ = 0, mask_ = 0, flag_ = 0;
  bool alerts_anybody_ = false;
};

input_side side_of(std::string_view role);

}  // namespace switchboard
