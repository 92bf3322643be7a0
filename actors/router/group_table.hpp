#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/router/queue_snapshot.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/cel/program.hpp"

namespace switchboard {

/// The configured groups as decisions need them: whom they serve, and when. Immutable once filled;
/// thread-safe to read.
class group_table {
 public:
  struct entry {
    group_id id;
    std::optional<cel::program> serves;             // nothing: everyone
    std::shared_ptr<const config::calendar> hours;  // null: always open
  };

  void add(entry group);
  const entry* find(std::string_view id) const;
  /// `former` was merged into `now`.
  void add_former(const group_id& former, const group_id& now);
  /// The group of that id, or the one it was merged into; null for neither.
  const entry* find_now(std::string_view id) const;
  /// All ids, by name.
  std::vector<std::string> names() const;
  std::size_t size() const { return entries_.size(); }

  /// Open as the group last reported, or before its first report by its calendar. An unknown group
  /// is not.
  bool is_open(std::string_view id, const queue_snapshot& board, timestamp now) const;
  /// Whether `host`'s customer is one the group is for. An error counts as no. Answers with the
  /// reason against it, or nothing.
  std::optional<std::string> turns_away(const entry& group, const cel::activation& host) const;

 private:
  std::map<std::string, entry, std::less<>> entries_;
  std::map<std::string, std::string, std::less<>> former_;
};

}  // namespace switchboard
