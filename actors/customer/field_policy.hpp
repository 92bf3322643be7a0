#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/dispatch_config.hpp"
#include "runtime/base/error.hpp"

namespace switchboard {

/// What the configuration has to say about a profile's fields and a lead's stages, and in whose
/// name: pure, refers to the configuration. Without one every field is text and everybody's.
class field_policy {
 public:
  field_policy() = default;
  field_policy(const config::dispatch_config& config, std::string role)
      : config_(&config), role_(std::move(role)) {}

  /// The value in the field's one form (a telephone's digits, a date's dashes), or why it is none.
  /// Empty text takes a value away and is always right.
  result<std::string> checked(const std::string& name, std::string text,
                              const std::string& path) const;
  /// Whether the role may change it; an error that names the roles which may.
  result<void> may_edit(const std::string& name, const std::string& path) const;
  /// The fields that take their value from a center.
  std::vector<const config::profile_field_config*> from_centers() const;

  /// How far a source is believed: 0 most. Agents before the member center before tags before
  /// channels before mining, unless the field says otherwise.
  std::size_t rank(const std::string& name, std::string_view source) const;

  const std::vector<config::lead_stage_config>& stages() const;
  const config::dispatch_config* config() const { return config_; }

 private:
  const config::profile_field_config* find(const std::string& name) const;

  const config::dispatch_config* config_ = nullptr;
  std::string role_ = "agent";
};

/// "agent:a7" is an agent's word, "channel:app" a channel's: agent, member, tag, channel, mining.
std::string_view kind_of_source(std::string_view source);

}  // namespace switchboard
