#pragma once

#include <span>

#include "actors/access/method_list.hpp"
#include "adapters/channel/gateway/gateway_call.hpp"

namespace switchboard {

/// What serves a method of the wire. Its arguments are a struct with a function `wire_fields`, read
/// before the function is called; where one of them is wrong, that is the answer.
struct endpoint {
  void (*serve)(gateway_call&);
  void (*list)(codec::field_list&);
};

namespace detail {

template <class Arguments, auto Serve> void read_and_serve(gateway_call& c) {
  Arguments a;
  codec::field_reader reader(c.p);
  wire_fields(reader, a);
  if (!c.p.ok()) return c.fail(c.p.why());
  Serve(c, a);
}
template <class Arguments> void list_fields(codec::field_list& into) {
  Arguments a;
  wire_fields(into, a);
}
template <auto Serve> void serve_without_fields(gateway_call& c) {
  if (!c.p.ok()) return c.fail(c.p.why());
  Serve(c);
}
inline void no_fields(codec::field_list&) {}

template <auto Serve, class Arguments>
constexpr endpoint endpoint_with(void (*)(gateway_call&, Arguments&)) {
  return {&read_and_serve<Arguments, Serve>, &list_fields<Arguments>};
}
template <auto Serve> constexpr endpoint endpoint_with(void (*)(gateway_call&)) {
  return {&serve_without_fields<Serve>, &no_fields};
}

}  // namespace detail

/// The endpoint of a function `void f(gateway_call&, Arguments&)`, or `void f(gateway_call&)`.
template <auto Serve> constexpr endpoint served_by = detail::endpoint_with<Serve>(Serve);

/// One for each method of the list, defined beside what serves it: session_open and so on.
namespace endpoints {
#define SB_ENDPOINT(family, verb, who, does, leaves) extern const endpoint family##_##verb;
SWITCHBOARD_METHODS(SB_ENDPOINT)
#undef SB_ENDPOINT

/// In the methods' order (rights::methods()).
std::span<const endpoint* const> all();
}  // namespace endpoints

}  // namespace switchboard
