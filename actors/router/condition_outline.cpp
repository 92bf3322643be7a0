#include "actors/router/condition_outline.hpp"

#include <algorithm>

#include "runtime/cel/parser.hpp"

namespace switchboard {
namespace {

using cel::expr;
using cel::expr_id;
using cel::expr_kind;

class outliner {
 public:
  outliner(std::string_view text, const cel::syntax_tree& tree) : text_(text), tree_(tree) {}

  condition_outline run() {
    clauses_of(tree_.root);
    reads_of(tree_.root);
    sort_once(out_.clauses);
    return std::move(out_);
  }

 private:
  static void sort_once(std::vector<std::string>& all) {
    std::ranges::sort(all);
    all.erase(std::ranges::unique(all).begin(), all.end());
  }

  void clauses_of(expr_id id) {
    const auto& e = tree_[id];
    if (e.kind == expr_kind::both) {
      for (const auto part : e.parts) clauses_of(part);
    } else if (e.kind != expr_kind::literal || !e.constant.is_true()) {
      out_.clauses.push_back(written(id));
    }
  }

  /// One text for all spellings that differ in blanks, quotes and parentheses only.
  std::string written(expr_id id) const {
    const auto& e = tree_[id];
    auto out = std::to_string(static_cast<int>(e.kind)) + (e.rooted ? "." : "");
    if (e.kind == expr_kind::literal) {
      out += std::to_string(static_cast<int>(e.constant.which())) + e.constant.to_string();
    }
    out += e.text + "(";
    for (const auto part : e.parts) out += written(part) + ",";
    return out + ")";
  }

  void reads_of(expr_id id) {
    const auto& e = tree_[id];
    if (is_path(id)) return note(std::string(text_.substr(e.begin, e.end - e.begin)));
    if (is_queue(e)) {
      const auto& name = tree_[e.parts[0]];
      out_.queues.push_back(
          {std::string(name.constant.as_text()), cel::position_at(text_, name.begin)});
    }
    for (const auto part : e.parts) reads_of(part);
  }

  static bool is_call_of_queue(const expr& e) {
    return e.kind == expr_kind::call && e.text == "queue" && e.parts.size() == 1;
  }
  bool is_queue(const expr& e) const {
    return is_call_of_queue(e) && tree_[e.parts[0]].kind == expr_kind::literal &&
           tree_[e.parts[0]].constant.is(cel::kind::string);
  }

  /// A variable, or fields of one, or a field of a group's figures.
  bool is_path(expr_id id) {
    const auto* e = &tree_[id];
    const bool selects = e->kind == expr_kind::select;
    while (e->kind == expr_kind::select) e = &tree_[e->parts[0]];
    if (e->kind == expr_kind::name) return true;
    if (!selects || !is_queue(*e)) return false;
    const auto& name = tree_[e->parts[0]];
    out_.queues.push_back(
        {std::string(name.constant.as_text()), cel::position_at(text_, name.begin)});
    return true;
  }

  void note(std::string read) {
    if (std::ranges::find(out_.reads, read) == out_.reads.end()) {
      out_.reads.push_back(std::move(read));
    }
  }

  std::string_view text_;
  const cel::syntax_tree& tree_;
  condition_outline out_;
};

}  // namespace

std::optional<condition_outline> outline_of(std::string_view condition) {
  const auto tree = cel::parse(condition);
  if (!tree) return std::nullopt;
  return outliner(condition, *tree).run();
}

}  // namespace switchboard
