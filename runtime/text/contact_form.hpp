#pragma once

#include <string>
#include <string_view>

/// The one form in which contacts are compared, indexed and searched. Pure; thread-safe.
namespace switchboard {

/// One form for each telephone number: digits, after a `+` where a country is given. Folded first
/// (fold.hpp); `tel:`, quotes around it, spaces, dots, dashes, slashes and brackets go, a leading
/// `00` becomes `+`. A Chinese mobile number is its eleven digits, however its country is written
/// (+86, 0086, 86, 086, twice) or a 0 dialled before it. An extension (ext. 9, x9, #9, 转9, 分机9)
/// is part of the number: `;ext=9` behind it. Empty for what is no number (3 to 20 digits).
std::string phone_form(std::string_view written);

/// One form for each e-mail address: folded, without `mailto:`, quotes and angle brackets around
/// it. Empty for what is no address.
std::string email_form(std::string_view written);

/// A name as it is searched by its beginning: folded, and no longer than is worth telling apart (64
/// bytes).
std::string name_form(std::string_view written);

}  // namespace switchboard
