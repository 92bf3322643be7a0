#include "runtime/codec/params.hpp"

#include <cmath>

#include "runtime/codec/wire_safety.hpp"

namespace switchboard::codec {

using kind = msgpack::type::object_type;

std::optional<std::int64_t> whole_number(const msgpack::object& o) {
  std::int64_t n = 0;
  switch (o.type) {
    case kind::POSITIVE_INTEGER:
      if (o.via.u64 > std::uint64_t{largest_integer}) return {};
      n = static_cast<std::int64_t>(o.via.u64);
      break;
    case kind::NEGATIVE_INTEGER:
      n = o.via.i64;
      break;
    case kind::FLOAT32:
    case kind::FLOAT64:
      // False for what is no number, too.
      if (!(std::fabs(o.via.f64) <= static_cast<double>(largest_integer)) ||
          o.via.f64 != std::trunc(o.via.f64))
        return {};
      n = static_cast<std::int64_t>(o.via.f64);
      break;
    default:
      return {};
  }
  if (n < -largest_integer) return {};
  return n;
}

params::params(const msgpack::object& map, std::string path) : map_(&map), path_(std::move(path)) {
  if (map.type != kind::MAP) {
    map_ = nullptr;
    reject({}, "expected a map");
  }
}

std::string params::path_of(std::string_view field) const {
  if (path_.empty()) return std::string(field);
  return field.empty() ? path_ : path_ + "." + std::string(field);
}

void params::reject(std::string_view field, std::string message) {
  if (first_) return;
  auto path = path_of(field);
  if (!path.empty()) message = path + ": " + message;
  first_ = error{errc::invalid_argument, std::move(message), path, {}, 0};
}

void params::absorb(const params& nested) {
  if (!first_ && nested.first_) first_ = nested.first_;
}

const msgpack::object* params::find(std::string_view field) const {
  if (!map_) return nullptr;
  for (std::uint32_t i = 0; i < map_->via.map.size; ++i) {
    auto& kv = map_->via.map.ptr[i];
    if (kv.key.type == kind::STR &&
        std::string_view(kv.key.via.str.ptr, kv.key.via.str.size) == field) {
      return kv.val.type == kind::NIL ? nullptr : &kv.val;
    }
  }
  return nullptr;
}

std::string params::text(std::string_view field, std::size_t limit) {
  if (!find(field)) {
    reject(field, "is required");
    return {};
  }
  auto out = text_or_empty(field, limit);
  if (out.empty()) reject(field, "must not be empty");
  return out;
}

std::string params::text_or_empty(std::string_view field, std::size_t limit) {
  auto o = find(field);
  if (!o) return {};
  if (o->type != kind::STR) {
    reject(field, "expected text");
    return {};
  }
  std::string_view s(o->via.str.ptr, o->via.str.size);
  if (s.size() > limit) {
    reject(field, "longer than " + std::to_string(limit) + " bytes");
    return {};
  }
  return std::string(s);
}

std::string params::bytes(std::string_view field, std::size_t limit) {
  auto o = find(field);
  if (!o) return reject(field, "is required"), std::string{};
  if (o->type != kind::BIN) return reject(field, "expected binary data"), std::string{};
  if (o->via.bin.size > limit)
    return reject(field, "longer than " + std::to_string(limit) + " bytes"), std::string{};
  return {o->via.bin.ptr, o->via.bin.size};
}

std::optional<std::int64_t> params::maybe_integer(std::string_view field, std::int64_t least,
                                                  std::int64_t most) {
  auto o = find(field);
  if (!o) return {};
  auto range = "expected an integer from " + std::to_string(least) + " to " + std::to_string(most);
  auto value = whole_number(*o);
  if (!value || *value < least || *value > most) return reject(field, range), std::nullopt;
  return value;
}

std::int64_t params::integer(std::string_view field, std::int64_t least, std::int64_t most) {
  if (!find(field)) {
    reject(field, "is required");
    return least;
  }
  return maybe_integer(field, least, most).value_or(least);
}

bool params::boolean_or(std::string_view field, bool absent) {
  auto o = find(field);
  if (!o) return absent;
  if (o->type != kind::BOOLEAN) reject(field, "expected true or false");
  return o->type == kind::BOOLEAN && o->via.boolean;
}

const msgpack::object* params::maybe_map(std::string_view field) {
  auto o = find(field);
  if (o && o->type != kind::MAP) {
    reject(field, "expected a map");
    return nullptr;
  }
  return o;
}

const msgpack::object* params::map(std::string_view field) {
  if (!find(field)) reject(field, "is required");
  return maybe_map(field);
}

const msgpack::object* params::maybe_array(std::string_view field) {
  auto o = find(field);
  if (o && o->type != kind::ARRAY) {
    reject(field, "expected an array");
    return nullptr;
  }
  return o;
}

}  // namespace switchboard::codec
