#include "actors/read_model/projection/stored_events.hpp"

#include "actors/session/recalled_message.hpp"

namespace switchboard::projecting {

namespace {

std::optional<std::string_view> role_in(codec::byte_reader& r) {
  auto pairs = r.map();
  if (!pairs) return {};
  std::optional<std::string_view> role;
  for (auto left = *pairs; left > 0; --left) {
    auto name = r.text();
    if (!name) return {};
    if (*name == "role") {
      role = r.text();
      if (!role) return {};
    } else if (!r.skip()) {
      return {};
    }
  }
  return role;
}

}  // namespace

std::optional<quick_look> look_at(const session_codec::stored_event& e) {
  codec::byte_reader r(e.open_part);
  auto pairs = r.map();
  if (!pairs) return {};
  std::optional<std::uint64_t> seq;
  std::optional<std::string_view> role;
  std::uint32_t unread = 0;
  // Both come first in what this version writes; nothing behind a message's is looked at.
  for (auto left = *pairs; left > 0 && !(seq && role && e.kind == message_kind); --left) {
    auto name = r.text();
    if (!name) return {};
    if (*name == "message_seq") {
      if (!(seq = r.uinteger())) return {};
    } else if (*name == "from" || *name == "by") {
      if (!(role = role_in(r))) return {};
    } else if (*name == "left") {
      auto n = r.uinteger();
      if (!n) return {};
      unread = static_cast<std::uint32_t>(*n);
    } else if (!r.skip()) {
      return {};
    }
  }
  if (!seq || !role) return {};
  return quick_look{*seq, *role, unread};
}

std::string tombstone_of(const session_codec::stored_event& e) {
  codec::packer p;
  p.array(e.answer.empty() ? 10 : 11)
      .uinteger(e.kind)
      .uinteger(e.seq)
      .time(e.at)
      .uinteger(static_cast<std::uint64_t>(e.seen_by));
  p.uinteger(e.customer_prev).uinteger(e.agent_prev).uinteger(e.key.key).uinteger(e.key.content);
  p.bin(recalled_message(e.seq)).bin({});
  if (!e.answer.empty()) p.bin(e.answer);
  return p.take();
}

std::optional<std::string> without_message(std::string_view chunk, std::uint64_t message_seq) {
  event_cursor c(chunk);
  while (c.next()) {
    auto& e = c.event();
    if (e.seq != message_seq || e.kind != message_kind) continue;
    auto before = static_cast<std::size_t>(c.bytes().data() - chunk.data());
    std::string out(chunk.substr(0, before));
    out += tombstone_of(e);
    out += chunk.substr(before + c.bytes().size());
    return out;
  }
  return {};
}

}  // namespace switchboard::projecting
