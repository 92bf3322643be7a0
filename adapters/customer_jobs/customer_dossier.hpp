#pragma once

#include "adapters/customer_jobs/customer_jobs.hpp"

namespace switchboard {

/// Sends everything that is kept of one customer, as `customer.part {part, ...}`: customer (the
/// record of the person and of everybody merged into it), change, session, events.
void send_dossier(const customer_jobs_services& services, work_stream& to, const person_id& person);

}  // namespace switchboard
