#include "runtime/cel/parser.hpp"

#include <algorithm>
#include <optional>

#include "runtime/cel/limits.hpp"
#include "runtime/cel/tree_builder.hpp"

namespace switchboard::cel {

namespace {

struct binary_operator {
  token_kind token;
  expr_kind kind;
  int rank;
};

constexpr int relation_rank = 1;
constexpr binary_operator binary_operators[] = {
    {token_kind::equal, expr_kind::equal, relation_rank},
    {token_kind::not_equal, expr_kind::not_equal, relation_rank},
    {token_kind::less, expr_kind::less, relation_rank},
    {token_kind::less_equal, expr_kind::less_equal, relation_rank},
    {token_kind::greater, expr_kind::greater, relation_rank},
    {token_kind::greater_equal, expr_kind::greater_equal, relation_rank},
    {token_kind::keyword, expr_kind::in, relation_rank},
    {token_kind::plus, expr_kind::add, 2},
    {token_kind::minus, expr_kind::subtract, 2},
    {token_kind::star, expr_kind::multiply, 3},
    {token_kind::slash, expr_kind::divide, 3},
    {token_kind::percent, expr_kind::modulo, 3}};

const binary_operator* binary_operator_of(token_kind t) {
  for (const auto& op : binary_operators)
    if (op.token == t) return &op;
  return nullptr;
}

std::string in_quotes(std::string_view text) {
  return std::string{'\''}.append(text) += '\'';
}

/// Recursive descent. The first error wins: it empties the rest of the tokens, so everything that
/// follows ends quickly without looking at it.
class parser {
 public:
  explicit parser(std::vector<token> tokens) : tokens_{std::move(tokens)} {}

  tl::expected<syntax_tree, syntax_error> run() {
    const auto root = parse_expression();
    if (peek().kind != token_kind::end) fail_expected("an operator or the end");
    if (error_) return tl::make_unexpected(*error_);
    return build_.finish(root);
  }

 private:
  struct nesting_guard {
    explicit nesting_guard(parser& p) : owner{p} { ++owner.nesting_; }
    ~nesting_guard() { --owner.nesting_; }
    parser& owner;
  };

  const token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  const token& next() {
    const auto& t = peek();
    if (at_ + 1 < tokens_.size()) ++at_;
    return t;
  }
  bool take(token_kind kind) {
    if (peek().kind != kind) return false;
    next();
    return true;
  }
  std::uint32_t expect(token_kind kind, std::string_view what) {
    const auto end = peek().end;
    if (!take(kind)) fail_expected(what);
    return end;
  }

  expr_id fail(std::uint32_t offset, std::string message) {
    if (!error_) error_ = syntax_error{offset, std::move(message)};
    at_ = tokens_.size() - 1;
    return build_.nothing();
  }
  expr_id fail_expected(std::string_view what) {
    const auto& t = peek();
    const auto found = t.kind == token_kind::end ? "the end" : in_quotes(t.text.substr(0, 40));
    return fail(t.begin, "expected " + std::string{what} + ", found " + found);
  }
  expr_id made(tl::expected<expr_id, syntax_error> node) {
    return node ? *node : fail(node.error().offset, std::move(node.error().message));
  }

  expr_id parse_expression() {
    const nesting_guard guard{*this};
    if (nesting_ > limits::nesting)
      return fail(peek().begin, "the expression is nested too deeply");
    const auto condition = parse_either();
    const auto at = peek().begin;
    if (!take(token_kind::question)) return condition;
    const auto yes = parse_either();
    expect(token_kind::colon, "':' of the conditional");
    const auto no = parse_expression();
    return made(build_.join(expr_kind::conditional, at, {condition, yes, no}));
  }

  // Chains of && and of || become one node each, so they may be as long as the text.
  expr_id parse_either() {
    std::vector<expr_id> parts{parse_both()};
    const auto at = peek().begin;
    while (take(token_kind::or_or)) parts.push_back(parse_both());
    return parts.size() == 1 ? parts[0] : made(build_.join(expr_kind::either, at, parts));
  }
  expr_id parse_both() {
    std::vector<expr_id> parts{parse_binary(relation_rank)};
    const auto at = peek().begin;
    while (take(token_kind::and_and)) parts.push_back(parse_binary(relation_rank));
    return parts.size() == 1 ? parts[0] : made(build_.join(expr_kind::both, at, parts));
  }

  expr_id parse_binary(int rank) {
    auto left = parse_unary();
    for (;;) {
      const auto* op = binary_operator_of(peek().kind);
      if (!op || op->rank < rank) return left;
      const auto at = next().begin;
      left = made(build_.join(op->kind, at, {left, parse_binary(op->rank + 1)}));
    }
  }

  expr_id parse_unary() {
    const auto sign = peek().kind;
    if (sign != token_kind::minus && sign != token_kind::bang) return parse_member();
    std::vector<std::uint32_t> signs;
    while (peek().kind == sign) signs.push_back(next().begin);
    // The minus before a number belongs to the number: there is no other way to write the least
    // int.
    bool negative = false;
    if (sign == token_kind::minus && is_signed_number(peek())) {
      negative = true;
      number_sign_ = signs.back();
      signs.pop_back();
    }
    auto node = negative ? parse_postfix(negative_number()) : parse_member();
    const auto kind = sign == token_kind::minus ? expr_kind::negate : expr_kind::invert;
    for (; !signs.empty(); signs.pop_back()) node = made(build_.prefix(kind, signs.back(), node));
    return node;
  }

  static bool is_signed_number(const token& t) {
    return t.kind == token_kind::literal &&
           (t.after_minus || t.literal.is(kind::integer) || t.literal.is(kind::real));
  }
  expr_id negative_number() {
    const auto& t = next();
    auto v = t.literal;
    if (t.after_minus) {
      v = value::integer(std::numeric_limits<std::int64_t>::min());
    } else if (v.is(kind::integer)) {
      v = value::integer(-v.as_int());
    } else {
      v = value::real(-v.as_double());
    }
    return made(build_.literal(number_sign_, t.end, std::move(v)));
  }

  expr_id parse_member() { return parse_postfix(parse_primary()); }

  expr_id parse_postfix(expr_id node) {
    for (;;) {
      if (take(token_kind::dot)) {
        node = parse_field(node);
      } else if (peek().kind == token_kind::left_bracket) {
        const auto at = next().begin;
        const auto key = parse_expression();
        const auto end = expect(token_kind::right_bracket, "']' or an operator");
        node = made(build_.join(expr_kind::index, at, {node, key}, end));
      } else if (peek().kind == token_kind::left_brace && build_.is_name(node)) {
        return fail(peek().begin, "expected an operator, found '{': there are no messages here");
      } else {
        return node;
      }
    }
  }

  expr_id parse_field(expr_id receiver) {
    const auto& name = peek();
    if (name.kind != token_kind::identifier && name.kind != token_kind::quoted_identifier)
      return fail_expected("a field or method name after '.'");
    next();
    if (name.kind == token_kind::quoted_identifier || peek().kind != token_kind::left_paren)
      return made(build_.select(receiver, name));
    next();
    const auto arguments = parse_list_until(token_kind::right_paren, false);
    return made(build_.method(receiver, name, arguments, end_));
  }

  expr_id parse_primary() {
    const auto& t = peek();
    switch (t.kind) {
      case token_kind::literal:
        next();
        if (t.after_minus)
          return fail(t.begin, "the number is too large for an int; a uint ends in u");
        return made(build_.literal(t.begin, t.end, t.literal));
      case token_kind::identifier:
      case token_kind::dot:
        return parse_name();
      case token_kind::left_paren:
        return parse_group();
      case token_kind::left_bracket: {
        next();
        const auto items = parse_list_until(token_kind::right_bracket, true);
        return made(build_.aggregate(expr_kind::list, t.begin, end_, items));
      }
      case token_kind::left_brace:
        return parse_map();
      default:
        return fail_expected("an expression");
    }
  }

  expr_id parse_group() {
    const auto begin = next().begin;
    const auto inner = parse_expression();
    const auto end = expect(token_kind::right_paren, "')' or an operator");
    build_.widen(inner, begin, end);
    return inner;
  }

  expr_id parse_name() {
    const auto begin = peek().begin;
    const bool rooted = take(token_kind::dot);
    const auto& name = peek();
    if (name.kind != token_kind::identifier) return fail_expected("a name");
    if (is_reserved(name.text))
      return fail(name.begin, in_quotes(name.text) + " is a reserved word");
    next();
    if (!take(token_kind::left_paren)) return made(build_.name(name, begin, rooted));
    const auto arguments = parse_list_until(token_kind::right_paren, false);
    return made(build_.call(name, begin, rooted, arguments, end_));
  }

  std::vector<expr_id> parse_list_until(token_kind closing, bool trailing_comma) {
    std::vector<expr_id> items;
    if (trailing_comma && peek(1).kind == closing) take(token_kind::comma);
    while (peek().kind != closing || (!items.empty() && !trailing_comma)) {
      items.push_back(parse_expression());
      if (!take(token_kind::comma)) break;
    }
    end_ = peek().end;
    expect(closing, closing == token_kind::right_paren ? "',' or ')'" : "',' or ']'");
    return items;
  }

  expr_id parse_map() {
    const auto begin = next().begin;
    std::vector<expr_id> parts;
    if (peek(1).kind == token_kind::right_brace) take(token_kind::comma);
    while (peek().kind != token_kind::right_brace) {
      parts.push_back(parse_expression());
      expect(token_kind::colon, "':' between key and value");
      parts.push_back(parse_expression());
      if (!take(token_kind::comma)) break;
    }
    const auto end = expect(token_kind::right_brace, "',' or '}'");
    return made(build_.aggregate(expr_kind::map, begin, end, parts));
  }

  std::vector<token> tokens_;
  std::size_t at_ = 0;
  std::size_t nesting_ = 0;
  std::uint32_t end_ = 0;
  std::uint32_t number_sign_ = 0;
  std::optional<syntax_error> error_;
  tree_builder build_;
};

}  // namespace

tl::expected<syntax_tree, syntax_error> parse(std::string_view text) {
  auto tokens = tokenize(text);
  if (!tokens) return tl::make_unexpected(tokens.error());
  return parser{std::move(*tokens)}.run();
}

}  // namespace switchboard::cel
