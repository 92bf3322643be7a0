#include "tools/simulation/record_text.hpp"

#include <sstream>

#include "actors/session/journal_key.hpp"
#include "actors/session/session_codec.hpp"
#include "tools/simulation/wire_map.hpp"

namespace switchboard::simulation {
namespace {

std::string shown(std::string_view packed) {
  if (packed.empty()) return {};
  std::ostringstream out;
  out << ' ' << msgpack::unpack(packed.data(), packed.size()).get();
  return out.str();
}

std::string session_text(const store::record& r) {
  auto id = session_of_journal_key(r.key);
  auto text = "session " + (id ? id->text() : std::string("?"));
  session_codec::for_each(r.events, [&](const session_codec::stored_event& e) {
    auto decoded = session_codec::decode(e);
    text += "\n      " + std::to_string(e.seq) + " " +
            (decoded ? std::string(type_name(decoded->what)) : std::string("?")) + " (kind " +
            std::to_string(e.kind) + ")" + shown(e.open_part) + shown(e.hidden_part);
  });
  return text;
}

std::string other_text(const store::record& r) {
  std::string text = (r.kind == store::entity_kind::agent ? "agent " : "other ") + r.key;
  for (std::size_t at = 0; at < r.events.size();) {
    std::ostringstream out;
    out << "\n      " << msgpack::unpack(r.events.data(), r.events.size(), at).get();
    text += out.str();
  }
  return text;
}

}  // namespace

std::string record_text(store::position at, const store::record& r) {
  return "record " + std::to_string(at) + " of " +
         (r.kind == store::entity_kind::session ? session_text(r) : other_text(r));
}

std::string arrival_text(std::uint64_t line_id, const line::arrival& a) {
  auto who = "line " + std::to_string(line_id);
  using kind = line::arrival::kind;
  if (a.what == kind::failure)
    return who + " hears no to " + std::to_string(a.msgid) + ": " + a.why.message;
  if (a.what == kind::reply)
    return who + " hears of " + std::to_string(a.msgid) + ":" + shown(a.packed);
  return who + " is shown" + shown(a.packed);
}

}  // namespace switchboard::simulation
