#pragma once

#include <cstdint>
#include <string_view>

namespace switchboard {

/// What is done with customers, as far as roles differ in it.
enum class customer_right : std::uint8_t { serve, merge, block, sell, export_all, erase };

/// Whether an account of that role (agent, leader, supervisor, admin) may: whoever may do one thing
/// may do all before it.
constexpr bool may(std::string_view role, customer_right what) {
  auto most = role == "admin"        ? customer_right::erase
              : role == "supervisor" ? customer_right::export_all
              : role == "leader"     ? customer_right::block
                                     : customer_right::serve;
  return what <= most;
}
constexpr std::string_view lowest_role(customer_right what) {
  return what <= customer_right::serve        ? "agent"
         : what <= customer_right::block      ? "leader"
         : what <= customer_right::export_all ? "supervisor"
                                              : "admin";
}

}  // namespace switchboard
