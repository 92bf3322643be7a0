#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/customer_jobs/customer_jobs.hpp"
#include "runtime/cel/program.hpp"

namespace switchboard {

/// Walks along all customers, in steps so short that no old page of the store is kept from being
/// used again. Of those of whom the condition holds (null: all) the lines are sent, or, with
/// columns, rows of CSV.
void scan_customers(const customer_jobs_services& services, work_stream& to,
                    const cel::program* condition, const std::vector<std::string>* columns);

/// What a row of CSV has: who it is, and every profile field there is.
std::vector<std::string> csv_columns(const config::dispatch_config& config);
/// One cell, quoted where needed (RFC 4180). What a spreadsheet would take for a formula begins
/// with an apostrophe, but for numbers and telephones.
std::string csv_cell(std::string_view text);
std::string csv_row(const std::vector<std::string>& columns, const struct customer_record& r);

}  // namespace switchboard
