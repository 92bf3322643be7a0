#include "tools/demo/pushed_event.hpp"

#include <charconv>

namespace switchboard::demo {
namespace {

std::uint64_t number_at(const json& from, const char* field) {
  auto at = from.find(field);
  return at != from.end() && at->is_number_unsigned() ? at->get<std::uint64_t>() : 0;
}

const json& part_at(const json& from, const char* field) {
  static const json nothing = json::object();
  if (!from.is_object()) return nothing;
  auto at = from.find(field);
  return at != from.end() && at->is_object() ? *at : nothing;
}

}  // namespace

pushed_event read_event(const json& params) {
  pushed_event e;
  if (!params.is_object()) return e;
  e.session = text_at(params, "session_id");
  e.type = text_at(params, "type");
  e.seq = number_at(params, "seq");
  e.prev = number_at(params, "prev");
  e.at_ms = static_cast<std::int64_t>(number_at(params, "at"));
  e.body = part_at(params, e.type.c_str());
  return e;
}

std::string pushed_event::sender() const {
  return type == "message" ? text_at(part_at(body, "from"), "role") : std::string();
}

std::string pushed_event::text() const {
  return text_at(part_at(body, "body"), "text");
}

std::string pushed_event::id_at(const char* field) const {
  return text_at(part_at(body, field), "id");
}

std::optional<std::size_t> pushed_event::turn() const {
  auto key = text_at(body, "client_msg_id");
  if (type != "message" || key.size() < 3 || key[1] != '-') return {};
  std::size_t number = 0;
  auto [end, bad] = std::from_chars(key.data() + 2, key.data() + key.size(), number);
  if (bad != std::errc{} || end != key.data() + key.size()) return {};
  return number;
}

seen_event pushed_event::seen() const {
  seen_event out{session, seq, prev, {}};
  auto key = text_at(body, "client_msg_id");
  if (type == "message" && !key.empty()) out.message = book_key(sender() != "customer", key);
  return out;
}

std::string message_key(bool by_agent, std::size_t turn) {
  return (by_agent ? "a-" : "c-") + std::to_string(turn);
}

std::string book_key(bool by_agent, const std::string& client_msg_id) {
  return (by_agent ? "agent/" : "customer/") + client_msg_id;
}

}  // namespace switchboard::demo
