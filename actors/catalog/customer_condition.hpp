#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "actors/customer/customer_record.hpp"
#include "runtime/cel/activation.hpp"
#include "runtime/cel/environment.hpp"
#include "runtime/cel/program.hpp"

/// Conditions over customers, in CEL: segments, and the customer in mining rules. Pure;
/// thread-safe.
///
///     customer {id, name, phone, email, member_id, tags, channels, fields, leads, blocked,
///               since}      now
namespace switchboard {

cel::type customer_type();
/// The variable `customer`. Refers to the record, which outlives the evaluation; nothing is
/// converted before a condition asks for it.
cel::value customer_value(const customer_record& r);

/// Or why the text is no condition over customers.
tl::expected<cel::program, std::string> compile_customer_condition(std::string_view text);
/// A condition that errs does not hold.
bool holds(const cel::program& condition, const customer_record& r, timestamp now);

}  // namespace switchboard
