#include "actors/configuration/condition_implication.hpp"

#include <algorithm>
#include <optional>

#include "runtime/cel/parser.hpp"

namespace switchboard {
namespace {

using cel::expr_id;
using cel::expr_kind;
using relation = condition_atom::relation;
using constant = condition_atom::constant;

std::optional<relation> relation_of(expr_kind k) {
  switch (k) {
    case expr_kind::equal:
      return relation::equal;
    case expr_kind::not_equal:
      return relation::not_equal;
    case expr_kind::less:
      return relation::less;
    case expr_kind::less_equal:
      return relation::less_equal;
    case expr_kind::greater:
      return relation::greater;
    case expr_kind::greater_equal:
      return relation::greater_equal;
    case expr_kind::in:
      return relation::one_of;
    default:
      return std::nullopt;
  }
}

class former {
 public:
  former(std::string_view text, const cel::syntax_tree& tree) : text_(text), tree_(tree) {}

  condition_form run() {
    alternatives(tree_.root);
    return std::move(out_);
  }

 private:
  void alternatives(expr_id id) {
    const auto& e = tree_[id];
    if (e.kind == expr_kind::either) {
      for (const auto part : e.parts) alternatives(part);
      return;
    }
    out_.emplace_back();
    parts_of(id);
  }

  void parts_of(expr_id id) {
    const auto& e = tree_[id];
    if (e.kind == expr_kind::both) {
      for (const auto part : e.parts) parts_of(part);
    } else if (e.kind != expr_kind::literal || !e.constant.is_true()) {
      out_.back().push_back(atom(id));
    }
  }

  condition_atom atom(expr_id id) const {
    const auto& e = tree_[id];
    const auto how = relation_of(e.kind);
    if (how && e.parts.size() == 2) {
      condition_atom a{written(e.parts[0]), *how, {}};
      if (*how == relation::one_of) {
        const auto& list = tree_[e.parts[1]];
        bool known = list.kind == expr_kind::list;
        for (const auto part : list.parts) {
          const auto c = constant_of(part);
          known = known && c;
          if (c) a.with.push_back(*c);
        }
        if (known) return a;
      } else if (const auto c = constant_of(e.parts[1])) {
        a.with.push_back(*c);
        return a;
      }
    }
    return {written(id), relation::holds, {}};
  }

  std::optional<constant> constant_of(expr_id id) const {
    const auto& e = tree_[id];
    if (e.kind != expr_kind::literal) return std::nullopt;
    if (e.constant.is(cel::kind::string)) return constant(std::string(e.constant.as_text()));
    if (e.constant.is(cel::kind::integer))
      return constant(static_cast<double>(e.constant.as_int()));
    if (e.constant.is(cel::kind::real)) return constant(e.constant.as_double());
    return std::nullopt;
  }

  /// The text without blanks outside quotes: what two spellings have in common.
  std::string written(expr_id id) const {
    const auto& e = tree_[id];
    std::string out;
    char quote = 0;
    for (const char c : text_.substr(e.begin, e.end - e.begin)) {
      if (quote == 0 && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) continue;
      if (c == '"' || c == '\'') quote = quote == 0 ? c : quote == c ? 0 : quote;
      out += c;
    }
    return out;
  }

  std::string_view text_;
  const cel::syntax_tree& tree_;
  condition_form out_;
};

bool contains(const std::vector<constant>& all, const constant& one) {
  return std::ranges::find(all, one) != all.end();
}

/// Does a value that stands in `a`'s relation to x stand in `b`'s relation to y?
bool bound_implies(relation a, const constant& x, relation b, const constant& y) {
  if (x.index() != y.index()) return false;
  switch (b) {
    case relation::greater_equal:
      return (a == relation::greater_equal || a == relation::greater || a == relation::equal) &&
             x >= y;
    case relation::greater:
      return (a == relation::greater && x >= y) ||
             ((a == relation::greater_equal || a == relation::equal) && x > y);
    case relation::less_equal:
      return (a == relation::less_equal || a == relation::less || a == relation::equal) && x <= y;
    case relation::less:
      return (a == relation::less && x <= y) ||
             ((a == relation::less_equal || a == relation::equal) && x < y);
    case relation::not_equal:
      return (a == relation::equal && x != y) || (a == relation::not_equal && x == y) ||
             (a == relation::greater && x >= y) || (a == relation::less && x <= y);
    default:
      return false;
  }
}

bool implies_atom(const condition_atom& a, const condition_atom& b) {
  if (a.subject != b.subject) return false;
  if (a.how == relation::holds || b.how == relation::holds) return a.how == b.how;
  if (b.how == relation::equal || b.how == relation::one_of) {
    if (a.how != relation::equal && a.how != relation::one_of) return false;
    return !a.with.empty() &&
           std::ranges::all_of(a.with, [&](auto& c) { return contains(b.with, c); });
  }
  if (a.how == relation::one_of) {
    return !a.with.empty() && std::ranges::all_of(a.with, [&](auto& c) {
      return bound_implies(relation::equal, c, b.how, b.with[0]);
    });
  }
  return bound_implies(a.how, a.with[0], b.how, b.with[0]);
}

}  // namespace

condition_form form_of(std::string_view condition) {
  if (condition.find_first_not_of(" \t\r\n") == std::string_view::npos) return {{}};
  const auto tree = cel::parse(condition);
  if (!tree) return {};
  return former(condition, *tree).run();
}

bool implies(const std::vector<condition_atom>& mine, const condition_form& other) {
  return std::ranges::any_of(other, [&](auto& alternative) {
    return std::ranges::all_of(alternative, [&](auto& wanted) {
      return std::ranges::any_of(mine, [&](auto& given) { return implies_atom(given, wanted); });
    });
  });
}

}  // namespace switchboard
