#pragma once

#include <array>

#include "actors/session/consultation_request.hpp"
#include "runtime/codec/field_reader.hpp"

/// Reads the maps of the wire contract into values, naming the field at fault. Limits of text and
/// containers are here.
namespace switchboard::gateway_reading {

/// session.open's params but for the channel, which the connection knows.
consultation_request open_request(codec::params& p);
inline constexpr std::array open_fields{
    codec::wire_field{"request_id", codec::wire_field::kind::text, true, 1, 128},
    codec::wire_field{"customer", codec::wire_field::kind::map, true},
    codec::wire_field{"entry", codec::wire_field::kind::text, false, 0, 128},
    codec::wire_field{"page", codec::wire_field::kind::text, false, 0, 512},
    codec::wire_field{"intent", codec::wire_field::kind::text, false, 0, 128},
    codec::wire_field{"subject", codec::wire_field::kind::text, false, 0, 512},
    codec::wire_field{"skills", codec::wire_field::kind::map},
    codec::wire_field{"attributes", codec::wire_field::kind::map},
    codec::wire_field{"message", codec::wire_field::kind::map}};
/// A message as sent: client_msg_id, type, body. Checks the type's own shape.
message_content message(codec::params& p);
inline constexpr std::array message_fields{
    codec::wire_field{"client_msg_id", codec::wire_field::kind::text, true, 1, 128},
    codec::wire_field{"type", codec::wire_field::kind::text, true, 1, 16},
    codec::wire_field{"body", codec::wire_field::kind::map, true}};

/// Whether the message is of a kind that carries a file and names one.
bool names_attachment(const message_content& m);
/// The body with what is known of the file in it: name, size, kind. What the sender said of these
/// is left out.
std::string body_with_file(std::string_view body, std::string_view attachment_id,
                           std::string_view name, std::uint64_t size, std::string_view kind);
std::string attachment_named_in(std::string_view body);

}  // namespace switchboard::gateway_reading

namespace switchboard {

template <class V> void wire_fields(V& v, message_content& x) {
  v.by(gateway_reading::message_fields, [&](codec::params& p) { x = gateway_reading::message(p); });
}

}  // namespace switchboard
