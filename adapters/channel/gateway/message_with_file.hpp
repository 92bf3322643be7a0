#pragma once

#include "adapters/channel/gateway/gateway_services.hpp"

namespace switchboard {

/// A message that names a file: to its session once the file is the message's for good.
void send_with_attachment(const gateway_services& services, send_message&& m);

}  // namespace switchboard
