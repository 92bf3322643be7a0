#pragma once

#include "actors/session/consultation_request.hpp"
#include "runtime/codec/params.hpp"

/// Reads the maps of the wire contract into values, naming the field at fault. Limits of text and
/// containers are here.
namespace switchboard::gateway_reading {

/// session.open's params but for the channel, which the connection knows.
consultation_request open_request(codec::params& p);
/// A message as sent: client_msg_id, type, body. Checks the type's own shape.
message_content message(codec::params& p);

/// Whether the message is of a kind that carries a file and names one.
bool names_attachment(const message_content& m);
/// The body with what is known of the file in it: name, size, kind. What the sender said of these
/// is left out.
std::string body_with_file(std::string_view body, std::string_view attachment_id,
                           std::string_view name, std::uint64_t size, std::string_view kind);
std::string attachment_named_in(std::string_view body);

}  // namespace switchboard::gateway_reading
