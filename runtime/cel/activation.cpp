#include "runtime/cel/activation.hpp"

namespace switchboard::cel {

value activation::call(std::string_view function, std::span<const value>) const {
  return value::error(fault_code::unknown_name,
                      "function '" + std::string{function} + "' has no implementation here");
}

bindings& bindings::bind(std::string name, value v) {
  values_.insert_or_assign(std::move(name), std::move(v));
  return *this;
}

std::optional<value> bindings::find(std::string_view name) const {
  const auto at = values_.find(name);
  return at == values_.end() ? std::nullopt : std::optional{at->second};
}

}  // namespace switchboard::cel
