#pragma once

#include "runtime/base/contact_form.hpp"

namespace switchboard::center {

using switchboard::email_form;
using switchboard::phone_form;

}  // namespace switchboard::center
