#include "actors/session/session_codec.hpp"

namespace switchboard::session_codec {
namespace {

using codec::audience;
using codec::packer;

template <std::size_t I = 0>
bool decode_kind(std::size_t index, std::string_view bytes, session_payload& out) {
  if constexpr (I < std::variant_size_v<session_payload>) {
    if (I != index) return decode_kind<I + 1>(index, bytes, out);
    return codec::unpack(bytes, out.emplace<I>());
  } else {
    return false;
  }
}

// Every kind with hidden fields is stored whole beside its public part; the hot ones have none.
bool has_hidden(const session_payload& p) {
  if (auto* r = std::get_if<event::recalled>(&p)) return !r->attachment.empty();
  return std::visit([](const auto& x) {
    using T = std::decay_t<decltype(x)>;
    return std::same_as<T, event::opened> || std::same_as<T, event::requested> || std::same_as<T, event::identified> ||
           std::same_as<T, event::planned> || std::same_as<T, event::queued> || std::same_as<T, event::offered> ||
           std::same_as<T, event::offer_ended> || std::same_as<T, event::assigned> || std::same_as<T, event::transferred> ||
           std::same_as<T, event::bumped> || std::same_as<T, event::card_shown> ||
           std::same_as<T, event::transfer_started> || std::same_as<T, event::join_offered> ||
           std::same_as<T, event::join_offer_ended> || std::same_as<T, event::joined> || std::same_as<T, event::parted> ||
           std::same_as<T, event::filtered> ||
           std::same_as<T, event::message_left>;
  }, p);
}

std::string_view type_of(std::uint8_t kind) {
  static const auto names = [] {
    std::vector<std::string_view> all;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (all.push_back(type_name(session_payload(std::in_place_index<I>))), ...);
    }(std::make_index_sequence<std::variant_size_v<session_payload>>());
    return all;
  }();
  return kind >= 1 && kind <= names.size() ? names[kind - 1u] : std::string_view{};
}

void event_fields(packer& p, const session_id& session, reader who, const stored_event& e) {
  auto type = type_of(e.kind);
  field(p, "session_id", session.text());
  p.str("seq").uinteger(e.seq);
  p.str("prev").uinteger(who == reader::customer ? e.customer_prev : e.agent_prev);
  field(p, "at", e.at);
  field(p, "type", type);
  p.str(type).raw(e.open_part);
}

std::string_view bin_of(const msgpack::object& o) {
  if (o.type != msgpack::type::BIN) throw msgpack::type_error();
  return {o.via.bin.ptr, o.via.bin.size};
}

bool by_reference(msgpack::type::object_type, std::size_t, void*) { return true; }

}  // namespace

void encode(const session_event& e, std::string& out) {
  packer p;
  p.array(10).uinteger(e.what.index() + 1).uinteger(e.seq).time(e.at);
  p.uinteger(static_cast<std::uint64_t>(visibility_of(e.what)));
  p.uinteger(e.customer_prev).uinteger(e.agent_prev).uinteger(e.key.key).uinteger(e.key.content);
  std::visit([&](const auto& x) {
    p.bin(codec::pack(x, audience::client));
    p.bin(has_hidden(e.what) ? codec::pack(x, audience::store) : std::string{});
  }, e.what);
  out.append(p.view());
}

bool for_each(std::string_view events, const std::function<void(const stored_event&)>& visit) {
  std::size_t offset = 0;
  try {
    while (offset < events.size()) {
      bool referenced = false;
      auto handle = msgpack::unpack(events.data(), events.size(), offset, referenced, by_reference);
      auto& a = handle.get().via.array;
      if (handle.get().type != msgpack::type::ARRAY || a.size < 10) return false;
      stored_event e;
      e.kind = a.ptr[0].as<std::uint8_t>();
      e.seq = a.ptr[1].as<std::uint64_t>();
      e.at = from_unix_ms(a.ptr[2].as<std::int64_t>());
      e.seen_by = static_cast<visibility>(a.ptr[3].as<std::uint8_t>());
      e.customer_prev = a.ptr[4].as<std::uint64_t>();
      e.agent_prev = a.ptr[5].as<std::uint64_t>();
      e.key = {a.ptr[6].as<std::uint64_t>(), a.ptr[7].as<std::uint64_t>()};
      e.open_part = bin_of(a.ptr[8]);
      e.hidden_part = bin_of(a.ptr[9]);
      visit(e);
    }
  } catch (const std::exception&) {
    return false;
  }
  return true;
}

std::optional<session_event> decode(const stored_event& e) {
  session_event out{e.seq, e.at, e.customer_prev, e.agent_prev, e.key, {}};
  if (e.kind == 0 || !decode_kind(e.kind - 1u, e.hidden_part.empty() ? e.open_part : e.hidden_part, out.what)) return {};
  return out;
}

std::string notification(const session_id& session, reader who, const stored_event& e) {
  packer p;
  p.array(3).integer(2).str("session.event").array(1).map(6);
  event_fields(p, session, who, e);
  return p.take();
}

std::string feed_notification(const session_id& session, const stored_event& e, std::string_view cursor) {
  packer p;
  p.array(3).integer(2).str("session.event").array(1).map(7);
  event_fields(p, session, reader::customer, e);
  field(p, "cursor", cursor);
  return p.take();
}

void append_event_map(std::string& out, const session_id& session, reader who, const stored_event& e) {
  packer p;
  p.map(6);
  event_fields(p, session, who, e);
  out.append(p.view());
}

std::string fleeting_notification(const session_id& session, std::string_view type, std::string_view packed_fields) {
  packer p;
  p.array(3).integer(2).str("session.event").array(1).map(3);
  field(p, "session_id", session.text());
  field(p, "type", type);
  p.str(type).raw(packed_fields);
  return p.take();
}

}  // namespace switchboard::session_codec
