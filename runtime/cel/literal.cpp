#include "runtime/cel/literal.hpp"

#include <charconv>

#include "runtime/cel/number_text.hpp"
#include "runtime/cel/utf8.hpp"

namespace switchboard::cel {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

struct prefix {
  bool raw = false;
  bool bytes = false;
  std::size_t size = 0;
};

prefix read_prefix(std::string_view text, std::size_t at) {
  prefix p;
  while (at + p.size < text.size() && p.size < 2) {
    const char c = text[at + p.size];
    if ((c == 'r' || c == 'R') && !p.raw) {
      p.raw = true;
    } else if ((c == 'b' || c == 'B') && !p.bytes && !p.raw) {
      p.bytes = true;
    } else {
      break;
    }
    ++p.size;
  }
  return p;
}

/// Takes escapes apart. In a string an octal or \x escape is a code point, in bytes an octet.
class unescaper {
 public:
  unescaper(std::string_view text, std::size_t at, bool bytes, std::string& out)
      : text_{text}, at_{at}, bytes_{bytes}, out_{out} {}

  /// Reads one escape from its backslash on; the offset behind it, or what is wrong.
  tl::expected<std::size_t, syntax_error> read() {
    start_ = at_++;
    if (at_ >= text_.size()) return wrong("the string has no end");
    const char c = text_[at_++];
    switch (c) {
      case '\\':
      case '?':
      case '"':
      case '\'':
      case '`':
        return plain(c);
      case 'a':
        return plain('\a');
      case 'b':
        return plain('\b');
      case 'f':
        return plain('\f');
      case 'n':
        return plain('\n');
      case 'r':
        return plain('\r');
      case 't':
        return plain('\t');
      case 'v':
        return plain('\v');
      case 'x':
      case 'X':
        return number(2, 16, true);
      case 'u':
        return bytes_ ? no_code_points() : number(4, 16, false);
      case 'U':
        return bytes_ ? no_code_points() : number(8, 16, false);
      case '0':
      case '1':
      case '2':
      case '3':
        --at_;
        return number(3, 8, true);
      default:
        return wrong("no escape sequence starts like this");
    }
  }

 private:
  using answer = tl::expected<std::size_t, syntax_error>;

  answer plain(char c) {
    out_.push_back(c);
    return at_;
  }

  answer number(std::size_t digits, std::uint32_t base, bool octet) {
    std::uint32_t n = 0;
    for (std::size_t i = 0; i < digits; ++i, ++at_) {
      const int d = at_ < text_.size() ? hex_digit(text_[at_]) : -1;
      if (d < 0 || static_cast<std::uint32_t>(d) >= base)
        return wrong("expected " + std::to_string(digits) +
                     (base == 8 ? " octal digits" : " hexadecimal digits") + " in the escape");
      n = n * base + static_cast<std::uint32_t>(d);
    }
    if (octet && bytes_) return plain(static_cast<char>(n));
    if (n > 0x10FFFF || (n >= 0xD800 && n <= 0xDFFF)) return wrong("this is no Unicode code point");
    append_utf8(out_, n);
    return at_;
  }

  answer no_code_points() const { return wrong("bytes hold no \\u escapes, write \\x octets"); }
  answer wrong(std::string message) const {
    return tl::make_unexpected(
        syntax_error{static_cast<std::uint32_t>(start_), std::move(message)});
  }

  std::string_view text_;
  std::size_t at_;
  std::size_t start_ = 0;
  bool bytes_;
  std::string& out_;
};

tl::unexpected<syntax_error> wrong(std::size_t at, std::string message) {
  return tl::make_unexpected(syntax_error{static_cast<std::uint32_t>(at), std::move(message)});
}

token literal_token(std::string_view text, std::size_t begin, std::size_t end, value v) {
  token t;
  t.kind = token_kind::literal;
  t.begin = static_cast<std::uint32_t>(begin);
  t.end = static_cast<std::uint32_t>(end);
  t.text = text.substr(begin, end - begin);
  t.literal = std::move(v);
  return t;
}

tl::expected<token, syntax_error> real_number(std::string_view text, std::size_t at,
                                              std::size_t end) {
  const auto d = parse_double(text.substr(at, end - at));
  if (!d) return wrong(at, "the number is too large for a double");
  return literal_token(text, at, end, value::real(*d));
}

tl::expected<token, syntax_error> whole_number(std::string_view text, std::size_t at,
                                               std::size_t end, std::string_view digits, int base) {
  constexpr std::uint64_t lowest_int = 1ull << 63;
  std::uint64_t n = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), n, base).ec != std::errc{})
    return wrong(at, "the number does not fit in 64 bits");
  if (end < text.size() && (text[end] == 'u' || text[end] == 'U'))
    return literal_token(text, at, end + 1, value::unsigned_integer(n));
  if (n > lowest_int) return wrong(at, "the number is too large for an int; a uint ends in u");
  if (n < lowest_int)
    return literal_token(text, at, end, value::integer(static_cast<std::int64_t>(n)));
  auto t = literal_token(text, at, end, value::unsigned_integer(n));
  t.after_minus = true;
  return t;
}

}  // namespace

bool starts_string_literal(std::string_view text, std::size_t at) {
  at += read_prefix(text, at).size;
  return at < text.size() && (text[at] == '"' || text[at] == '\'');
}

tl::expected<token, syntax_error> read_string_literal(std::string_view text, std::size_t begin) {
  const auto p = read_prefix(text, begin);
  std::size_t at = begin + p.size;
  const std::string quote(3, text[at]);
  const bool triple = text.substr(at).starts_with(quote);
  const std::string_view closing = std::string_view{quote}.substr(0, triple ? 3 : 1);
  at += closing.size();
  std::string out;
  while (!text.substr(at).starts_with(closing)) {
    if (at >= text.size()) return wrong(begin, "the string has no end");
    const char c = text[at];
    if (!triple && (c == '\n' || c == '\r'))
      return wrong(begin,
                   "expected the closing quote on this line; a text of several lines "
                   "stands in triple quotes");
    if (c == '\\' && !p.raw) {
      const auto end = unescaper{text, at, p.bytes, out}.read();
      if (!end) return tl::make_unexpected(end.error());
      at = *end;
    } else {
      out.push_back(c);
      ++at;
    }
  }
  at += closing.size();
  auto v = p.bytes ? value::bytes(std::move(out)) : value::string(std::move(out));
  return literal_token(text, begin, at, std::move(v));
}

tl::expected<token, syntax_error> read_number(std::string_view text, std::size_t at) {
  const auto peek = [&](std::size_t i) { return i < text.size() ? text[i] : '\0'; };
  if (peek(at) == '0' && (peek(at + 1) == 'x' || peek(at + 1) == 'X') &&
      hex_digit(peek(at + 2)) >= 0) {
    auto end = at + 2;
    while (hex_digit(peek(end)) >= 0) ++end;
    return whole_number(text, at, end, text.substr(at + 2, end - at - 2), 16);
  }
  auto end = at;
  bool whole = true;
  while (is_digit(peek(end))) ++end;
  if (peek(end) == '.' && is_digit(peek(end + 1))) {
    whole = false;
    for (++end; is_digit(peek(end));) ++end;
  }
  if (peek(end) == 'e' || peek(end) == 'E') {
    auto e = end + 1;
    if (peek(e) == '+' || peek(e) == '-') ++e;
    if (is_digit(peek(e))) {
      whole = false;
      for (end = e; is_digit(peek(end));) ++end;
    }
  }
  if (!whole) return real_number(text, at, end);
  return whole_number(text, at, end, text.substr(at, end - at), 10);
}

}  // namespace switchboard::cel
