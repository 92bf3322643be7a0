#pragma once

#include <optional>

#include "adapters/center/center.hpp"
#include "adapters/center/row_fields.hpp"

/// Records from rows with the field names of the import formats, wherever the row comes from.
/// Nothing when a field was refused; `row` says which.
namespace switchboard::center {

std::optional<member_record> member_from_row(row_fields& row);
std::optional<product_record> product_from_row(row_fields& row);
std::optional<order_record> order_from_row(row_fields& row);

}  // namespace switchboard::center
