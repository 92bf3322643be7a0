#pragma once

#include <stdexcept>
#include <string_view>

namespace switchboard::store {

/// `detail_name` of a journal's error that says which record is damaged or missing: `detail` is its
/// position, and what lies before it has been visited.
inline constexpr std::string_view damaged_record = "damaged_record";

/// Thrown by a read that meets what cannot be true: a page LMDB cannot follow, a value whose
/// checksum is wrong. The message names environment or table. Whoever reads for a caller answers
/// `internal`.
class damaged_data : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace switchboard::store
