#pragma once

#include <functional>
#include <istream>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/center/center.hpp"
#include "adapters/center/import_report.hpp"

namespace switchboard::center {

struct embedded_options {
  /// A folder of their own on a local file system; made when it is not there.
  std::string dir;
  /// The most they can ever take; address space only.
  std::size_t map_size = std::size_t{4} << 30;
  /// Told while an index is made anew at the opening, since text is folded otherwise than when it
  /// was made: how many records of a kind are indexed.
  std::function<void(std::string_view kind, std::size_t records)> on_renewal;
};

struct import_request {
  center_kind kind;
  import_format format = import_format::csv;
  import_mode mode = import_mode::upsert;
  /// The name errors carry: "members.csv".
  std::string source;
};

/// The four centers in one LMDB environment, filled from files (docs/configuration.md).
/// Thread-safe: lookups take microseconds and see one consistent state, also while an import runs;
/// imports take turns. One object per folder in a process, while other processes may have the same
/// folder open: `switchboardctl` imports beside the daemon.
class embedded_centers : public center_set {
 public:
  static result<std::unique_ptr<embedded_centers>> open(const embedded_options& options);
  ~embedded_centers() override;

  const member_center& members() const override;
  const tag_center& tags() const override;
  const product_center& products() const override;
  const trade_center& trade() const override;

  /// All of `in` or nothing of it, in one transaction, read row by row.
  import_report import(const import_request& request, std::istream& in);
  /// A copy as of now, in a folder that is not there yet; also while an import runs. Read again
  /// whole: what is damaged, here or there, is its error.
  result<void> copy_to(const std::string& dir) const;
  result<std::size_t> count(center_kind kind) const;

 private:
  struct rooms;
  explicit embedded_centers(std::unique_ptr<rooms> r);
  std::unique_ptr<rooms> rooms_;
};

}  // namespace switchboard::center
