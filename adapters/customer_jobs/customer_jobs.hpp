#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "actors/catalog/catalog_snapshot.hpp"
#include "actors/directory/directory_view.hpp"
#include "actors/session/kept_answers.hpp"
#include "adapters/customer_jobs/work_stream.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/store/journal.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

using record_editor = std::function<std::optional<store::record_edit>(const store::placed_record&)>;

/// What the work stands on. Outlives it.
struct customer_jobs_services {
  store::journal& journal;
  const store::state& state;
  const clock_source& clock;
  directory_view& directory;
  const catalog_snapshot& catalog;
  std::function<std::shared_ptr<const config::dispatch_config>()> config;
  std::function<bool(store::position, millis)> wait_projected;
  std::function<result<std::size_t>(const record_editor&)> rewrite;
  /// All files sent in these sessions go, from the disk too; how many.
  std::function<result<std::size_t>(const std::vector<std::string>&)> forget_files;
  /// The bytes of what was rewritten leave the files at the next start.
  std::function<void()> want_compaction;
  std::function<std::uint64_t()> random;
};

/// Who asks for a piece of work, and whether they still may: asked as long as it goes on, since a
/// role may be taken away meanwhile. Any thread.
struct work_caller {
  reply_to reply;
  std::function<bool()> still_may;
};

/// What takes long and reads much of customers: searches by condition, exports, erasing. On a
/// thread of its own, one piece after another, never on an actor's. Each is answered at once with
/// its `work_id`; what it finds follows as notifications. Thread-safe.
class customer_jobs {
 public:
  explicit customer_jobs(const customer_jobs_services& services);
  ~customer_jobs();
  void start();
  void stop();

  /// All customers of whom the condition holds, or of the segment.
  void search(const std::string& condition, const std::string& segment, const work_caller& caller);
  /// The same as CSV; without a condition all.
  void export_csv(const std::string& condition, const std::string& segment,
                  const work_caller& caller);
  /// Everything there is about one customer.
  void dossier(const person_id& person, const work_caller& caller);
  /// With a `key` it is known again as long as this lives, for a day at most, and not longer: what
  /// is durable of an erasure must not name who was erased. Who was cut off and asks once more
  /// hears the rest.
  void erase(const person_id& person, const participant& by, bool dry_run, const request_key& key,
             const reply_to& reply);
  /// The caller's own work; `not_found` else.
  void cancel(const std::string& work_id, const reply_to& reply);

 private:
  using task = std::function<void(work_stream&)>;
  struct item {
    std::shared_ptr<work_stream> stream;
    task run;
  };
  static constexpr std::size_t most_waiting = 16;

  std::shared_ptr<work_stream> add(const work_caller& caller, task run);
  bool known(const request_key& key, const reply_to& reply);
  void run();
  /// The condition itself, or the segment's.
  result<std::string> condition_of(const std::string& condition, const std::string& segment) const;

  const customer_jobs_services& services_;
  std::mutex lock_;
  std::condition_variable filled_;
  std::deque<item> waiting_;
  std::shared_ptr<work_stream> current_;
  struct erasure {
    request_key key;
    timestamp at;
    std::shared_ptr<work_stream> stream;
  };
  std::deque<erasure> erasures_;
  static constexpr std::size_t most_erasures = 1'000;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace switchboard
