#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include <msgpack.hpp>

namespace switchboard::simulation {

/// A look into packed maps, as a client has it. Missing fields are empty or 0.
class wire_map {
 public:
  explicit wire_map(std::string_view packed)
      : handle_(msgpack::unpack(packed.data(), packed.size())), map_(handle_.get()) {}
  /// The method of a notification and its one argument.
  static wire_map of_notification(std::string_view frame) {
    wire_map m(frame);
    auto& call = m.handle_.get().via.array;
    m.method_ = call.ptr[1].as<std::string>();
    m.map_ = call.ptr[2].via.array.ptr[0];
    return m;
  }
  wire_map(wire_map&&) = default;

  const std::string& method() const { return method_; }
  const msgpack::object* find(std::string_view key) const { return find_in(map_, key); }
  static const msgpack::object* find_in(const msgpack::object& map, std::string_view key) {
    if (map.type != msgpack::type::MAP) return nullptr;
    for (std::uint32_t i = 0; i < map.via.map.size; ++i) {
      auto& k = map.via.map.ptr[i].key;
      if (std::string_view(k.via.str.ptr, k.via.str.size) == key) return &map.via.map.ptr[i].val;
    }
    return nullptr;
  }
  std::string text(std::string_view key) const { return text_of(find(key)); }
  std::int64_t number(std::string_view key) const { return number_of(find(key)); }
  static std::int64_t number_of(const msgpack::object* o) {
    return o && (o->type == msgpack::type::POSITIVE_INTEGER ||
                 o->type == msgpack::type::NEGATIVE_INTEGER)
               ? o->as<std::int64_t>()
               : 0;
  }
  static std::string text_of(const msgpack::object* o) {
    return o && o->type == msgpack::type::STR ? o->as<std::string>() : std::string();
  }
  /// What lies in a map that lies in a field, and so on: {"assigned", "agent", "id"}.
  const msgpack::object* at(std::initializer_list<std::string_view> path) const {
    const msgpack::object* o = &map_;
    for (auto name : path) {
      if (o) o = find_in(*o, name);
    }
    return o;
  }
  std::string text(std::initializer_list<std::string_view> path) const { return text_of(at(path)); }
  std::int64_t number(std::string_view outer, std::string_view inner) const {
    return number_of(at({outer, inner}));
  }

 private:
  msgpack::object_handle handle_;
  msgpack::object map_;
  std::string method_;
};

}  // namespace switchboard::simulation
