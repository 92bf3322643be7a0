#pragma once

#include <cstdint>
#include <string>

#include "runtime/base/error.hpp"

namespace switchboard::store {

/// How much of a file is looked at. Branch pages are few and are always looked at.
struct page_check_limits {
  /// Leaf pages looked at in all, of 4 KiB each.
  std::uint64_t leaf_pages = 1 << 18;
};
inline constexpr page_check_limits all_pages{~std::uint64_t{0}};

/// What a file was found to be.
struct page_check_report {
  std::uint64_t branch_pages = 0;
  std::uint64_t leaf_pages = 0;
  std::uint64_t overflow_pages = 0;
  std::uint64_t entries = 0;
  /// False when a limit ended the look at leaves.
  bool whole = true;
};

/// Looks at the pages of an LMDB file (format 1, as LMDB 0.9 writes it) before anybody maps it:
/// LMDB trusts what it finds, and a page that is not there, or points nowhere, ends the process by
/// a signal. Each page that the newest transaction reaches must be in the file, be of the kind that
/// is expected there, hold its entries within itself, and have them in order. Values are not looked
/// at.
///
/// `internal` with `detail_name` "page" where it is not so; the message names the file, what is
/// wrong, and the sizes where the file is too short. Reads only.
result<page_check_report> check_pages(const std::string& file,
                                      const page_check_limits& limits = {});

/// The same of a file that this process has open and writes to, as it was after `transaction`,
/// whose pages a reader holds in their place. `aborted` where two were committed since that one,
/// for then nothing tells any more where its pages begin.
result<page_check_report> check_pages_of(const std::string& file, std::uint64_t transaction);

}  // namespace switchboard::store
