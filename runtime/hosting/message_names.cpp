#include "runtime/hosting/message_names.hpp"

#include <stdexcept>

namespace switchboard {

void message_names::add(const std::type_info& type, std::string_view name) {
  auto i = slot_of(&type);
  for (; slots[i].type; i = (i + 1) % slots.size()) {
    if (slots[i].type == &type) return;
  }
  if (used == most)
    throw std::length_error("more kinds of messages than message_names has room for");
  if (auto scope = name.rfind(':'); scope != std::string_view::npos) name.remove_prefix(scope + 1);
  names[used] = name;
  slots[i] = {&type, static_cast<number>(used++)};
}

std::string_view message_names::name(number n) {
  return n < used ? names[n] : names[others];
}

}  // namespace switchboard
