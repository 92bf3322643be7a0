#include "runtime/cel/type.hpp"

namespace switchboard::cel {

type type::of(kind which) {
  type t;
  t.kind_ = which;
  t.known_ = true;
  return t;
}

type type::list(type element) {
  auto t = of(kind::list);
  t.shape_ = std::make_shared<shape>(shape{{std::move(element)}, {}, {}});
  return t;
}

type type::map(type key, type item) {
  auto t = of(kind::map);
  t.shape_ = std::make_shared<shape>(shape{{std::move(key), std::move(item)}, {}, {}});
  return t;
}

type type::structure(std::string name, std::vector<field> fields) {
  auto t = of(kind::map);
  t.shape_ = std::make_shared<shape>(shape{{string(), dyn()}, std::move(name), std::move(fields)});
  return t;
}

type type::nullable() const {
  auto t = *this;
  t.nullable_ = true;
  return t;
}

type type::element() const {
  return shape_ ? shape_->parameters.at(0) : dyn();
}
type type::key() const {
  return shape_ ? shape_->parameters.at(0) : dyn();
}
type type::item() const {
  return shape_ ? shape_->parameters.at(1) : dyn();
}

std::optional<type> type::find_field(std::string_view name) const {
  for (const auto& [field, t] : shape_->fields)
    if (field == name) return t;
  return std::nullopt;
}

std::vector<std::string> type::field_names() const {
  std::vector<std::string> names;
  for (const auto& f : shape_->fields) names.push_back(f.first);
  return names;
}

bool type::fits(const type& wanted) const {
  if (is_dyn() || wanted.is_dyn()) return true;
  // The language lets null stand for a timestamp, a duration or a message.
  const auto takes_null = [](const type& t) {
    return t.nullable_ || t.is(kind::timestamp) || t.is(kind::duration) || t.is_structure();
  };
  if (is(kind::null) && takes_null(wanted)) return true;
  if (wanted.is(kind::null) && takes_null(*this)) return true;
  if (kind_ != wanted.kind_) return false;
  if (is(kind::list)) return element().fits(wanted.element());
  if (is(kind::map)) return key().fits(wanted.key()) && item().fits(wanted.item());
  return true;
}

bool type::operator==(const type& other) const {
  if (known_ != other.known_ || kind_ != other.kind_ || nullable_ != other.nullable_) return false;
  if (shape_ == other.shape_) return true;
  if (is_structure() || other.is_structure()) return false;
  if (is(kind::list)) return element() == other.element();
  return key() == other.key() && item() == other.item();
}

std::string type::to_string() const {
  if (is_dyn()) return "dyn";
  if (is_structure()) return shape_->name;
  std::string text{name_of(kind_)};
  if (is(kind::list)) text += '(' + element().to_string() + ')';
  if (is(kind::map)) text += '(' + key().to_string() + ", " + item().to_string() + ')';
  return text;
}

type type::common(const type& a, const type& b) {
  return a == b ? a : dyn();
}

}  // namespace switchboard::cel
