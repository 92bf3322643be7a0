#include "actors/session/request_identity.hpp"

#include "runtime/base/hash.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard {
namespace {

std::string_view older_name(key_kind kind) {
  switch (kind) {
    case key_kind::open:
      return "open";
    case key_kind::message:
      return "msg";
    case key_kind::call:
      return "op";
    case key_kind::customer_change:
      return "customer";
    case key_kind::agent_change:
    case key_kind::catalog_change:
    case key_kind::configuration_change:
      break;  // older versions kept none
  }
  return {};
}

/// 0 is no key.
std::uint64_t never_zero(std::uint64_t h) {
  return h == 0 ? 1 : h;
}

std::uint64_t older_key(std::string_view kind, const participant& by, std::string_view key) {
  if (kind.empty()) return 0;
  const std::string_view end("\0", 1);
  auto h = fnv1a(kind);
  for (std::string_view part : {std::string_view(by.role), std::string_view(by.id), key})
    h = fnv1a(part, fnv1a(end, h));
  return never_zero(h);
}

/// Each part says its length, so that no two lists of parts are the same bytes.
repeatable made(const codec::digest_secret& secret, key_kind kind, std::string_view scope,
                const participant& by, std::string_view key, std::string_view content) {
  if (key.empty()) return {};
  codec::packer p;
  p.array(5).integer(static_cast<int>(kind)).bin(scope).bin(by.role).bin(by.id).bin(key);
  return {{never_zero(codec::digest(secret, p.view())), codec::digest(secret, content)},
          older_key(older_name(kind), by, key)};
}

}  // namespace

repeatable repeatable_request(const codec::digest_secret& secret, key_kind kind,
                              const participant& by, std::string_view key,
                              std::string_view content) {
  return made(secret, kind, {}, by, key, content);
}

repeatable repeatable_open(const codec::digest_secret& secret, const consultation_request& r) {
  return made(secret, key_kind::open, r.channel, {"customer", r.customer.id, {}}, r.request_id,
              codec::content_of(r));
}

repeatable repeatable_message(const codec::digest_secret& secret, const participant& from,
                              const message_content& m) {
  return made(secret, key_kind::message, {}, from, m.client_msg_id, codec::content_of(m));
}

}  // namespace switchboard
