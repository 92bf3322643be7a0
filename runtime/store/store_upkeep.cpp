// Backup, compaction and rewriting: what is done to a store as a whole.
#include <filesystem>
#include <system_error>

#include "runtime/store/env_copy.hpp"
#include "runtime/store/private_files.hpp"
#include "runtime/store/store.hpp"
#include "runtime/store/store_verify.hpp"

namespace switchboard::store {
namespace {

namespace fs = std::filesystem;

result<void> make_empty_directory(const std::string& dir) {
  if (auto made = make_private_directory(dir); !made) return made;
  std::error_code ec;
  const bool empty = fs::is_empty(dir, ec);
  if (ec) return fail(errc::internal, "cannot use directory " + dir + ": " + ec.message());
  if (!empty) return fail(errc::already_exists, "directory " + dir + " is not empty");
  return {};
}

}  // namespace

result<void> compact_environment(const lmdb_options& options) {
  return rewrite_environment(options, {});
}

void store::take_limits(millis retention, double map_used) {
  journal_->keep_for(retention);
  journal_->gate().allow_map_used(map_used);
}

void store::count_alive_by(std::function<std::uint64_t()> alive) {
  journal_->gate().count_alive_by(std::move(alive));
}

result<void> store::backup(const std::string& dir) {
  if (auto made = make_empty_directory(dir); !made) return made;
  // The state first, so that the copy of the journal is not behind it; and nothing trimmed in
  // between.
  journal_->hold_trimming();
  auto done = copy_to(dir);
  journal_->release_trimming();
  return done ? sync_directory(dir) : done;
}

result<void> store::copy_to(const std::string& dir) const {
  copy_options how;
  how.map_size = state_->env().mapped();
  if (auto done = copy_entries(state_->env(), dir + "/state", how); !done) return done;
  how.map_size = journal_->env().mapped();
  if (auto done = copy_entries(journal_->env(), dir + "/journal", how); !done) return done;
  auto whole = verify_store(dir);
  if (whole) return {};
  auto why = whole.error();
  why.message = "what was copied is damaged, here or there: " + why.message;
  return tl::unexpected(why);
}

result<std::size_t> store::rewrite(
    const std::function<std::optional<record_edit>(const placed_record&)>& edit) {
  constexpr millis patience{30'000};
  if (state_->lies_aside()) {
    return fail(errc::resource_exhausted,
                "the state has no room: make state.map_size larger first");
  }
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
