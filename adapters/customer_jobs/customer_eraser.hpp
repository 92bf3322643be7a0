#pragma once

#include <vector>

#include "actors/read_model/projection/erasure.hpp"
#include "adapters/customer_jobs/customer_jobs.hpp"

namespace switchboard {

/// Destroys one customer's data, and that of everybody merged into it: the files sent in its
/// sessions go, what the journal holds is rewritten to tombstones, then the persons record that
/// they are erased, which empties the state, then what that has added to the journal is rewritten
/// too. Cut short, it is simply asked for again. A customer with a live session is refused.
class customer_eraser {
 public:
  customer_eraser(const customer_jobs_services& services, work_stream& to, participant by)
      : services_(services), to_(to), by_(std::move(by)) {}

  void run(const person_id& person, bool dry_run);

 private:
  /// Whose data it is, and where it lies.
  result<void> survey(const person_id& person);
  result<void> survey_merges(const store::state_view& view);
  /// A session that is over stays in memory for a while, and would write itself back.
  result<void> wait_until_asleep();
  /// Before the sessions are erased: they tell which files there are.
  result<void> forget_files();
  result<std::size_t> rewrite();
  result<void> record_erasure();
  /// Those who were merged with them once and are not now keep nothing of it.
  result<void> have_them_forgotten();
  result<void> ask(customer_call call);
  void tell(bool dry_run, std::size_t records);

  const customer_jobs_services& services_;
  work_stream& to_;
  participant by_;
  std::vector<person_id> persons_;                 // the one shown first
  std::vector<std::vector<session_id>> sessions_;  // by person
  /// Who was merged with whom of them, once.
  std::vector<std::pair<person_id, person_id>> once_merged_;
  projecting::erasure what_;
  std::size_t leads_ = 0, files_ = 0;
};

}  // namespace switchboard
