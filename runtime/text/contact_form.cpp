#include "runtime/text/contact_form.hpp"

#include <algorithm>
#include <array>

#include "runtime/text/fold.hpp"

namespace switchboard {
namespace {

constexpr std::size_t longest_written = 512;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

template <std::size_t N>
bool drop_front(std::string_view& text, const std::array<std::string_view, N>& all) {
  auto at = std::ranges::find_if(all, [&](auto one) { return text.starts_with(one); });
  if (at == all.end()) return false;
  text.remove_prefix(at->size());
  return true;
}

template <std::size_t N>
bool drop_back(std::string_view& text, const std::array<std::string_view, N>& all) {
  auto at = std::ranges::find_if(all, [&](auto one) { return text.ends_with(one); });
  if (at == all.end()) return false;
  text.remove_suffix(at->size());
  return true;
}

/// What tables and letters put around a contact: '138..., ="138...", <ann@example.com>.
std::string_view without_quotes(std::string_view text) {
  static constexpr std::array<std::string_view, 13> quotes{
      " ", "'", "\"", "`", "=", "<", ">", "‘", "’", "“", "”", "ʼ", "′"};
  while (drop_front(text, quotes)) continue;
  while (drop_back(text, quotes)) continue;
  return text;
}

bool is_chinese_mobile(std::string_view digits) {
  return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3';
}

/// The eleven digits of a Chinese mobile number, whatever stands before them to say so; else empty.
std::string_view chinese_mobile_in(std::string_view digits, bool plus) {
  static constexpr std::array<std::string_view, 6> countries{"86",  "086",  "0086",
                                                             "860", "0860", "00860"};
  if (digits.size() < 11) return {};
  auto before = digits.substr(0, digits.size() - 11), number = digits.substr(digits.size() - 11);
  // Without a country, and as from a landline of another town: with a 0.
  const bool at_home = !plus && (before.empty() || before == "0");
  const bool named = std::ranges::find(countries, before) != countries.end();
  return is_chinese_mobile(number) && (at_home || named) ? number : std::string_view{};
}

}  // namespace

std::string phone_form(std::string_view written) {
  static constexpr std::array<std::string_view, 4> schemes{"tel:", "tel.", "callto:", "tel "};
  static constexpr std::array<std::string_view, 14> separators{" ", ".", ",", "-", "(", ")", "/", "[",
                                                               "]", "_", "·", "•", "・", "‧"};
  if (written.size() > longest_written) return {};
  const auto text = folded(written);
  auto rest = without_quotes(text);
  if (drop_front(rest, schemes)) rest = without_quotes(rest);
  std::string digits;
  bool abroad = false;
  while (!rest.empty()) {
    if (is_digit(rest.front())) {
      digits += rest.front();
    } else if (rest.front() == '+' && digits.empty() && !abroad) {
      abroad = true;
    } else if (drop_front(rest, separators)) {
      continue;
    } else {
      return {};
    }
    rest.remove_prefix(1);
  }
  if (auto mobile = chinese_mobile_in(digits, abroad); !mobile.empty()) return std::string(mobile);
  if (!abroad && digits.starts_with("00")) {
    abroad = true;
    digits.erase(0, 2);
  }
  // No place in China begins with 0 behind the country: +86 (0)571.
  if (abroad && digits.starts_with("860")) digits.erase(2, 1);
  if (digits.size() < 3 || digits.size() > 20) return {};
  return abroad ? "+" + digits : digits;
}

std::string email_form(std::string_view written) {
  static constexpr std::array<std::string_view, 1> schemes{"mailto:"};
  constexpr std::size_t longest = 254;
  if (written.size() > longest_written) return {};
  auto text = folded(written);
  constexpr std::string_view full_stop = "。";
  for (auto at = text.find(full_stop); at != std::string::npos; at = text.find(full_stop)) text.replace(at, full_stop.size(), ".");
  auto rest = std::string_view(text);
  // "Ann <ann@example.com>": what stands in the brackets.
  if (const auto bracket = rest.rfind('<'); bracket != std::string_view::npos) rest.remove_prefix(bracket);
  rest = without_quotes(rest);
  if (drop_front(rest, schemes)) rest = without_quotes(rest);
  while (rest.ends_with('.')) rest.remove_suffix(1);
  const auto at = rest.find('@');
  const bool two_parts = at != std::string_view::npos && at > 0 && at + 1 < rest.size() &&
                         rest.find('@', at + 1) == std::string_view::npos;
  const bool no_gaps = rest.find(' ') == std::string_view::npos;
  return two_parts && no_gaps && rest.size() <= longest ? std::string(rest) : std::string();
}

std::string name_form(std::string_view written) {
  constexpr std::size_t longest = 64;
  return std::string(cut_between_characters(folded(written), longest));
}

}  // namespace switchboard
