#include "adapters/channel/gateway/request_reader.hpp"

#include <algorithm>
#include <array>

#include "runtime/codec/byte_reader.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard::gateway_reading {
namespace {

constexpr std::size_t max_message_text = 16 * 1024;

bool carries_file(std::string_view type) {
  return type == "image" || type == "file" || type == "voice" || type == "video";
}

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

void read_skills(const msgpack::object& map, codec::params& outer,
                 std::map<std::string, int>& skills) {
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
  static constexpr std::array<std::string_view, 10> types{
      "text", "emoji", "image", "file", "voice", "video", "link", "product", "order", "form"};
  message_content m;
  m.client_msg_id = p.text("client_msg_id", 128);
  m.type = p.text("type", 16);
  if (p.ok() && std::ranges::find(types, m.type) == types.end()) {
    p.reject("type",
             "expected text, emoji, image, file, voice, video, link, product, order or form");
  }
  if (auto* body = p.map("body")) {
    if (m.type == "product" || m.type == "order") {
      codec::params b(*body, p.path_of("body"));
      b.text(m.type + "_id", 128);
      p.absorb(b);
    }
    if (m.type == "text") {
      codec::params b(*body, p.path_of("body"));
      b.text("text", max_message_text);
      p.absorb(b);
    }
    if (p.ok() && carries_file(m.type)) {
      codec::params b(*body, p.path_of("body"));
      auto id = b.text_or_empty("attachment_id", 128), url = b.text_or_empty("url", 2048);
      if (id.empty() && url.empty())
        b.reject("attachment_id", "is required (or url, of a file that lies elsewhere)");
      p.absorb(b);
    }
    if (p.ok()) m.body.bytes = codec::packed(*body);
  }
  return m;
}

std::string attachment_named_in(std::string_view body) {
  codec::byte_reader r(body);
  for (auto left = r.map().value_or(0); left > 0; --left) {
    auto key = r.text();
    if (!key) break;
    if (*key == "attachment_id") return std::string(r.text().value_or(""));
    if (!r.skip()) break;
  }
  return {};
}

bool names_attachment(const message_content& m) {
  return carries_file(m.type) && !attachment_named_in(m.body.bytes).empty();
}

std::string body_with_file(std::string_view body, std::string_view attachment_id,
                           std::string_view name, std::uint64_t size, std::string_view kind) {
  codec::packer kept;
  std::uint32_t n = 4;
  codec::byte_reader r(body);
  for (auto left = r.map().value_or(0); left > 0; --left) {
    auto key = r.text();
    auto from = r.offset();
    if (!key || !r.skip()) break;
    if (*key == "attachment_id" || *key == "name" || *key == "size" || *key == "kind") continue;
    kept.str(*key).raw(body.substr(from, r.offset() - from));
    ++n;
  }
  codec::packer p;
  field(p.map(n), "attachment_id", attachment_id);
  field(p, "name", name);
  p.str("size").uinteger(size);
  field(p, "kind", kind);
  return p.raw(kept.view()).take();
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

}  // namespace switchboard::gateway_reading
