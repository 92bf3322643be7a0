#include "actors/router/attribute_value.hpp"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <msgpack.hpp>

#include "runtime/codec/params.hpp"

namespace switchboard {
namespace {

using cel::value;

value refused(std::string why) {
  return value::error(cel::fault_code::host, "the attributes cannot be read: " + std::move(why));
}

value converted(const msgpack::object& o, int depth);

value converted_list(const msgpack::object_array& items, int depth) {
  std::vector<value> out;
  out.reserve(items.size);
  for (std::uint32_t i = 0; i < items.size; ++i) {
    auto item = converted(items.ptr[i], depth + 1);
    if (item.is_error()) return item;
    out.push_back(std::move(item));
  }
  return value::list(std::move(out));
}

value converted_map(const msgpack::object_map& pairs, int depth) {
  std::vector<value::entry> out;
  out.reserve(pairs.size);
  for (std::uint32_t i = 0; i < pairs.size; ++i) {
    auto key = converted(pairs.ptr[i].key, depth + 1);
    if (key.is_error()) return key;
    auto item = converted(pairs.ptr[i].val, depth + 1);
    if (item.is_error()) return item;
    out.emplace_back(std::move(key), std::move(item));
  }
  auto made = value::map(std::move(out));
  return made ? std::move(*made) : refused(std::move(made.error()));
}

value converted(const msgpack::object& o, int depth) {
  if (depth > attribute_depth) {
    return refused("nested deeper than " + std::to_string(attribute_depth));
  }
  switch (o.type) {
    case msgpack::type::NIL:
      return {};
    case msgpack::type::BOOLEAN:
      return value::boolean(o.via.boolean);
    case msgpack::type::POSITIVE_INTEGER:
      if (o.via.u64 > std::numeric_limits<std::int64_t>::max()) {
        return value::unsigned_integer(o.via.u64);
      }
      return value::integer(static_cast<std::int64_t>(o.via.u64));
    case msgpack::type::NEGATIVE_INTEGER:
      return value::integer(o.via.i64);
    case msgpack::type::FLOAT32:
    case msgpack::type::FLOAT64:
      // Clients that know one kind of number write 5 as 5.0; a rule that counts with it means
      // the 5.
      if (auto n = codec::whole_number(o)) return value::integer(*n);
      return value::real(o.via.f64);
    case msgpack::type::STR:
      return value::string(std::string(o.via.str.ptr, o.via.str.size));
    case msgpack::type::BIN:
      return value::bytes(std::string(o.via.bin.ptr, o.via.bin.size));
    case msgpack::type::ARRAY:
      return converted_list(o.via.array, depth);
    case msgpack::type::MAP:
      return converted_map(o.via.map, depth);
    case msgpack::type::EXT:
      return value::bytes(std::string(o.via.ext.data(), o.via.ext.size));
  }
  return refused("a value of an unknown kind");
}

}  // namespace

cel::value attribute_value(std::string_view packed) {
  if (packed.empty()) return value::record({});
  try {
    const auto handle = msgpack::unpack(packed.data(), packed.size());
    if (handle.get().type != msgpack::type::MAP) return refused("they are no map");
    return converted(handle.get(), 0);
  } catch (const std::exception& e) {
    return refused(e.what());
  }
}

}  // namespace switchboard
