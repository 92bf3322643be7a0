#include "runtime/base/contact_form.hpp"

#include <algorithm>

namespace switchboard {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

std::string phone_form(std::string_view written) {
  std::string digits;
  bool abroad = false;
  for (char c : trimmed(written)) {
    if (is_digit(c)) {
      digits += c;
    } else if (c == '+' && digits.empty() && !abroad) {
      abroad = true;
    } else if (std::string_view(" .-()/").find(c) == std::string_view::npos) {
      return {};
    }
  }
  if (!abroad && digits.starts_with("00")) {
    abroad = true;
    digits.erase(0, 2);
  }
  if (digits.size() < 3 || digits.size() > 20) return {};
  if (abroad && digits.size() == 13 && digits.starts_with("861")) return digits.substr(2);
  return abroad ? "+" + digits : digits;
}

std::string email_form(std::string_view written) {
  std::string out(trimmed(written));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  auto at = out.find('@');
  bool two_parts = at != std::string::npos && at > 0 && at + 1 < out.size() &&
                   out.find('@', at + 1) == std::string::npos;
  bool no_gaps = std::none_of(out.begin(), out.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 127;
  });
  return two_parts && no_gaps && out.size() <= 254 ? out : std::string();
}

}  // namespace switchboard
