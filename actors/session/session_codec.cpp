#include "actors/session/session_codec.hpp"

namespace switchboard::session_codec {
namespace {

using codec::audience;
using codec::packer;

template <std::size_t I = 0>
bool decode_kind(std::size_t index, std::string_view bytes, session_payload& out) {
  if constexpr (I < std::variant_size_v<session_payload::kinds>) {
    if (I != index) return decode_kind<I + 1>(index, bytes, out);
    return codec::unpack(bytes, out.emplace<I>());
  } else {
    return false;
  }
}

// Every kind with hidden fields is stored whole beside its public part; the hot ones have none.
bool has_hidden(const session_payload& p) {
  if (auto* r = std::get_if<event::recalled>(&p)) return !r->attachment.empty();
  return std::visit(
      [](const auto& x) {
        using T = std::decay_t<decltype(x)>;
        return std::same_as<T, event::opened> || std::same_as<T, event::identified> ||
               std::same_as<T, event::planned> || std::same_as<T, event::queued> ||
               std::same_as<T, event::offered> || std::same_as<T, event::offer_ended> ||
               std::same_as<T, event::assigned> || std::same_as<T, event::transferred> ||
               std::same_as<T, event::bumped> || std::same_as<T, event::card_shown> ||
               std::same_as<T, event::transfer_started> || std::same_as<T, event::join_offered> ||
               std::same_as<T, event::join_offer_ended> || std::same_as<T, event::joined> ||
               std::same_as<T, event::parted> || std::same_as<T, event::filtered> ||
               std::same_as<T, event::message_left>;
      },
      p);
}

std::string_view type_of(std::uint8_t kind) {
  static const auto names = [] {
    std::vector<std::string_view> all;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (all.push_back(type_name(session_payload(std::in_place_index<I>))), ...);
    }
    (std::make_index_sequence<std::variant_size_v<session_payload::kinds>>());
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
  p.key(type);
  // What was sent before the wire was checked as it is now: a client must not stop at it.
  if (codec::is_readable(e.open_part))
    p.raw(e.open_part);
  else
    p.raw(codec::made_readable(e.open_part));
}

// What a notification holds beside the event's own map and its cursor.
constexpr std::size_t event_overhead = 160;

}  // namespace

void encode(const session_event& e, std::string& out) {
  // A part's length stands before it, so it is packed aside; in memory that is used again, for this
  // is the hot path.
  thread_local std::string part;
  constexpr std::size_t kept_bytes = 64 * 1024;
  packer p(out);
  p.array(e.answer.empty() ? 10 : 11).uinteger(e.what.index() + 1).uinteger(e.seq).time(e.at);
  p.uinteger(static_cast<std::uint64_t>(visibility_of(e.what)));
  p.uinteger(e.customer_prev).uinteger(e.agent_prev).uinteger(e.key.key).uinteger(e.key.content);
  auto pack_part = [&](const auto& x, audience to) {
    part.clear();
    packer aside(part);
    codec::pack_value(aside, x, to);
    p.reserve(part.size() + 16).bin(part);
  };
  std::visit(
      [&](const auto& x) {
        pack_part(x, audience::client);
        if (has_hidden(e.what))
          pack_part(x, audience::store);
        else
          p.bin({});
      },
      e.what);
  if (!e.answer.empty()) p.bin(e.answer);
  if (part.capacity() > kept_bytes) part = std::string();
}

bool event_cursor::next() {
  if (damaged_ || reader_.at_end()) return false;
  auto from = reader_.offset();
  if (!read_one()) {
    damaged_ = true;
    return false;
  }
  bytes_ = events_.substr(from, reader_.offset() - from);
  return true;
}

bool event_cursor::read_one() {
  auto fields = reader_.array();
  if (!fields || *fields < 10) return false;
  auto kind = reader_.uinteger(), seq = reader_.uinteger();
  auto at = reader_.integer();
  auto seen_by = reader_.uinteger(), customer_prev = reader_.uinteger(),
       agent_prev = reader_.uinteger();
  auto key = reader_.uinteger(), content = reader_.uinteger();
  auto open_part = reader_.bin(), hidden_part = reader_.bin();
  // A read that fails stays where it is, so that all after it fail too.
  if (!kind || !seq || !at || !seen_by || !customer_prev || !agent_prev || !key || !content ||
      !open_part || !hidden_part) {
    return false;
  }
  event_ = {static_cast<std::uint8_t>(*kind),
            *seq,
            from_unix_ms(*at),
            static_cast<visibility>(*seen_by),
            *customer_prev,
            *agent_prev,
            {*key, *content},
            *open_part,
            *hidden_part};
  auto more = *fields - 10;
  if (more > 0) {
    // Nothing but an answer is bytes there.
    if (auto answer = reader_.bin()) {
      event_.answer = *answer;
      --more;
    }
  }
  // What a newer version appended.
  for (; more > 0; --more) {
    if (!reader_.skip()) return false;
  }
  return true;
}

std::optional<session_event> decode(const stored_event& e) {
  session_event out{e.seq, e.at, e.customer_prev, e.agent_prev, e.key, {}, std::string(e.answer)};
  if (e.kind == 0 ||
      !decode_kind(e.kind - 1u, e.hidden_part.empty() ? e.open_part : e.hidden_part, out.what))
    return {};
  return out;
}

std::string notification(const session_id& session, reader who, const stored_event& e) {
  packer p;
  p.reserve(e.open_part.size() + event_overhead);
  p.array(3).integer(2).str("session.event").array(1).map(6);
  event_fields(p, session, who, e);
  return p.take();
}

std::string feed_notification(const session_id& session, const stored_event& e,
                              std::string_view cursor) {
  packer p;
  p.reserve(e.open_part.size() + event_overhead + cursor.size());
  p.array(3).integer(2).str("session.event").array(1).map(7);
  event_fields(p, session, reader::customer, e);
  field(p, "cursor", cursor);
  return p.take();
}

void append_event_map(std::string& out, const session_id& session, reader who,
                      const stored_event& e) {
  packer p(out);
  p.map(6);
  event_fields(p, session, who, e);
}

std::string fleeting_notification(const session_id& session, std::string_view type,
                                  std::string_view packed_fields) {
  packer p;
  p.array(3).integer(2).str("session.event").array(1).map(3);
  field(p, "session_id", session.text());
  field(p, "type", type);
  p.str(type).raw(packed_fields);
  return p.take();
}

}  // namespace switchboard::session_codec
