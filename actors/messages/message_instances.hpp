#pragma once

#include <caf/mailbox_element.hpp>

#include "actors/messages/message_list.hpp"

/// CAF makes some fifty functions for each type that is sent, in every source that sends it: more
/// than half of what such a source costs to compile. They are compiled once instead, in
/// instances_*.cpp. `KIND` is empty or `extern`.
///
/// `dispose` of CAF 0.17 calls a function that is not there. Nobody calls it, so it is only met
/// where the whole class is compiled: it gets a body of its own first.
#define SWITCHBOARD_INSTANCES(KIND, T)                                            \
  KIND template class caf::detail::tuple_vals_impl<caf::detail::message_data, T>; \
  KIND template class caf::detail::tuple_vals_impl<caf::type_erased_tuple, T>;    \
  KIND template class caf::detail::tuple_vals<T>;                                 \
  KIND template class caf::mailbox_element_vals<T>;

#define SWITCHBOARD_NEVER_DISPOSED(T) \
  template <> inline void caf::mailbox_element_vals<switchboard::T>::dispose() noexcept {}
SWITCHBOARD_MESSAGES(SWITCHBOARD_NEVER_DISPOSED)
#undef SWITCHBOARD_NEVER_DISPOSED

#define SWITCHBOARD_DECLARE_INSTANCES(T) SWITCHBOARD_INSTANCES(extern, switchboard::T)
SWITCHBOARD_MESSAGES(SWITCHBOARD_DECLARE_INSTANCES)
#undef SWITCHBOARD_DECLARE_INSTANCES
