#include "runtime/log/log_line.hpp"

#include <charconv>
#include <cmath>

#include "runtime/base/text.hpp"

namespace switchboard::log {

namespace {

void append_escaped(std::string& out, std::string_view text) {
  constexpr char hex[] = "0123456789abcdef";
  bool sound = valid_utf8(text);
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      ((out += "\\u00") += hex[byte >> 4]) += hex[byte & 15];
    } else if (byte >= 0x80 && !sound) {
      out += "\\ufffd";
    } else {
      out += c;
    }
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

// A word stands as it is; anything that might be read as more than one is quoted.
void append_word(std::string& out, std::string_view text) {
  bool plain = !text.empty() && valid_utf8(text);
  for (unsigned char c : text)
    plain = plain && c > 0x20 && c != 0x7f && c != '"' && c != '=' && c != '\\';
  if (plain) {
    out += text;
  } else {
    append_quoted(out, text);
  }
}

template <class N> void append_number(std::string& out, N n) {
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, n).ptr);
}

void append_value(std::string& out, const value& v, void (*text)(std::string&, std::string_view)) {
  std::visit(
      [&](const auto& x) {
        using T = std::decay_t<decltype(x)>;
        if constexpr (std::same_as<T, bool>) {
          out += x ? "true" : "false";
        } else if constexpr (std::same_as<T, std::string_view>) {
          text(out, x);
        } else if constexpr (std::same_as<T, session_id>) {
          text(out, x.text());
        } else if constexpr (std::same_as<T, double>) {
          // JSON has no infinity.
          std::isfinite(x) ? append_number(out, x) : text(out, "none");
        } else {
          append_number(out, x);
        }
      },
      v.what());
}

}  // namespace

std::string text_line(std::string_view event, fields what) {
  std::string out(event);
  for (auto& f : what) {
    ((out += ' ') += f.key) += '=';
    append_value(out, f.what, append_word);
  }
  return out;
}

std::string json_line(std::string_view event, fields what) {
  std::string out = "\"event\":";
  append_quoted(out, event);
  for (auto& f : what) {
    out += ',';
    append_quoted(out, f.key);
    out += ':';
    append_value(out, f.what, append_quoted);
  }
  return out;
}

}  // namespace switchboard::log
