#include <algorithm>
#include <array>

#include "runtime/cel/compiler.hpp"
#include "runtime/cel/nearest_name.hpp"

namespace switchboard::cel {

namespace {

std::optional<kind> type_named(std::string_view name) {
  static constexpr std::array all{
      kind::null, kind::boolean,   kind::integer,  kind::unsigned_integer,
      kind::real, kind::string,    kind::bytes,    kind::list,
      kind::map,  kind::timestamp, kind::duration, kind::type};
  for (const auto k : all)
    if (name_of(k) == name) return k;
  return std::nullopt;
}

}  // namespace

const compiler::loop_variable* compiler::find_loop_variable(const std::string& name) const {
  for (auto at = loops_.rbegin(); at != loops_.rend(); ++at)
    if (at->name == name) return &*at;
  return nullptr;
}

std::optional<compiler::typed> compiler::global(const std::string& path, bool rooted) {
  for (const auto& full : names_.candidates(path, rooted)) {
    if (const auto* v = names_.find_variable(full)) return typed{out_.variable(full), v->type};
    if (const auto k = type_named(full))
      return typed{out_.constant(value::type(*k)), type::of(kind::type)};
  }
  return std::nullopt;
}

std::vector<std::string> compiler::known_names() const {
  std::vector<std::string> all;
  for (const auto& v : loops_) all.push_back(v.name);
  for (const auto& v : names_.variables()) all.push_back(v.name);
  return all;
}

compiler::typed compiler::name(const expr& e) {
  if (!e.rooted) {
    if (const auto* v = find_loop_variable(e.text))
      return emitted(e, out_.local(static_cast<std::uint16_t>(v - loops_.data())), v->is);
  }
  if (const auto found = global(e.text, e.rooted)) return emitted(e, found->code, found->is);
  return failure(e, fault_code::unknown_name,
                 "unknown variable '" + e.text + '\'' + suggestion(e.text, known_names()));
}

// `a.b.c` as one name, unless `a` is a loop variable.
std::optional<std::string> compiler::dotted_path(expr_id id, bool& rooted) const {
  std::vector<const std::string*> names;
  for (const expr* e = &tree_[id];; e = &tree_[e->parts[0]]) {
    names.push_back(&e->text);
    if (e->kind == expr_kind::name) {
      rooted = e->rooted;
      if (!rooted && find_loop_variable(e->text)) return std::nullopt;
      break;
    }
    if (e->kind != expr_kind::select) return std::nullopt;
  }
  std::string path;
  for (auto at = names.rbegin(); at != names.rend(); ++at) {
    if (!path.empty()) path += '.';
    path += **at;
  }
  return path;
}

compiler::typed compiler::select(const expr& e) {
  // The longest name that is a variable wins; outer selections come here first.
  const auto id = static_cast<expr_id>(&e - tree_.nodes.data());
  bool rooted = false;
  if (const auto path = dotted_path(id, rooted)) {
    if (const auto found = global(*path, rooted)) return emitted(e, found->code, found->is);
  }
  const auto of = compile(e.parts[0]);
  auto is = field_type(of.is, e);
  return emitted(e, out_.field(opcode::select, of.code, e.text), std::move(is));
}

compiler::typed compiler::has(const expr& e) {
  const auto of = compile(e.parts[0]);
  field_type(of.is, e);
  return emitted(e, out_.field(opcode::has, of.code, e.text), type::boolean());
}

type compiler::field_type(const type& of, const expr& e) {
  if (of.is_dyn()) return type::dyn();
  if (of.is_structure()) {
    if (auto field = of.find_field(e.text)) return *field;
    wrong(e.at, of.to_string() + " has no field '" + e.text + '\'' +
                    suggestion(e.text, of.field_names()));
    return type::dyn();
  }
  if (of.is(kind::map) && type::string().fits(of.key())) return of.item();
  wrong(e.at, of.to_string() + " has no fields");
  return type::dyn();
}

}  // namespace switchboard::cel
