#pragma once

#include "adapters/customer_work/customer_work.hpp"

namespace switchboard {

/// Sends everything that is kept of one customer, as `customer.part {part, ...}`: customer (the
/// record of the person and of everybody merged into it), change, session, events.
void send_dossier(const customer_work_services& services, work_stream& to, const person_id& person);

}  // namespace switchboard
