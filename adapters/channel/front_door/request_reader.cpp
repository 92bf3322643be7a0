#include "adapters/channel/front_door/request_reader.hpp"

#include <algorithm>
#include <array>

namespace switchboard::front_door_reading {
namespace {

constexpr std::size_t max_message_text = 16 * 1024;

void read_customer(const msgpack::object& map, codec::params& outer, channel_customer& c) {
  codec::params p(map, outer.path_of("customer"));
  c.id = p.text("id", 128);
  c.name = p.text_or_empty("name", 256);
  c.phone = p.text_or_empty("phone", 64);
  c.email = p.text_or_empty("email", 256);
  c.union_id = p.text_or_empty("union_id", 128);
  c.member_id = p.text_or_empty("member_id", 128);
  c.language = p.text_or_empty("language", 35);
  outer.absorb(p);
}

void read_skills(const msgpack::object& map, codec::params& outer, std::map<std::string, int>& skills) {
  codec::params p(map, outer.path_of("skills"));
  if (map.via.map.size > 16) return p.reject({}, "at most 16 skills"), outer.absorb(p);
  for (std::uint32_t i = 0; i < map.via.map.size; ++i) {
    auto& key = map.via.map.ptr[i].key;
    if (key.type != msgpack::type::STR || key.via.str.size == 0 || key.via.str.size > 64) {
      p.reject({}, "expected names of 1 to 64 bytes");
      break;
    }
    std::string name(key.via.str.ptr, key.via.str.size);
    skills[name] = static_cast<int>(p.integer(name, 0, 100));
  }
  outer.absorb(p);
}

}  // namespace

message_content message(codec::params& p) {
  static constexpr std::array<std::string_view, 10> types{"text",  "emoji", "image",   "file",  "voice",
                                                          "video", "link",  "product", "order", "form"};
  message_content m;
  m.client_msg_id = p.text("client_msg_id", 128);
  m.type = p.text("type", 16);
  if (p.ok() && std::ranges::find(types, m.type) == types.end()) {
    p.reject("type", "expected text, emoji, image, file, voice, video, link, product, order or form");
  }
  if (auto* body = p.map("body")) {
    if (m.type == "text") {
      codec::params b(*body, p.path_of("body"));
      b.text("text", max_message_text);
      p.absorb(b);
    }
    if (p.ok()) m.body.bytes = codec::packed(*body);
  }
  return m;
}

consultation_request open_request(codec::params& p) {
  consultation_request r;
  r.request_id = p.text("request_id", 128);
  if (auto* customer = p.map("customer")) read_customer(*customer, p, r.customer);
  r.entry = p.text_or_empty("entry", 128);
  r.page = p.text_or_empty("page", 512);
  r.intent = p.text_or_empty("intent", 128);
  r.subject = p.text_or_empty("subject", 512);
  if (auto* skills = p.maybe_map("skills")) read_skills(*skills, p, r.skills);
  if (auto* attributes = p.maybe_map("attributes")) {
    r.attributes.bytes = codec::packed(*attributes);
    if (r.attributes.bytes.size() > 8 * 1024) p.reject("attributes", "larger than 8192 bytes");
  }
  if (auto* content = p.maybe_map("message")) {
    codec::params m(*content, p.path_of("message"));
    r.message = message(m);
    p.absorb(m);
  }
  return r;
}

}  // namespace switchboard::front_door_reading
