#include "runtime/cel/lexer.hpp"

#include <algorithm>
#include <array>

#include "runtime/cel/limits.hpp"
#include "runtime/cel/literal.hpp"
#include "runtime/cel/position.hpp"
#include "runtime/cel/utf8.hpp"

namespace switchboard::cel {

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_quoted_name_char(char c) {
  return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '/' || c == ' ';
}

struct symbol {
  std::string_view text;
  token_kind kind;
};

// Longer ones first: `<=` before `<`.
constexpr std::array<symbol, 24> symbols{
    {{"==", token_kind::equal},        {"!=", token_kind::not_equal},
     {"<=", token_kind::less_equal},   {">=", token_kind::greater_equal},
     {"&&", token_kind::and_and},      {"||", token_kind::or_or},
     {"<", token_kind::less},          {">", token_kind::greater},
     {"!", token_kind::bang},          {".", token_kind::dot},
     {",", token_kind::comma},         {":", token_kind::colon},
     {"?", token_kind::question},      {"(", token_kind::left_paren},
     {")", token_kind::right_paren},   {"[", token_kind::left_bracket},
     {"]", token_kind::right_bracket}, {"{", token_kind::left_brace},
     {"}", token_kind::right_brace},   {"+", token_kind::plus},
     {"-", token_kind::minus},         {"*", token_kind::star},
     {"/", token_kind::slash},         {"%", token_kind::percent}}};

class lexer {
 public:
  explicit lexer(std::string_view text) : text_{text} {}

  tl::expected<std::vector<token>, syntax_error> run() {
    for (;;) {
      skip_space();
      auto next = read();
      if (!next) return tl::make_unexpected(next.error());
      at_ = next->end;
      tokens_.push_back(std::move(*next));
      if (tokens_.back().kind == token_kind::end) return std::move(tokens_);
    }
  }

 private:
  using answer = tl::expected<token, syntax_error>;

  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void skip_space() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
        ++at_;
      } else if (text_.substr(at_).starts_with("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else {
        return;
      }
    }
  }

  answer read() {
    if (at_ == text_.size()) return make(token_kind::end, 0);
    if (starts_string_literal(text_, at_)) return read_string_literal(text_, at_);
    if (is_digit(peek()) || (peek() == '.' && is_digit(peek(1)))) return read_number(text_, at_);
    if (is_letter(peek())) return read_word();
    if (peek() == '`') return read_quoted_name();
    for (const auto& s : symbols)
      if (text_.substr(at_).starts_with(s.text)) return make(s.kind, s.text.size());
    return wrong(stray_character());
  }

  answer read_word() const {
    std::size_t size = 1;
    while (is_letter(peek(size)) || is_digit(peek(size))) ++size;
    auto t = make(token_kind::identifier, size);
    if (t.text == "in") t.kind = token_kind::keyword;
    if (t.text == "true" || t.text == "false") {
      t.kind = token_kind::literal;
      t.literal = value::boolean(t.text == "true");
    }
    if (t.text == "null") t.kind = token_kind::literal;
    return t;
  }

  answer read_quoted_name() const {
    std::size_t size = 1;
    while (is_quoted_name_char(peek(size))) ++size;
    if (peek(size) != '`' || size == 1)
      return wrong("expected a field name of letters, digits, . - / or space between backticks");
    auto t = make(token_kind::quoted_identifier, size + 1);
    t.text = t.text.substr(1, size - 1);
    return t;
  }

  std::string stray_character() const {
    const char c = peek();
    if (c == '=') return "expected an operator, found '='; equality is written ==";
    if (c == '&') return "expected an operator, found '&'; 'and' is written &&";
    if (c == '|') return "expected an operator, found '|'; 'or' is written ||";
    const auto size = front_code_point(text_.substr(at_)).size;
    return "no expression holds the character '" + std::string{text_.substr(at_, size)} + "'";
  }

  token make(token_kind kind, std::size_t size) const {
    token t;
    t.kind = kind;
    t.begin = static_cast<std::uint32_t>(at_);
    t.end = static_cast<std::uint32_t>(at_ + size);
    t.text = text_.substr(at_, size);
    return t;
  }

  tl::unexpected<syntax_error> wrong(std::string message) const {
    return tl::make_unexpected(syntax_error{static_cast<std::uint32_t>(at_), std::move(message)});
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<token> tokens_;
};

}  // namespace

tl::expected<std::vector<token>, syntax_error> tokenize(std::string_view text) {
  if (text.size() > limits::text_bytes)
    return tl::make_unexpected(syntax_error{
        0, "the expression is longer than " + std::to_string(limits::text_bytes) + " bytes"});
  if (!is_valid_utf8(text))
    return tl::make_unexpected(syntax_error{0, "the expression is no valid UTF-8"});
  return lexer{text}.run();
}

bool is_reserved(std::string_view word) {
  static constexpr std::array<std::string_view, 17> words{
      "as",  "break", "const",   "continue",  "else",   "for", "function", "if",   "import",
      "let", "loop",  "package", "namespace", "return", "var", "void",     "while"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

position position_at(std::string_view text, std::size_t byte_offset) {
  const auto before = text.substr(0, std::min(byte_offset, text.size()));
  const auto line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  position p;
  p.line = static_cast<std::uint32_t>(1 + std::count(before.begin(), before.end(), '\n'));
  p.column = static_cast<std::uint32_t>(1 + count_code_points(before.substr(line_start)));
  return p;
}

}  // namespace switchboard::cel
