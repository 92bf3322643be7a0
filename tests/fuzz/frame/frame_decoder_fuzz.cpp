#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <msgpack.hpp>

#include "adapters/channel/gateway/request_reader.hpp"
#include "runtime/base/text.hpp"
#include "runtime/codec/content_digest.hpp"
#include "runtime/codec/frame_decoder.hpp"
#include "runtime/codec/params.hpp"

using namespace switchboard;

namespace {

struct seen {
  std::string frames;
  bool bad = false;
  bool has_msgid = false;

  bool operator==(const seen&) const = default;
};

// What the decoder says about `bytes` given in pieces; packing the values reads every byte they
// point to.
seen decode(std::string_view bytes, std::size_t piece) {
  codec::frame_limits limits;
  limits.message_bytes = 512;
  limits.items = 128;
  codec::frame_decoder d(limits);
  seen out;
  for (std::size_t at = 0; at < bytes.size() && !out.bad; at += piece) {
    d.feed(bytes.substr(at, piece));
    while (true) {
      auto next = d.next();
      if (!next) {
        out.bad = true;
        out.has_msgid = next.error().msgid.has_value();
        break;
      }
      if (!*next) break;
      auto& f = **next;
      out.frames += std::to_string(f.msgid) + std::string(f.method);
      for (auto value : {f.params, f.failure, f.result}) {
        if (value) out.frames += codec::packed(*value);
      }
    }
  }
  return out;
}

void must(bool holds) {
  if (!holds) std::abort();
}

// What a handler does with params that the decoder found nothing wrong with: nothing may throw, and
// what is kept of them is readable by every client and the same when it is packed once more.
void handle(const msgpack::object& map) {
  auto kept = codec::packed(map);
  must(codec::is_readable(kept));
  auto again = msgpack::unpack(kept.data(), kept.size());
  must(codec::packed(again.get()) == kept);
  std::string ordered;
  codec::append_in_order(ordered, kept);
  must(ordered.size() == kept.size() && codec::is_readable(ordered));
  codec::params as_message(map);
  auto content = gateway_reading::message(as_message);
  if (as_message.ok()) {
    (void)gateway_reading::names_attachment(content);
    auto with_file = gateway_reading::body_with_file(
        content.body.bytes, gateway_reading::attachment_named_in(content.body.bytes), "name", 1,
        "image/png");
    must(codec::is_readable(with_file));
    (void)codec::content_of(content);
  }
  codec::params as_open(map);
  auto request = gateway_reading::open_request(as_open);
  if (as_open.ok()) {
    must(codec::unpack(codec::pack(request), request));
    (void)codec::content_of(request);
  }
}

void handle_all(std::string_view bytes) {
  codec::frame_decoder d;
  d.feed(bytes);
  for (auto next = d.next(); next && *next; next = d.next()) {
    auto& f = **next;
    if (f.params && !f.wrong) handle(*f.params);
    if (f.wrong) must(valid_utf8(f.wrong->message) && f.wrong->message.starts_with(f.wrong->field));
  }
}

// The bytes as the body of a message and as a request's attributes, with all around them as it
// should be.
std::string framed(std::string_view body) {
  std::string out;
  codec::begin_request(out, 1, "session.open");
  codec::packer p(out);
  field(p.map(7), "request_id", "r");
  field(p, "client_msg_id", "m");
  field(p, "type", "text");
  field(p.str("customer").map(1), "id", "c");
  p.str("body").raw(body).str("attributes").raw(body);
  p.str("message").map(3);
  field(p, "client_msg_id", "m");
  field(p, "type", "image");
  p.str("body").raw(body);
  return out;
}

}  // namespace

// The first byte chooses how the rest is cut; whatever the cut, the answer must be the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  auto whole = decode(bytes, bytes.size() + 1);
  auto cut = decode(bytes, data[0] % 32 + 1);
  // Whole, a message over the limit is refused before a fault behind the limit is seen; in pieces
  // likewise.
  must(whole == cut);
  handle_all(bytes);
  handle_all(framed(bytes));
  must(codec::is_readable(codec::made_readable(bytes)));
  return 0;
}
