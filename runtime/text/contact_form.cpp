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
  static constexpr std::array<std::string_view, 13> quotes{" ", "'", "\"", "`", "=", "<", ">",
                                                           "‘", "’", "“",  "”", "ʼ", "′"};
  while (drop_front(text, quotes)) continue;
  while (drop_back(text, quotes)) continue;
  return text;
}

bool is_chinese_mobile(std::string_view digits) {
  return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3';
}

/// China's country code, once or as tables have it that put it before what had it already: 86 086.
bool is_china(std::string_view before) {
  static constexpr std::array<std::string_view, 3> codes{"0086", "086", "86"};
  if (!drop_front(before, codes)) return false;
  drop_front(before, codes);
  return before.empty() || before == "0";
}

/// The eleven digits of a Chinese mobile number, whatever stands before them to say so; else empty.
std::string_view chinese_mobile_in(std::string_view digits, bool plus) {
  if (digits.size() < 11) return {};
  auto before = digits.substr(0, digits.size() - 11), number = digits.substr(digits.size() - 11);
  // Without a country, and as from a landline of another town: with a 0.
  const bool at_home = !plus && (before.empty() || before == "0");
  return is_chinese_mobile(number) && (at_home || is_china(before)) ? number : std::string_view{};
}

/// What an address escapes: %2b is +.
std::string unescaped(std::string_view text) {
  auto hex = [](char c) {
    return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
    const auto code = escape ? hex(text[i + 1]) * 16 + hex(text[i + 2]) : 0;
    if (code < ' ' || code > '~') {
      out += text[i];
      continue;
    }
    out += static_cast<char>(code);
    i += 2;
  }
  return out;
}

/// Takes the extension off the end of `text`: its digits, or empty where none is said. Folded text.
std::string take_extension(std::string_view& text) {
  static constexpr std::array<std::string_view, 11> words{
      ";ext=", "extension", "ext", "x", "#", "转", "轉", "分机号", "分機號", "分机", "分機"};
  constexpr std::size_t most_digits = 8;
  static constexpr std::array<std::string_view, 2> closing{" ", ")"};
  auto rest = text;
  while (drop_back(rest, closing)) continue;
  std::string digits;
  for (; !rest.empty() && is_digit(rest.back()); rest.remove_suffix(1))
    digits.insert(digits.begin(), rest.back());
  static constexpr std::array<std::string_view, 4> between{" ", ":", ".", "-"};
  while (drop_back(rest, between)) continue;
  if (digits.empty() || digits.size() > most_digits || !drop_back(rest, words)) return {};
  static constexpr std::array<std::string_view, 3> around{" ", ",", "("};
  while (drop_back(rest, around)) continue;
  text = rest;
  return digits;
}

}  // namespace

std::string phone_form(std::string_view written) {
  static constexpr std::array<std::string_view, 4> schemes{"tel:", "tel.", "callto:", "tel "};
  static constexpr std::array<std::string_view, 14> separators{" ", ".", ",", "-", "(", ")",  "/",
                                                               "[", "]", "_", "·", "•", "・", "‧"};
  if (written.size() > longest_written) return {};
  const auto text = folded(written);
  auto rest = without_quotes(text);
  std::string address;
  if (drop_front(rest, schemes)) rest = without_quotes(address = unescaped(rest));
  const auto extension = take_extension(rest);
  std::string digits;
  bool abroad = false, twice = false;
  while (!rest.empty()) {
    if (is_digit(rest.front())) {
      digits += rest.front();
    } else if (rest.front() == '+' && digits.empty() && !abroad) {
      abroad = true;
    } else if (rest.front() == '+' && is_china(digits) && !twice) {
      twice = true;  // +86 +138...: only of a mobile is it plain what is meant
    } else if (drop_front(rest, separators)) {
      continue;
    } else {
      return {};
    }
    rest.remove_prefix(1);
  }
  const auto whole = [&](std::string number) {
    return extension.empty() ? number : number + ";ext=" + extension;
  };
  if (auto mobile = chinese_mobile_in(digits, abroad); !mobile.empty())
    return whole(std::string(mobile));
  if (twice) return {};
  if (!abroad && digits.starts_with("00")) {
    abroad = true;
    digits.erase(0, 2);
  }
  // No place in China begins with 0 behind the country: +86 (0)571.
  if (abroad && digits.starts_with("860")) digits.erase(2, 1);
  if (digits.size() < 3 || digits.size() > 20) return {};
  // What a form demanded of somebody who would not tell.
  if (digits.find_first_not_of('0') == std::string::npos) return {};
  return whole(abroad ? "+" + digits : digits);
}

std::string email_form(std::string_view written) {
  static constexpr std::array<std::string_view, 1> schemes{"mailto:"};
  constexpr std::size_t longest = 254;
  if (written.size() > longest_written) return {};
  auto text = folded(written);
  constexpr std::string_view full_stop = "。";
  for (auto at = text.find(full_stop); at != std::string::npos; at = text.find(full_stop))
    text.replace(at, full_stop.size(), ".");
  auto rest = std::string_view(text);
  // "Ann <ann@example.com>": what stands in the brackets.
  if (const auto bracket = rest.rfind('<'); bracket != std::string_view::npos)
    rest.remove_prefix(bracket);
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
