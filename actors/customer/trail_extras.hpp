#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "actors/customer/customer_profile.hpp"
#include "actors/messages/interfaces.hpp"

/// Lines of a service trail that lie with others than the archive. Pure.
namespace switchboard {

std::vector<trail_extra> lead_lines(const std::vector<sales_lead>& leads);
/// The trade center's answer to order.list; what cannot be read is left out.
std::vector<trail_extra> order_lines(std::string_view packed_answer);
/// The time a trail's cursor stands at.
std::optional<timestamp> time_of_cursor(std::string_view cursor);

}  // namespace switchboard
