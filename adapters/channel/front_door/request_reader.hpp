#pragma once

#include "actors/session/consultation_request.hpp"
#include "runtime/codec/params.hpp"

/// Reads the maps of the wire contract into values, naming the field at fault. Limits of text and containers are here.
namespace switchboard::front_door_reading {

/// session.open's params but for the channel, which the connection knows.
consultation_request open_request(codec::params& p);
/// A message as sent: client_msg_id, type, body. Checks the type's own shape.
message_content message(codec::params& p);

}  // namespace switchboard::front_door_reading
