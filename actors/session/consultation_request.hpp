#pragma once

#include <map>
#include <string>

#include "runtime/codec/described.hpp"

namespace switchboard {

/// Who asks, as the channel knows them. `id` is unique on its channel; the rest is what the channel
/// vouches for.
struct channel_customer {
  std::string id;
  std::string name;
  std::string phone;
  std::string email;
  std::string union_id;
  std::string member_id;
  std::string language;
};
template <class V> void describe(V& v, channel_customer& x) {
  v("id", x.id);
  v("name", x.name);
  v("phone", x.phone);
  v("email", x.email);
  v("union_id", x.union_id);
  v("member_id", x.member_id);
  v("language", x.language);
}

/// A message as its sender gave it; `body` is a packed map by type.
struct message_content {
  std::string client_msg_id;
  std::string type = "text";
  codec::packed_value body;
};
template <class V> void describe(V& v, message_content& x) {
  v("client_msg_id", x.client_msg_id);
  v("type", x.type);
  v("body", x.body);
}

/// What opens a session, or continues one.
struct consultation_request {
  std::string request_id;
  std::string channel;
  channel_customer customer;
  std::string entry;
  std::string intent;
  std::string subject;
  std::map<std::string, int> skills;
  codec::packed_value attributes;
  std::optional<message_content> message;
  /// The page the customer asked from, as the channel names it.
  std::string page;
};
template <class V> void describe(V& v, consultation_request& x) {
  v("request_id", x.request_id);
  v("channel", x.channel);
  v("customer", x.customer);
  v("entry", x.entry);
  v("intent", x.intent);
  v("subject", x.subject);
  v("skills", x.skills);
  v("attributes", x.attributes);
  v("message", x.message);
  v("page", x.page);
}

}  // namespace switchboard
