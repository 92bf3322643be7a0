#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <msgpack.hpp>

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

}  // namespace

// The first byte chooses how the rest is cut; whatever the cut, the answer must be the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  auto whole = decode(bytes, bytes.size() + 1);
  auto cut = decode(bytes, data[0] % 32 + 1);
  // Whole, a message over the limit is refused before a fault behind the limit is seen; in pieces
  // likewise.
  if (!(whole == cut)) std::abort();
  return 0;
}
