#include "actors/messages/registration.hpp"

#include "actors/messages/interfaces.hpp"
#include "runtime/hosting/message_names.hpp"

namespace switchboard {
namespace {

/// As `add_message_type`, which also makes a stream and a vector of each type: nobody sends those,
/// and they took most of this file's time.
template <class T> void add(caf::actor_system_config& config, std::string name) {
  message_names::add(typeid(T), name);
  config.type_names_by_rtti.emplace(std::type_index(typeid(T)), name);
  config.value_factories_by_name.emplace(std::move(name), &caf::make_type_erased_value<T>);
  config.value_factories_by_rtti.emplace(std::type_index(typeid(T)),
                                         &caf::make_type_erased_value<T>);
}

}  // namespace

void register_messages(caf::actor_system_config& config) {
#define SWITCHBOARD_ADD(T) add<T>(config, "switchboard::" #T);
  SWITCHBOARD_MESSAGES(SWITCHBOARD_ADD)
#undef SWITCHBOARD_ADD
}

}  // namespace switchboard
