#include "runtime/cel/program.hpp"

#include <algorithm>

#include "runtime/cel/evaluator.hpp"
#include "runtime/cel/parser.hpp"
#include "runtime/cel/program_loader.hpp"

namespace switchboard::cel {

namespace {

std::string with_position(position where, const std::string& message) {
  return std::to_string(where.line) + ':' + std::to_string(where.column) + ": " + message;
}

}  // namespace

std::string compile_error::to_string() const {
  return with_position(where, message);
}
std::string eval_error::to_string() const {
  return with_position(where, message);
}

tl::expected<value, eval_error> program::evaluate(const activation& host,
                                                  const eval_options& options) const {
  evaluator run{*code_, host, nullptr};
  budget cost{options.cost_limit};
  auto result = run.run(compiled_->root, cost);
  if (result.is_error()) return tl::make_unexpected(located(result));
  return result;
}

eval_error program::located(const value& error) const {
  const auto& sites = compiled_->sites;
  const auto at = std::lower_bound(sites.begin(), sites.end(), error.error_site(),
                                   [](const auto& s, code_id id) { return s.first < id; });
  const auto offset = at != sites.end() && at->first == error.error_site() ? at->second : 0;
  return {error.error_code(), std::string{error.error_message()}, position_at(*text_, offset)};
}

tl::expected<std::size_t, compile_error> program_loader::add(std::string_view text) {
  const auto refused = [&](const syntax_error& e) {
    return tl::make_unexpected(compile_error{position_at(text, e.offset), e.message});
  };
  const auto tree = parse(text);
  if (!tree) return refused(tree.error());
  auto result = compiler{*tree, names_, builder_}.run();
  if (!result) return refused(result.error());
  all_.push_back({std::make_shared<const std::string>(text),
                  std::make_shared<const compiled>(std::move(*result))});
  return all_.size() - 1;
}

std::vector<program> program_loader::finish(bool share) {
  std::vector<code_id> roots;
  for (const auto& each : all_) roots.push_back(each.result->root);
  const auto code = builder_.seal(roots, share);
  std::vector<program> programs(all_.size());
  for (std::size_t i = 0; i < all_.size(); ++i) {
    programs[i].code_ = code;
    programs[i].text_ = all_[i].text;
    programs[i].compiled_ = all_[i].result;
    programs[i].result_ = all_[i].result->result;
  }
  return programs;
}

tl::expected<program, compile_error> compile(std::string_view text, const environment& names) {
  program_loader loader{names};
  const auto added = loader.add(text);
  if (!added) return tl::make_unexpected(added.error());
  return std::move(loader.finish(false).front());
}

}  // namespace switchboard::cel
