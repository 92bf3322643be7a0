#pragma once

#include <string>
#include <string_view>

namespace switchboard {

/// One form for each telephone number: digits, after a `+` where a country is given. Spaces, dots,
/// dashes, slashes and brackets go, a leading `00` becomes `+`, and a Chinese mobile number loses
/// its +86, since people write it without. Empty for what is no number (3 to 20 digits).
std::string phone_form(std::string_view written);

/// One form for each e-mail address: lower case, nothing around it. Empty for what is no address.
std::string email_form(std::string_view written);

}  // namespace switchboard
