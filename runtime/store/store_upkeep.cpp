// Backup, compaction and rewriting: what is done to a store as a whole.
#include <filesystem>
#include <system_error>

#include "runtime/store/store.hpp"

namespace switchboard::store {
namespace {

namespace fs = std::filesystem;

result<void> make_empty_directory(const std::string& dir) {
  std::error_code ec;
  fs::create_directories(dir, ec);
  const bool empty = !ec && fs::is_empty(dir, ec);
  if (ec) return fail(errc::internal, "cannot use directory " + dir + ": " + ec.message());
  if (!empty) return fail(errc::already_exists, "directory " + dir + " is not empty");
  return {};
}

result<void> copy_into(const lmdb_env& env, const std::string& dir) {
  if (auto made = make_empty_directory(dir); !made) return made;
  return env.copy_to(dir);
}

}  // namespace

result<void> compact_environment(const lmdb_options& options) {
  const std::string copy = options.dir + ".compact";
  std::error_code ec;
  fs::remove_all(copy, ec);
  {
    auto env = lmdb_env::open(options);
    if (!env) return tl::unexpected(env.error());
    if (auto done = copy_into(**env, copy); !done) return done;
  }
  fs::rename(copy + "/data.mdb", options.dir + "/data.mdb", ec);
  if (ec) return fail(errc::internal, "cannot replace " + options.dir + ": " + ec.message());
  fs::remove_all(copy, ec);
  return sync_directory(options.dir);
}

void store::take_limits(millis retention, double map_used) {
  journal_->keep_for(retention);
  journal_->allow_map_used(map_used);
}

result<void> store::backup(const std::string& dir) {
  if (auto made = make_empty_directory(dir); !made) return made;
  // The state first, so that the copy of the journal is not behind it; and nothing trimmed in
  // between.
  journal_->hold_trimming();
  auto done = copy_into(state_->env(), dir + "/state");
  if (done) done = copy_into(journal_->env(), dir + "/journal");
  journal_->release_trimming();
  return done ? sync_directory(dir) : done;
}

result<std::size_t> store::rewrite(
    const std::function<std::optional<record_edit>(const placed_record&)>& edit) {
  constexpr millis patience{30'000};
  if (!wait_projected(journal_->durable(), patience)) {
    return fail(errc::deadline_exceeded, "the projector is too far behind to rewrite the journal");
  }
  return journal_->rewrite(edit);
}

result<void> compact_store(const store_options& options) {
  auto lock = directory_lock::take(options.dir);
  if (!lock) return tl::unexpected(lock.error());
  auto journal = compact_environment(journal_environment(options));
  if (!journal) return journal;
  return compact_environment(state_environment(options));
}

}  // namespace switchboard::store
