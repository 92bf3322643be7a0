#pragma once

#include <optional>

#include <msgpack.hpp>

#include "config/reception_config.hpp"
#include "runtime/base/error.hpp"

namespace switchboard {

/// What is wrong with the values handed in for a form, if anything: the field and the rule
/// ("forms.return.order_no"). Pure.
std::optional<error> check_form(const config::form_config& form, const msgpack::object& values);

}  // namespace switchboard
