#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "adapters/attachment/attachment_record.hpp"
#include "adapters/attachment/content_files.hpp"
#include "adapters/attachment/content_kind.hpp"
#include "runtime/store/directory_lock.hpp"
#include "runtime/store/lmdb_env.hpp"

namespace switchboard::attachment {

/// Files sent in sessions: contents by their SHA-256, and an index (LMDB) of who brought what for
/// which session, how often a content is used, how much a channel holds, and what expires. Blocks
/// on the disk; one thread's. Contents are on disk before the index speaks of them, so that after a
/// crash there is at worst one that nobody speaks of; `open` removes those.
///
/// The index's values carry checksums: what is damaged is an error in words to who asks for it, and
/// what follows from other values is made anew at the opening. A content is compared with its name
/// when it is first read.
///
/// What an upload promised at `begin` counts from then on, in its channel's quota, its token's
/// share and on the disk: however many are under way, they all fit. Bytes are refused while the
/// disk is nearly full; what is there waits.
class attachment_store {
 public:
  /// Bytes the disk still takes.
  using free_space = std::function<std::uint64_t()>;
  /// `free` is the disk's own word where none is given.
  static result<std::unique_ptr<attachment_store>> open(const std::string& dir,
                                                        const upload_limits& uploads = {},
                                                        free_space free = {});
  /// Where `open` puts an index that it cannot read.
  static std::string set_aside(const std::string& dir);
  /// Removes what the last run's uploads left, which the next would only begin again. For the
  /// start, before anything else needs the disk. Nothing where a running process has the folder.
  static void clear_unfinished(const std::string& dir);
  /// Makes the index anew without what was taken out of it, while nobody has it open.
  static result<void> compact(const std::string& dir);

  /// Starts an upload, or goes on with it: answers how much of it is there. `r` comes with id,
  /// session, channel, by, type, name and size.
  result<std::uint64_t> begin(const record& r, const limits& l, timestamp now);
  /// A piece at `offset`; one that is there already changes nothing. Answers how much is there.
  result<std::uint64_t> append(const std::string& id, const std::string& by, std::uint64_t offset,
                               std::string_view bytes, timestamp now);
  /// All is there: it is sealed, its kind told from its content, and kept until it expires or is
  /// claimed. Again: the same.
  result<record> finish(const std::string& id, const std::string& by, const std::string& sha256,
                        const limits& l, timestamp now);
  /// A message of `session` will carry it, for good. `key` tells messages apart: the same may claim
  /// again.
  result<record> claim(const std::string& id, const std::string& session, const std::string& by,
                       const std::string& key, const std::string& type);
  /// What the same would find there if it came again, for who may write nothing: begun or kept;
  /// how much of an upload is there; kept; claimed by that message.
  bool knows(const std::string& id) const { return uploads_.contains(id) || is_kept(id); }
  std::uint64_t bytes_of(const std::string& id) const;
  bool is_kept(const std::string& id) const;
  bool is_claimed(const std::string& id, const std::string& key) const;
  /// A piece of one that a message carries.
  result<slice> read(const std::string& id, std::uint64_t offset, std::size_t limit) const;
  /// Its message was taken back.
  result<void> release(const std::string& id);
  /// Its customer is erased: all that was brought for the session, under way or kept, at once. A
  /// content goes with its last use, so that one which another session has too stays. How many
  /// files.
  result<std::size_t> forget(const std::string& session);
  /// A copy of all that is kept, in a folder that is not there yet. Any thread, beside all else.
  result<void> copy_to(const std::string& dir) const;
  /// Lets go what nobody claimed in time; how many.
  std::size_t sweep(timestamp now);

  struct usage {
    std::uint64_t attachments = 0, contents = 0, uploads = 0;
  };
  usage used() const;

 private:
  struct upload {
    record what;
    std::unique_ptr<growing_file> file;
    timestamp begun, grown;
    std::uint64_t to_come() const { return what.size - file->size(); }
  };

  attachment_store(std::string dir, store::directory_lock lock, content_files files,
                   std::unique_ptr<store::lmdb_env> index, const upload_limits& uploads,
                   free_space free);
  static result<std::unique_ptr<store::lmdb_env>> open_index(const std::string& dir);
  result<void> open_tables();
  result<void> mend_index();
  void remove_strays();
  result<void> check_content(const std::string& sha256) const;
  std::optional<record> find(const store::lmdb_txn& txn, const std::string& id) const;
  std::optional<record> find_kept(const std::string& id) const;
  result<void> admit(const record& r, const limits& l) const;
  result<void> admit_upload(const record& r) const;
  bool late(const upload& u, timestamp now) const;
  result<void> enter(const record& r);
  result<void> take_out(store::lmdb_write& txn, const record& r, bool& last_use) const;
  result<upload*> upload_of(const std::string& id, const std::string& by);

  const std::string dir_;
  store::directory_lock lock_;
  content_files files_;
  content_kind kinds_;
  std::unique_ptr<store::lmdb_env> index_;
  store::lmdb_table entries_, uses_, usage_, expiry_;
  const upload_limits limits_;
  free_space free_;
  std::map<std::string, upload> uploads_;
  /// Contents that were found to be what their name says, in this run; forgotten all at once when
  /// they are many.
  mutable std::set<std::string, std::less<>> checked_;
};

}  // namespace switchboard::attachment
