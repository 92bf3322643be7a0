#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace switchboard {

/// Finds rules that can never be reached: where an earlier rule demands nothing, or nothing but
/// what the later one demands too, the later one's customers are all taken before. Rules are added
/// in their order. Looks at clauses as texts, so it finds what is plain to see and accuses nobody
/// wrongly; cheap, since an earlier rule is looked at only where one of its clauses comes again.
class rule_reach {
 public:
  /// `clauses` as condition_outline gives them; `always`: the condition holds for everybody.
  /// Answers with the earlier rule that takes all this one would.
  std::optional<std::size_t> add(const std::vector<std::string>& clauses, bool always);

 private:
  using clause_id = std::uint32_t;
  bool covers(std::size_t earlier, const std::vector<clause_id>& mine) const;

  std::unordered_map<std::string, clause_id> names_;
  /// Earlier rules by their rarest clause so far.
  std::vector<std::vector<std::size_t>> found_by_;
  std::vector<std::size_t> uses_;
  std::vector<std::vector<clause_id>> rules_;
  std::optional<std::size_t> everybody_;
};

}  // namespace switchboard
