#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <msgpack.hpp>

#include "runtime/base/text.hpp"
#include "runtime/codec/frame_decoder.hpp"
#include "runtime/codec/wire_safety.hpp"

/// INTERNAL: frame_decoder.cpp alone includes it. The visitor checks one message; the decoder finds
/// where messages begin and end.
namespace switchboard::codec::detail {

using kind = msgpack::type::object_type;

inline constexpr std::size_t deepest = 32;
inline constexpr std::string_view expectation =
    "expected a MessagePack-RPC message: [0, msgid, method, [map]], [1, msgid, error, result] or "
    "[2, method, [map]]";

/// Follows the parser through one message: checks its shape as it goes and, when it has a zone,
/// builds the objects and checks what the params hold. A wrong shape ends the pass; the first wrong
/// value is noted, with the way to it, and the pass goes on.
class message_visitor : public msgpack::null_visitor {
 public:
  message_visitor(const frame_limits& limits, msgpack::zone* zone)
      : limits_(&limits), zone_(zone) {}

  void init() {
    depth_ = 0;
    field_ = 0;
    items_ = 0;
    in_params_ = false;
    what_.reset();
    msgid_.reset();
    method_ = {};
    error_.clear();
    if (wrong_) wrong_.reset();
    slot_[0] = &root_;
  }
  void limits(const frame_limits& limits) { limits_ = &limits; }

  bool visit_nil() { return scalar(kind::NIL); }
  bool visit_boolean(bool v) {
    if (!scalar(kind::BOOLEAN)) return false;
    if (zone_) slot_[depth_]->via.boolean = v;
    return true;
  }
  bool visit_positive_integer(std::uint64_t v) {
    if (depth_ == 1 && field_ < 2 ? !envelope_integer(v) : !scalar(kind::POSITIVE_INTEGER))
      return false;
    if (zone_) {
      slot_[depth_]->type = kind::POSITIVE_INTEGER;
      slot_[depth_]->via.u64 = v;
      if (v > std::uint64_t{largest_integer}) wrong(out_of_range);
    }
    return true;
  }
  bool visit_negative_integer(std::int64_t v) {
    // The parser also reports a signed encoding of a positive number here.
    if (v >= 0) return visit_positive_integer(static_cast<std::uint64_t>(v));
    if (!scalar(kind::NEGATIVE_INTEGER)) return false;
    if (zone_) {
      slot_[depth_]->via.i64 = v;
      if (v < -largest_integer) wrong(out_of_range);
    }
    return true;
  }
  bool visit_float32(float v) { return real(kind::FLOAT32, v); }
  bool visit_float64(double v) { return real(kind::FLOAT64, v); }
  bool visit_str(const char* v, std::uint32_t size) {
    if (depth_ == 1 && field_ == method_field()) {
      if (size == 0 || size > limits_->method_bytes) {
        return reject("method: expected a name of 1 to " + std::to_string(limits_->method_bytes) +
                      " bytes");
      }
      method_ = {v, size};
      if (zone_ && !valid_utf8(method_)) note("method", not_utf8);
    } else if (!admit()) {
      return false;
    }
    if (zone_) {
      auto& o = *slot_[depth_];
      o.type = kind::STR;
      o.via.str.ptr = v;
      o.via.str.size = size;
      if (in_params_ && !valid_utf8({v, size})) wrong(not_utf8);
    }
    return true;
  }
  bool visit_bin(const char* v, std::uint32_t size) {
    if (!scalar(kind::BIN)) return false;
    if (zone_) {
      slot_[depth_]->via.bin.ptr = v;
      slot_[depth_]->via.bin.size = size;
    }
    return true;
  }
  bool visit_ext(const char* v, std::uint32_t size) {
    if (!scalar(kind::EXT)) return false;
    if (zone_) {
      slot_[depth_]->via.ext.ptr = v;
      slot_[depth_]->via.ext.size = size - 1;
      wrong("is of an extension type, and the wire has none; a time is an integer of milliseconds");
    }
    return true;
  }
  bool start_array(std::uint32_t n) {
    if (depth_ == 0) {
      if (n != 3 && n != 4)
        return reject(std::string(expectation) + "; got an array of " + std::to_string(n));
      fields_ = n;
    } else if (depth_ == 1 && field_ == params_field()) {
      if (n > 1)
        return reject("params: expected an array holding one map; got " + std::to_string(n) +
                      " elements");
      in_params_ = true;
    } else if (!admit()) {
      return false;
    }
    if (!open(n, n)) return false;
    if (zone_) {
      auto& o = *slot_[depth_ - 1];
      o.type = kind::ARRAY;
      o.via.array.size = n;
      o.via.array.ptr = n == 0 ? nullptr : allocate(n);
      slot_[depth_] = o.via.array.ptr;
    }
    return true;
  }
  bool start_map(std::uint32_t pairs) {
    if (!(in_params_ && depth_ == 2) && !admit()) return false;
    if (!open(pairs, std::size_t{pairs} * 2)) return false;
    if (zone_) {
      auto& o = *slot_[depth_ - 1];
      o.type = kind::MAP;
      o.via.map.size = pairs;
      // A pair is two objects in a row, so both are walked with one slot pointer.
      static_assert(sizeof(msgpack::object_kv) == 2 * sizeof(msgpack::object));
      auto items = pairs == 0 ? nullptr : allocate(std::size_t{pairs} * 2);
      o.via.map.ptr = reinterpret_cast<msgpack::object_kv*>(items);
      slot_[depth_] = items;
    }
    return true;
  }
  bool end_array_item() {
    if (depth_ == 1) ++field_;
    return step();
  }
  bool end_map_key() {
    if (zone_ && slot_[depth_]->type != kind::STR) wrong("expected keys of text");
    return step();
  }
  bool end_map_value() { return step(); }
  bool end_array() {
    if (--depth_ == 1) in_params_ = false;
    return true;
  }
  bool end_map() {
    --depth_;
    if (zone_ && in_params_) look_for_repeats(slot_[depth_]->via.map);
    return true;
  }

  std::optional<std::uint32_t> request_id() const {
    return what_ == frame::kind::request ? msgid_ : std::nullopt;
  }
  const std::string& why() const { return error_; }

  void describe(frame& out, const msgpack::object& no_params) {
    auto field = root_.via.array.ptr;
    out = {};
    out.what = *what_;
    out.msgid = msgid_.value_or(0);
    out.method = method_;
    out.wrong = wrong_ ? &*wrong_ : nullptr;
    if (out.what == frame::kind::response) {
      out.failure = field + 2;
      out.result = field + 3;
    } else {
      auto& params = field[params_field()].via.array;
      out.params = params.size == 0 ? &no_params : params.ptr;
    }
  }

 private:
  std::uint32_t method_field() const {
    return what_ == frame::kind::request ? 2 : what_ == frame::kind::notification ? 1 : 99;
  }
  std::uint32_t params_field() const {
    return what_ == frame::kind::request ? 3 : what_ == frame::kind::notification ? 2 : 99;
  }
  bool reject(std::string why) {
    error_ = std::move(why);
    return false;
  }

  /// Refuses a value where the message's own shape asks for another.
  bool admit() {
    if (depth_ > 2 || (depth_ == 2 && !in_params_)) return true;
    if (depth_ == 0) return reject(std::string(expectation));
    if (depth_ == 2) return reject("params: expected an array holding one map");
    if (field_ == 0)
      return reject(std::string(expectation) + "; the first element must be 0, 1 or 2");
    if (field_ == method_field()) return reject("method: expected text");
    if (field_ == params_field()) return reject("params: expected an array holding one map");
    if (field_ == 1) return reject("msgid: expected an integer from 0 to 4294967295");
    return true;
  }
  bool envelope_integer(std::uint64_t v) {
    if (field_ == 1) {
      if (what_ == frame::kind::notification) return admit();
      if (v > 0xffffffffu) return reject("msgid: expected an integer from 0 to 4294967295");
      msgid_ = static_cast<std::uint32_t>(v);
      return true;
    }
    if (v > 2) return admit();
    what_ = static_cast<frame::kind>(v);
    std::uint32_t fields = what_ == frame::kind::notification ? 3 : 4;
    if (fields_ == fields) return true;
    return reject(std::string(expectation) + "; got " + std::to_string(fields_) +
                  " elements after type " + std::to_string(v));
  }
  bool scalar(kind type) {
    if (!admit()) return false;
    if (zone_) slot_[depth_]->type = type;
    return true;
  }
  bool real(kind type, double v) {
    if (!scalar(type)) return false;
    if (zone_) {
      slot_[depth_]->via.f64 = v;
      if (!std::isfinite(v)) wrong("is no finite number");
    }
    return true;
  }
  bool open(std::size_t declared, std::size_t items) {
    // Every element takes at least a byte, so a count over the limits is refused before anything is
    // made for it.
    items_ += items;
    if (items_ > limits_->items || items > limits_->message_bytes) {
      return reject("too many elements: " + std::to_string(declared) + " declared, " +
                    std::to_string(limits_->items) + " allowed in a message");
    }
    if (depth_ >= std::min(limits_->depth, deepest)) {
      return reject("nested deeper than " + std::to_string(limits_->depth) + " levels");
    }
    ++depth_;
    return true;
  }
  msgpack::object* allocate(std::size_t n) {
    return static_cast<msgpack::object*>(
        zone_->allocate_align(n * sizeof(msgpack::object), alignof(msgpack::object)));
  }

  // ---- what the params hold

  static constexpr const char* not_utf8 = "is not UTF-8";
  static constexpr const char* out_of_range =
      "expected an integer from -9007199254740992 to 9007199254740992";

  void wrong(std::string_view why) {
    if (in_params_ && !wrong_) note(way(), why);
  }
  void note(std::string at, std::string_view why) {
    if (wrong_) return;
    if (at.empty()) at = "params";
    wrong_ = error{errc::invalid_argument, at + ": " + std::string(why), at, {}, 0};
  }
  /// The dotted path of the value at hand, as errors name it: "body.items.2.name". Of a key: of the
  /// map it is in.
  std::string way() const {
    constexpr std::size_t longest_name = 64, longest_way = 256;
    std::string out;
    for (std::size_t d = 3; d <= depth_ && out.size() < longest_way; ++d) {
      const auto& in = *slot_[d - 1];
      std::string name;
      if (in.type == kind::ARRAY) {
        name = std::to_string(slot_[d] - in.via.array.ptr);
      } else {
        const auto* first = reinterpret_cast<const msgpack::object*>(in.via.map.ptr);
        if ((slot_[d] - first) % 2 == 0) break;
        name = utf8_prefix(text_of(slot_[d][-1]), longest_name);
      }
      out += (out.empty() ? "" : ".") + name;
    }
    return out;
  }
  static std::string_view text_of(const msgpack::object& key) {
    return {key.via.str.ptr, key.via.str.size};
  }
  /// Of two values under one key readers would take different ones: what is checked must be what is
  /// shown.
  void look_for_repeats(const msgpack::object_map& map) {
    constexpr std::uint32_t few = 12;
    if (map.size < 2 || wrong_) return;
    if (map.size > few) return look_for_repeats_among_many(map);
    for (std::uint32_t i = 1; i < map.size; ++i) {
      const auto key = text_of(map.ptr[i].key);
      for (std::uint32_t k = 0; k < i; ++k) {
        if (text_of(map.ptr[k].key) == key) return repeated(key);
      }
    }
  }
  void look_for_repeats_among_many(const msgpack::object_map& map) {
    keys_.clear();
    for (std::uint32_t i = 0; i < map.size; ++i) keys_.push_back(text_of(map.ptr[i].key));
    std::sort(keys_.begin(), keys_.end());
    auto twice = std::adjacent_find(keys_.begin(), keys_.end());
    if (twice != keys_.end()) repeated(*twice);
  }
  void repeated(std::string_view key) {
    auto at = way();
    at += (at.empty() ? "" : ".") + std::string(utf8_prefix(key, 64));
    note(std::move(at), "is there twice");
  }

  bool step() {
    if (zone_) ++slot_[depth_];
    return true;
  }

  const frame_limits* limits_;
  msgpack::zone* zone_;
  std::size_t depth_ = 0;
  std::uint32_t field_ = 0;
  std::uint32_t fields_ = 0;
  std::size_t items_ = 0;
  bool in_params_ = false;
  std::optional<frame::kind> what_;
  std::optional<std::uint32_t> msgid_;
  std::string_view method_;
  std::string error_;
  std::optional<error> wrong_;
  std::vector<std::string_view> keys_;  // of one large map, while it is looked through
  msgpack::object root_;
  msgpack::object* slot_[deepest + 1];
};

}  // namespace switchboard::codec::detail
