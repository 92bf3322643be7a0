#include "actors/session/recall_search.hpp"

#include <algorithm>

#include "runtime/codec/byte_reader.hpp"
#include "runtime/codec/kind_number.hpp"

namespace switchboard {

void recall_search::look_at(const session_codec::stored_event& e) {
  constexpr auto read_kind = codec::kind_number<event::read, session_payload::kinds>;
  if (e.seq == seq_) found_ = session_codec::decode(e);
  if (e.kind != read_kind || e.seq <= seq_) return;
  const auto decoded = session_codec::decode(e);
  const auto* read = decoded ? std::get_if<event::read>(&decoded->what) : nullptr;
  if (!read || read->message_seq < seq_) return;
  auto known = [&](auto& p) { return p.role == read->by.role && p.id == read->by.id; };
  if (std::ranges::none_of(readers_, known)) readers_.push_back(read->by);
}

const event::message* recall_search::message() const {
  return found_ ? std::get_if<event::message>(&found_->what) : nullptr;
}

std::string attachment_of(const event::message& m) {
  codec::byte_reader r(m.body.bytes);
  for (auto left = r.map().value_or(0); left > 0; --left) {
    auto key = r.text();
    if (!key) break;
    if (*key == "attachment_id") return std::string(r.text().value_or(""));
    if (!r.skip()) break;
  }
  return {};
}

}  // namespace switchboard
