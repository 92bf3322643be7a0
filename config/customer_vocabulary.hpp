#pragma once

#include <string>
#include <vector>

#include "config/dispatch_config.hpp"

/// What a configuration says of customers, with what holds where it says nothing.
namespace switchboard::config {

/// The profile's own nine and the declared ones.
std::vector<std::string> profile_field_names(const dispatch_config& c);
/// The stages of a lead in their order: the declared ones, or the usual six.
const std::vector<lead_stage_config>& lead_pipeline(const dispatch_config& c);
std::vector<std::string> lead_stage_names(const dispatch_config& c);

}  // namespace switchboard::config
